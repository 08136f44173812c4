import Authentication
import DNS
import MailTesting
import Testing
import Wire

/// The attacks of "Composition Kills" (Chen, Paxson, Jiang, USENIX Security 2020), A1 to A18 and B1
/// to B3, with the case of the authors' tool espoofer where it has one. The messages are built
/// here from what is published about them; `legitimate.com` is bank.example, which asks to reject,
/// and `attack.com` is evil.example.
@Suite("published attacks, RFC 9989 §11")
struct PublishedAttackTests {
  struct Attack: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let fields: [String]
    var helo = "evil.example"
    var mailFrom = "any@evil.example"
    /// `d=` and `s=` of a signature that is right but for them.
    var signer: (domain: String, selector: String)?
    var spf = SPFResult.pass
    var dkim: [DKIMResult] = []
    var dmarc = DMARCResult.fail

    init(_ name: String, _ fields: [String], _ change: (inout Attack) -> Void = { _ in }) {
      testDescription = name
      self.fields = fields
      change(&self)
    }
  }

  private static let admin = "From: <admin@bank.example>"
  private static let first = "From: <first@evil.example>"
  private static let hidden = "From\r\n : <first@evil.example>"
  private static let sender = "Sender: <admin@bank.example>"
  private static let resent = "Resent-From: <admin@bank.example>"
  /// `<admin@bank.example>` as an encoded word.
  private static let encoded = "=?utf-8?B?PGFkbWluQGJhbmsuZXhhbXBsZT4=?="

  private static func signed(_ name: String, _ domain: String, _ selector: String) -> Attack {
    Attack(name, [admin]) {
      $0.signer = (domain, selector)
      $0.dkim = [.permerror]
    }
  }

  /// Between the parts of a server.
  private static let inside: [Attack] = [
    Attack("A1 server_a1: MAIL FROM below the victim", [admin]) {
      $0.helo = "helo.evil.example"
      $0.mailFrom = "any@mailfrom.notexist.bank.example"
      $0.spf = .none
    },
    Attack("A2 server_a2: MAIL FROM that looks empty", [admin]) {
      $0.mailFrom = "(any@bank.example"
      $0.spf = .fail
    },
    signed("A3: NUL in s=", "bank.example", "evil.example.\0.any"),
    signed("A3 server_a3: key name in s=", "bank.example", "s._domainkey.evil.example.\0.any"),
    signed("A4: parenthesis in d=", "bank.example(.evil.example", "s"),
    signed("A4 server_a4: quote in d=", "bank.example'a.evil.example", "s"),
    signed("A4: double quote in d=", "bank.example\"a.evil.example", "s"),
    Attack("A5 server_a5: parenthesis in MAIL FROM", [admin]) {
      $0.mailFrom = "any@bank.example(a.evil.example"
      $0.spf = .none
    },
    Attack("A5 server_a6: quote in MAIL FROM", [admin]) {
      $0.mailFrom = "any@bank.example'@any.evil.example"
    },
    Attack("A5 server_a7: route in MAIL FROM", [admin]) {
      $0.mailFrom = "@bank.example,@any.example:'any@evil.example"
    },
  ]

  /// Between server and reader: which field is From.
  private static let fields: [Attack] = [
    Attack("A6 server_a8: two From fields", [first, admin]),
    Attack("A7 server_a9: blank before the first", [" " + first, admin]),
    Attack("A7 server_a10: blank behind the name", [first, "From : <admin@bank.example>"]),
    Attack("A7: blank behind the name of the first", ["From : <first@evil.example>", admin]),
    Attack("A7 server_a11: fold behind the name", [hidden, admin]),
    Attack("A8 server_a12: Sender", [hidden, sender]) { $0.dmarc = .permerror },
    Attack("A8 server_a13: Resent-From", [hidden, resent]) { $0.dmarc = .permerror },
    Attack(
      "A8: several of one's own, and Sender",
      [
        "From: <any@evil.example>, <any2@evil.example>", sender,
      ]
    ) { $0.dmarc = .pass },
    Attack("A8: blank, Resent-From, null path", [" " + first, resent]) {
      $0.mailFrom = ""
      $0.dmarc = .permerror
    },
    Attack("B3: no From", [sender]) { $0.dmarc = .permerror },
  ]

  /// Between server and reader: which address From holds.
  private static let addresses: [Attack] = [
    Attack(
      "A9 server_a14: two addresses",
      [
        "From: <first@evil.example>, <admin@bank.example>", "Sender: <s@sender.bank.example>",
      ]),
    Attack("A10 server_a15: encoded address", ["From:\(encoded),<second@evil.example>"]) {
      $0.dmarc = .permerror
    },
    Attack("A11 server_a16: route", ["From: <@evil.example,@any.example:admin@bank.example>"]),
    Attack(
      "A12 server_a17: quoted pair",
      [
        #"From: <admin@bank.example>\,<second@evil.example>"#
      ]),
    Attack(
      "A13 server_a18: comma before brackets",
      [
        "From: admin@bank.example,<second@evil.example>"
      ]),
    Attack(
      "A13 server_a19: address behind brackets",
      [
        "From: <any@evil.example>admin@bank.example"
      ]),
    Attack("B1: invisible character", ["From: admin@bank.example\u{2000}"]) {
      $0.dmarc = .permerror
    },
    Attack("B2: encoded address alone", ["From: \(encoded)"]) { $0.dmarc = .permerror },
  ]

  /// Whatever is asked of the attacker's zone: SPF for the client, the key that signs, a policy.
  private struct AttackersZone: Resolver {
    let base: ScriptedResolver

    func lookup(
      _ name: DomainName, _ type: RecordType
    ) async throws(LookupFailure) -> Answer {
      guard type == .txt, "\(name)".hasSuffix("evil.example") else {
        return try await base.lookup(name, type)
      }
      let texts = [
        "v=spf1 ip4:192.0.2.1 -all", "v=DMARC1; p=none",
        "v=DKIM1; k=ed25519; p=\(HandSigner.keyText)",
      ]
      return Answer(.records(texts.map { .txt([Array($0.utf8)]) }), expandedName: name, ttl: 60)
    }
  }

  private static let zone = [
    "bank.example": ["v=spf1 -all"], "_dmarc.bank.example": ["v=DMARC1; p=reject"],
  ]

  @Test(arguments: inside + fields + addresses)
  func gainsNothing(attack: Attack) async throws {
    var letter = Letter(body: "Pay at once.\r\n")
    letter.fields = attack.fields.map { Array($0.utf8) }
    if let (domain, selector) = attack.signer {
      letter = try HandSigner.sign(
        letter,
        "v=1; a=ed25519-sha256; d=\(domain); s=\(selector); h=from; bh={bh}; b={b}")
    }
    var scene = MessageScene(Self.zone)
    (scene.helo, scene.mailFrom) = (attack.helo, attack.mailFrom)
    let verdict = try await MessageAuthenticator(
      resolver: AttackersZone(base: try scene.resolver)
    ).authenticate(
      letter.octets, envelope: try scene.envelope, now: scene.now, clock: ManualClock())
    #expect(verdict.spf?.mailFrom.result == attack.spf)
    #expect(verdict.dkim.map(\.result) == attack.dkim)
    #expect(verdict.dmarc.result == attack.dmarc)
    #expect(verdict.dmarc.disposition == (attack.dmarc == .fail ? .reject : .none))
    verdict.expectNoGain(over: try DomainName(parsing: "bank.example"))
  }

  /// A message of the attacker's own passes: what the rows above refuse is the attack.
  @Test func ownMessagePasses() async throws {
    let letter = try HandSigner.sign(
      Letter(Self.first),
      "v=1; a=ed25519-sha256; d=evil.example; s=s; h=from; bh={bh}; b={b}")
    var scene = MessageScene(Self.zone)
    scene.mailFrom = "any@evil.example"
    let verdict = try await MessageAuthenticator(
      resolver: AttackersZone(base: try scene.resolver)
    ).authenticate(
      letter.octets, envelope: try scene.envelope, now: scene.now, clock: ManualClock())
    #expect(verdict.spf?.mailFrom.result == .pass)
    #expect(verdict.dkim.map(\.result) == [.pass])
    #expect(verdict.dmarc.result == .pass)
  }
}

/// A14 to A18: the victim did sign, or its service did for somebody else. A pass is then true, and
/// what it does not cover is told.
@Suite("published replays, RFC 6376 §8.2, §8.6, §8.15")
struct PublishedReplayTests {
  private static let bank = SignedDomain("bank.example")

  private static func verdict(_ letter: Letter) async throws -> MessageVerdict {
    let scene = MessageScene(bank.zone, ["_dmarc.bank.example": ["v=DMARC1; p=reject"]])
    return try await scene.authenticate(letter)
  }

  private static func signed(_ fields: [String], length: UInt64? = nil) throws -> Letter {
    try bank.sign(.ordinary(from: "news@bank.example")) {
      $0.signedFields = fields
      $0.bodyLength = length
    }
  }

  @Test("A14: fields that are not signed, changed")
  func changedFields() async throws {
    var letter = try Self.signed(["From"])
    letter.fields[3] = Array("Subject: Your account is closed".utf8)
    let verdict = try await Self.verdict(letter)
    #expect(verdict.dmarc.result == .pass)
    for name in ["subject", "date", "content-type"] {
      #expect(verdict.warnings.contains { $0.hasPrefix("\(name) is not signed") })
    }
  }

  @Test("A15: a second Subject", arguments: [true, false])
  func secondSubject(isOversigned: Bool) async throws {
    let letter = try Self.signed(["From", "Subject"] + (isOversigned ? ["Subject"] : []))
      .prepending("Subject: Your account is closed")
    let verdict = try await Self.verdict(letter)
    #expect(verdict.dmarc.result == (isOversigned ? .fail : .pass))
    #expect(
      verdict.warnings.contains("subject occurs more often than the signature covers")
        == !isOversigned)
  }

  @Test("A16: a body behind l=, and a boundary that shows it alone")
  func appendedBody() async throws {
    var letter = try Self.signed(["From", "To", "Subject"], length: 24)
    letter = letter.prepending("Content-Type: multipart/mixed; boundary=BAD")
    letter.body += Array("--BAD\r\nContent-Type: text/plain\r\n\r\nPay.\r\n--BAD--\r\n".utf8)
    let verdict = try await Self.verdict(letter)
    #expect(verdict.dkim.map(\.result) == [.policy])
    #expect(verdict.dmarc.result == .fail)
    #expect(verdict.addresses.allSatisfy { $0.vouchedBy.isEmpty })
  }

  /// The service signs whatever its user writes, and says by `i=` who he is. Its domain does vouch,
  /// but for the administrator's address nobody does.
  @Test(arguments: [
    (
      "A17 client_a1: two From fields",
      ["From: <eve@bank.example>", "From: <admin@bank.example>"], DMARCResult.permerror
    ),
    ("A17 client_a2: two addresses", ["From: <eve@bank.example>, <admin@bank.example>"], .pass),
    ("A17 client_a3: another's address", ["From: <admin@bank.example>"], .pass),
    ("A17: quoted pair", [#"From: admin@bank.example\,<eve@bank.example>"#], .pass),
  ])
  func service(attack: String, fields: [String], dmarc: DMARCResult) async throws {
    var letter = Letter()
    letter.fields = fields.map { Array($0.utf8) }
    letter = try HandSigner.sign(
      letter,
      "v=1; a=ed25519-sha256; d=bank.example; s=hand; i=eve@bank.example; h=from:from; "
        + "bh={bh}; b={b}")
    let scene = MessageScene([
      "hand._domainkey.bank.example": ["v=DKIM1; k=ed25519; p=\(HandSigner.keyText)"],
      "_dmarc.bank.example": ["v=DMARC1; p=reject"],
    ])
    let verdict = try await scene.authenticate(letter)
    #expect(verdict.dkim.map(\.result) == [.pass], "\(attack)")
    #expect(verdict.dmarc.result == dmarc, "\(attack)")
    for finding in verdict.addresses where finding.address == "admin@bank.example" {
      #expect(!finding.vouchedBy.contains("DKIM i= names this very address"), "\(attack)")
    }
  }

  @Test("A18: another From above a signed one")
  func addedAuthor() async throws {
    let letter = try Self.signed(["From", "To", "Subject"])
    for field in ["From: admin@bank.example", "From : admin@bank.example"] {
      let verdict = try await Self.verdict(letter.prepending(field))
      #expect(verdict.dkim.map(\.result) == [.pass])
      #expect(verdict.dmarc.result == .permerror)
      #expect(verdict.addresses.allSatisfy { $0.vouchedBy.isEmpty })
    }
    // Where the signer has named From once more, the signature itself fails.
    let oversigned = try await Self.verdict(
      try Self.signed(["From", "From"]).prepending("From: admin@bank.example"))
    #expect(oversigned.dkim.map(\.failure) == [.signatureMismatch])
  }
}
