import Authentication
import DNS
import MailTesting
import Testing
import Wire

/// Which identity may vouch for the author, and what a DNS failure leaves open.
@Suite("identities of a message, RFC 7208 §2.3, §2.4, RFC 9989 §3.2.4, §4.4.2, §5.3.6")
struct MessageIdentityTests {
  /// Our client may send for the bank's HELO name and for nothing else, or the other way round.
  private static func scene(_ zone: [String: [String]]) -> MessageScene {
    MessageScene(zone, ["_dmarc.bank.example": ["v=DMARC1; p=reject"]])
  }

  private static let passes = "v=spf1 ip4:192.0.2.1 -all"

  /// HELO, MAIL FROM (nil: not known), names whose SPF passes; what SPF and DMARC say.
  @Test(arguments: [
    // CVE-2019-20790: a HELO pass is none for the author where MAIL FROM is another's.
    (
      "bank.example", "eve@evil.example" as String?, ["bank.example"], SPFResult.fail,
      DMARCResult.fail
    ),
    ("bank.example", "eve@nospf.example", ["bank.example"], .none, .fail),
    ("bank.example", "eve@evil.example", ["bank.example", "evil.example"], .pass, .fail),
    ("bank.example", "x@other.bank.example", ["bank.example"], .none, .fail),
    ("bank.example", "no domain", ["bank.example"], .none, .fail),
    ("bank.example", nil, ["bank.example"], .none, .fail),
    // Only the null path makes HELO the identity (RFC 7208 §2.4).
    ("bank.example", "", ["bank.example"], .pass, .pass),
    ("mx.bank.example", "", ["mx.bank.example"], .pass, .pass),
    ("mx.evil.example", "", ["mx.evil.example"], .pass, .fail),
    ("bank.example", "", [], .none, .fail),
    // MAIL FROM counts whatever HELO says, whatever its case.
    ("mx.evil.example", "joe@bank.example", ["bank.example"], .pass, .pass),
    ("mx.evil.example", "joe@BANK.Example", ["bank.example"], .pass, .pass),
    ("mx.evil.example", "joe@mail.bank.example", ["mail.bank.example"], .pass, .pass),
    ("bank.example", "joe@xbank.example", ["bank.example", "xbank.example"], .pass, .fail),
  ])
  func spf(
    helo: String, mailFrom: String?, passing: [String], spf: SPFResult, dmarc: DMARCResult
  ) async throws {
    var scene = Self.scene(["evil.example": ["v=spf1 -all"]])
    for name in passing { scene.zone[name] = [Self.passes] }
    scene.helo = helo
    scene.mailFrom = mailFrom
    let verdict = try await scene.authenticate(.ordinary(from: "joe@bank.example"))
    #expect(verdict.spf?.mailFrom.result == spf)
    #expect(verdict.dmarc.result == dmarc)
    #expect(verdict.dmarc.spfAligned == (dmarc == .pass))
    #expect(verdict.dmarc.disposition == (dmarc == .pass ? .none : .reject))
  }

  /// Without a client there is no SPF, and DMARC stands on DKIM alone.
  @Test func noClient() async throws {
    let scene = Self.scene(["bank.example": [Self.passes]])
    let verdict = try await MessageAuthenticator(resolver: try scene.resolver).authenticate(
      Letter.ordinary(from: "joe@bank.example").octets,
      envelope: Envelope(helo: Array("bank.example".utf8), reversePath: []), now: 0)
    #expect(verdict.spf == nil)
    #expect(verdict.dmarc.result == .fail)
  }

  /// The Return-Path is vouched for by SPF of that very domain only.
  @Test func returnPath() async throws {
    var scene = Self.scene(["bank.example": [Self.passes]])
    scene.mailFrom = "joe@bank.example"
    let letter = Letter.ordinary(from: "joe@bank.example")
    for (path, vouchers) in [
      ("<joe@bank.example>", ["SPF of bank.example"]), ("<joe@evil.example>", []), ("<>", []),
    ] {
      let verdict = try await scene.authenticate(letter.prepending("Return-Path: \(path)"))
      let finding = try #require(verdict.addresses.first { $0.field == "Return-Path" })
      #expect(finding.vouchedBy == vouchers)
    }
  }

  /// A failure of DNS where it matters is neither pass nor none nor fail: the name that fails, and
  /// what then is said. The message is truly signed by the bank, from a name below it.
  @Test(arguments: [
    ("s1._domainkey.bank.example", DKIMResult.temperror, DMARCResult.temperror),
    ("_dmarc.mail.bank.example", .pass, .temperror), ("_dmarc.bank.example", .pass, .temperror),
    // Nothing at the author's own name, so that the walk goes to the top.
    ("_dmarc.example", .pass, .temperror),
    ("_dmarc.elsewhere.example", .pass, .pass),
  ])
  func failures(name: String, dkim: DKIMResult, dmarc: DMARCResult) async throws {
    let causes: [LookupFailure] = [
      .timeout, .serverFailure("SERVFAIL"), .bogus("expired"), .aliasLoop,
    ]
    let bank = SignedDomain("bank.example")
    let letter = try bank.sign(.ordinary(from: "joe@mail.bank.example"))
    for cause in causes {
      var scene = Self.scene(bank.zone)
      if name == "_dmarc.bank.example" { scene.zone[name] = nil }
      scene.failures[name] = cause
      let verdict = try await scene.authenticate(letter)
      #expect(verdict.dkim.map(\.result) == [dkim])
      #expect(verdict.dmarc.result == dmarc, "\(name) \(cause)")
      #expect(verdict.dmarc.disposition == .none)
      let printed = verdict.authenticationResults(authservID: "mx.example.org").fieldValue()
      #expect(printed.contains("dmarc=\(dmarc.rawValue)"))
    }
  }

  /// SPF trouble of the author's domain leaves DMARC open; another's does not.
  @Test(arguments: [("joe@bank.example", DMARCResult.temperror), ("eve@evil.example", .fail)])
  func spfFailure(mailFrom: String, dmarc: DMARCResult) async throws {
    var scene = Self.scene([:])
    scene.failures = ["bank.example": .timeout, "evil.example": .timeout]
    scene.mailFrom = mailFrom
    let verdict = try await scene.authenticate(.ordinary(from: "joe@bank.example"))
    #expect(verdict.spf?.mailFrom.result == .temperror)
    #expect(verdict.dmarc.result == dmarc)
  }
}
