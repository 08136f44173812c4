import Authentication
import MailTesting
import Testing
import Wire

@Suite("addresses shown, and what vouches for them, RFC 5322 §3.6.2, RFC 9989 §11.4")
struct MessageAddressTests {
  private static let bank = SignedDomain("bank.example")

  private static func findings(
    _ letter: Letter, signing fields: [String], mailFrom: String = "joe@bank.example"
  ) async throws -> [AddressFinding] {
    var scene = MessageScene(
      bank.zone,
      [
        "_dmarc.bank.example": ["v=DMARC1; p=reject"],
        "bank.example": ["v=spf1 ip4:192.0.2.1 -all"],
      ])
    scene.mailFrom = mailFrom
    let signed = try bank.sign(letter) { $0.signedFields = fields }
    return try await scene.authenticate(signed).addresses
  }

  /// From spelled by a sender of the bank's: address and name as shown, and whether a warning of
  /// another address in the name comes with it.
  @Test(arguments: [
    ("joe@bank.example", "joe@bank.example", nil as String?, false),
    ("Joe <joe@BANK.example>", "joe@bank.example", "Joe", false),
    ("=?utf-8?q?J=C3=B6rg?= <joe@bank.example>", "joe@bank.example", "Jörg", false),
    (
      "=?utf-8?b?YWRtaW5Ac2hvcC5leGFtcGxl?= <joe@bank.example>", "joe@bank.example",
      "admin@shop.example", true
    ),
    (#""admin@shop.example" <joe@bank.example>"#, "joe@bank.example", "admin@shop.example", true),
    (
      #""Admin <admin@shop.example>" <joe@bank.example>"#, "joe@bank.example",
      "Admin <admin@shop.example>", true
    ),
    (#""joe@bank.example" <joe@bank.example>"#, "joe@bank.example", "joe@bank.example", false),
    (#""a\"b" <joe@bank.example>"#, "joe@bank.example", #"a"b"#, false),
    ("=?utf-8?q?x=00=1B=5B2J?= <joe@bank.example>", "joe@bank.example", #"x\u{0}\u{1B}[2J"#, false),
    ("Joe\u{202E} <joe@bank.example>", "joe@bank.example", #"Joe\u{202E}"#, false),
    (#""a b"@bank.example"#, #""a b"@bank.example"#, nil, false),
    ("jörg@bank.example", "jörg@bank.example", nil, false),
  ])
  func author(value: String, address: String, name: String?, isWarned: Bool) async throws {
    let findings = try await Self.findings(Letter("From: \(value)"), signing: ["From"])
    let finding = try #require(findings.first)
    #expect(findings.count == 1)
    #expect(finding.address == address)
    #expect(finding.displayName == name)
    #expect(finding.domain?.description == "bank.example")
    #expect(finding.vouchedBy.contains("DMARC of bank.example"))
    #expect(finding.vouchedBy.contains("DKIM signature of bank.example"))
    #expect(finding.warnings.isEmpty != isWarned)
    if isWarned { #expect(finding.warnings.first?.contains("admin@shop.example") == true) }
  }

  /// A field that cannot be read is shown as it is, made fit for a terminal, and vouched for by
  /// nothing.
  @Test(arguments: [
    "joe@bank.example.", "joe@bank.example\0", "joe@bank.example <eve@evil.example>",
    "\u{1B}[2Jjoe@bank.example", "joe\u{202E}@bank..example",
  ])
  func unreadable(value: String) async throws {
    let findings = try await Self.findings(Letter("From: \(value)"), signing: ["From"])
    let finding = try #require(findings.first)
    #expect(finding.vouchedBy.isEmpty)
    #expect(finding.domain == nil)
    #expect(finding.warnings.first?.hasPrefix("cannot be read") == true)
    #expect(finding.address.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x202E })
  }

  /// A signature vouches for the fields that it covers, all of that name, in its domain or below.
  @Test(arguments: [
    ("Reply-To: joe@bank.example", ["From"], [String]()),
    ("Reply-To: joe@bank.example", ["From", "Reply-To"], ["DKIM signature of bank.example"]),
    ("Reply-To: joe@mail.bank.example", ["From", "reply-to"], ["DKIM signature of bank.example"]),
    ("Reply-To: joe@xbank.example", ["From", "Reply-To"], []),
    ("Reply-To: joe@example", ["From", "Reply-To"], []),
    ("Reply-To: joe@[192.0.2.1]", ["From", "Reply-To"], []),
    ("Sender: joe@bank.example", ["From", "Sender", "Sender"], ["DKIM signature of bank.example"]),
    ("Resent-From: joe@bank.example", ["From"], []),
    ("Return-Path: <joe@bank.example>", ["From"], ["SPF of bank.example"]),
    // Never by a DKIM signature: the last server writes it.
    ("Return-Path: <joe@bank.example>", ["From", "Return-Path"], ["SPF of bank.example"]),
    ("Return-Path: <eve@evil.example>", ["From", "Return-Path"], []),
  ])
  func covered(field: String, signed: [String], vouchers: [String]) async throws {
    let letter = Letter("From: joe@bank.example", field)
    let findings = try await Self.findings(letter, signing: signed)
    let finding = try #require(findings.first { $0.field != "From" })
    #expect(finding.vouchedBy == vouchers)
  }

  /// `i=` may name the very address; only then is the part before the `@` vouched for.
  @Test(arguments: [
    ("joe@example.com", true), ("=6Aoe@example.com", true), ("Joe@example.com", false),
    ("@example.com", false), ("joe@sub.example.com", false), ("eve@example.com", false),
  ])
  func veryAddress(identity: String, isNamed: Bool) async throws {
    let letter = try HandSigner.sign(
      .ordinary(), HandSigner.usualTags.replacing("bh=", with: "i=\(identity); bh="))
    let verdict = try await MessageScene(HandSigner.zone).authenticate(letter)
    #expect(verdict.dkim.map(\.result) == [.pass])
    let from = try #require(verdict.addresses.first)
    #expect(from.vouchedBy.contains("DKIM i= names this very address") == isNamed)
  }

  /// A field twice: each says so. At most a hundred are listed, and the rest costs little, however
  /// many signatures could vouch for each.
  @Test func many() async throws {
    let twice = try await Self.findings(
      Letter("From: joe@bank.example", "Sender: a@bank.example", "Sender: b@bank.example"),
      signing: ["From"])
    #expect(twice.filter { $0.field == "Sender" }.allSatisfy { $0.warnings.count == 1 })
    let list = [String](repeating: "a@bank.example", count: 5000).joined(separator: ", ")
    var letter = Letter("From: \(list)")
    for _ in 0..<10 {
      letter = try Self.bank.sign(letter) {
        $0.signedFields = ["From"] + [String](repeating: "x", count: 1000)
      }
    }
    let verdict = try await MessageScene(Self.bank.zone).authenticate(letter)
    #expect(verdict.dkim.allSatisfy { $0.result == .pass })
    #expect(verdict.addresses.count == 100)
  }

  /// Old forms in which readers differ on what they show.
  @Test(arguments: [
    "<@shop.example:joe@bank.example>", "(ceo@shop.example) joe@bank.example",
    #""ceo@shop.example"@bank.example"#,
  ])
  func doubtfulForms(value: String) async throws {
    let findings = try await Self.findings(Letter("From: \(value)"), signing: ["From"])
    #expect(
      findings.first?.warnings == ["written so that readers may show another name or address"])
  }
}
