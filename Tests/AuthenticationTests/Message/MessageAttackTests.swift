import Authentication
import MailTesting
import Testing
import Wire

/// Variants of the attacks that `PublishedAttackTests` has as they were published, and those of
/// "Weak Links in Authentication Chains". The rows are written from the ideas. The attacker owns evil.example, with SPF for the client and a DKIM key;
/// bank.example publishes `p=reject`.
@Suite("attacks on the whole, RFC 9989 §11")
struct MessageAttackTests {
  struct Attack: Sendable, CustomTestStringConvertible {
    var family: String
    var fields: [String]
    var mailFrom: String? = "eve@evil.example"
    var helo = "mx.evil.example"
    /// Whether the attacker's own key signs the message.
    var isSigned = true
    var testDescription: String { family }

    init(
      _ family: String, _ fields: String..., mailFrom: String? = "eve@evil.example",
      helo: String = "mx.evil.example", isSigned: Bool = true
    ) {
      self.family = family
      self.fields = fields
      self.mailFrom = mailFrom
      self.helo = helo
      self.isSigned = isSigned
    }
  }

  private static let victim = "From: admin@bank.example"
  private static let own = "From: eve@evil.example"
  private static let signatureTags = "; a=ed25519-sha256; v=1; s=s1; h=from; bh=QUJD; b=QUJD"

  private static let attacks: [Attack] = [
    Attack("MAIL FROM below the victim", victim, mailFrom: "x@none.bank.example"),
    Attack("empty MAIL FROM", victim, mailFrom: ""),
    Attack(
      "empty MAIL FROM, HELO of the victim", victim, mailFrom: "", helo: "bank.example"),
    Attack("no MAIL FROM", victim, mailFrom: nil),
    Attack(
      "NUL in d=", victim, "DKIM-Signature: d=bank.example\0.evil.example" + signatureTags
    ),
    Attack(
      "NUL in s=", victim,
      "DKIM-Signature: d=bank.example; s=s1\0.evil.example; v=1; a=ed25519-sha256; h=from; bh=QUJD; b=QUJD"
    ),
    Attack(
      "quote in d=", victim,
      "DKIM-Signature: d=bank.example'a.evil.example" + signatureTags),
    Attack(
      "comment in d=", victim,
      "DKIM-Signature: d=bank.example(.evil.example" + signatureTags),
    Attack(
      "semicolon in d=", victim,
      "DKIM-Signature: d=evil.example=3Bdkim=pass" + signatureTags),
    Attack("quote in MAIL FROM", victim, mailFrom: "any@bank.example'@a.evil.example"),
    Attack("quoted MAIL FROM", victim, mailFrom: "\"any@bank.example \"@evil.example"),
    Attack("comment in MAIL FROM", victim, mailFrom: "any@bank.example(.evil.example"),
    Attack("NUL in MAIL FROM", victim, mailFrom: "any@bank.example\0.evil.example"),
    Attack(
      "route in MAIL FROM", victim,
      mailFrom: "@bank.example,@any.example:'any@evil.example"),
    Attack("two From fields", victim, own),
    Attack("two From fields, turned round", own, victim),
    Attack("From with a blank before it", " " + victim, own, isSigned: false),
    Attack("blank, and after the true one", own, " " + victim),
    Attack("From with a blank behind it", "From : admin@bank.example", own),
    Attack("folded name", "From\r\n : admin@bank.example", own),
    Attack("From and Sender", "Sender: admin@bank.example", own),
    Attack("Sender without From", "Sender: admin@bank.example"),
    Attack("From and Resent-From", "Resent-From: admin@bank.example", own),
    Attack("two addresses", "From: admin@bank.example, eve@evil.example"),
    Attack("two addresses, turned round", "From: eve@evil.example, admin@bank.example"),
    Attack(
      "with a Sender", "From: eve@evil.example, admin@bank.example",
      "Sender: eve@evil.example"),
    Attack("a group", "From: a: admin@bank.example, eve@evil.example;"),
    Attack("encoded address", "From: =?utf-8?B?YWRtaW5AYmFuay5leGFtcGxl?=", own),
    Attack("encoded address alone", "From: =?utf-8?B?YWRtaW5AYmFuay5leGFtcGxl?="),
    Attack(
      "encoded name", "From: =?utf-8?B?YWRtaW5AYmFuay5leGFtcGxl?= <eve@evil.example>"),
    Attack(
      "encoded brackets",
      "From: =?utf-8?Q?=3Cadmin=40bank=2Eexample=3E=00?= <eve@evil.example>"),
    Attack("route", "From: <@evil.example,@any.example:admin@bank.example>"),
    Attack("route of the victim", "From: <@bank.example:eve@evil.example>"),
    Attack("quoted pair", #"From: <admin@bank.example\,@evil.example>"#),
    Attack("quoted at sign", #"From: <admin\@bank.example@evil.example>"#),
    Attack("specials", "From: <admin@bank.example>,<eve@evil.example>"),
    Attack("brackets twice", "From: <admin@bank.example><eve@evil.example>"),
    Attack("comma first", "From: ,admin@bank.example,eve@evil.example"),
    Attack("semicolon", "From: admin@bank.example;eve@evil.example"),
    Attack("address as name", "From: admin@bank.example <eve@evil.example>"),
    Attack("quoted address as name", #"From: "admin@bank.example" <eve@evil.example>"#),
    Attack("brackets in the name", #"From: "<admin@bank.example>" <eve@evil.example>"#),
    Attack("NUL behind the name", "From: admin@bank.example\0 <eve@evil.example>"),
    Attack("another's service signs", victim),
    Attack("its SPF alone", victim, isSigned: false),
    Attack("two From fields, signed", victim, own, isSigned: true),
    Attack("Composition Kills: comment before the domain", "From: eve@evil.example(@bank.example)"),
    Attack("Composition Kills: quoted local part", #"From: "admin@bank.example"@evil.example"#),
    Attack("Composition Kills: bare CR", "Subject: x\rFrom: admin@bank.example", own),
    Attack("Composition Kills: bare LF", own, "Subject: x\nFrom: admin@bank.example"),
    Attack("Composition Kills: NUL in the name", "F\0rom: admin@bank.example", own),
    Attack("Composition Kills: final dot", "From: admin@bank.example."),
    Attack("Weak Links: HELO of the victim", victim, helo: "bank.example"),
    Attack("Weak Links: subdomain that is not there", "From: admin@none.bank.example"),
    Attack("Weak Links: no domain", "From: admin"),
    Attack("Weak Links: empty From", "From:", victim),
    Attack("Weak Links: direction override", "From: admin@bank.example\u{202E} <eve@evil.example>"),
    Attack("Weak Links: invisible letter", "From: admin@bank\u{200B}.example"),
    Attack("Weak Links: fullwidth at sign", "From: admin\u{FF20}bank.example <eve@evil.example>"),
    Attack("Weak Links: homograph", "From: admin@b\u{0430}nk.example"),
    Attack(
      "Weak Links: forged results", victim,
      "Authentication-Results: mx.example.org; dmarc=pass header.from=bank.example"),
    Attack(
      "Weak Links: forged chain", victim,
      "ARC-Seal: i=1; a=ed25519-sha256; cv=none; d=bank.example; s=s1; b=QUJD",
      "ARC-Message-Signature: i=1; a=ed25519-sha256; d=bank.example; s=s1; h=from; bh=QUJD; b=QUJD",
      "ARC-Authentication-Results: i=1; bank.example; dmarc=pass header.from=bank.example"),
    Attack(
      "Weak Links: signature of a suffix", victim,
      "DKIM-Signature: d=example; i=@bank.example" + signatureTags),
  ]

  private static func scene(_ attack: Attack) throws -> MessageScene {
    var scene = MessageScene(
      SignedDomain("evil.example").zone,
      [
        "bank.example": ["v=spf1 -all"], "_dmarc.bank.example": ["v=DMARC1; p=reject"],
        "s1._domainkey.bank.example": [SigningKey.ed25519().keyRecord],
        "evil.example": ["v=spf1 ip4:192.0.2.1 -all"],
        "a.evil.example": ["v=spf1 ip4:192.0.2.1 -all"],
        "mx.evil.example": ["v=spf1 ip4:192.0.2.1 -all"],
        "_dmarc.evil.example": ["v=DMARC1; p=none"],
      ])
    scene.mailFrom = attack.mailFrom
    scene.helo = attack.helo
    scene.policy.trustedSealers = [try DomainName(parsing: "bank.example")]
    return scene
  }

  @Test(arguments: attacks)
  func attack(_ attack: Attack) async throws {
    var letter = Letter(body: "Pay at once.\r\n")
    letter.fields = attack.fields.map { Array($0.utf8) }
    if attack.isSigned {
      letter = try SignedDomain("evil.example").sign(letter) { $0.signedFields = ["From"] }
    }
    let verdict = try await Self.scene(attack).authenticate(letter)
    verdict.expectNoGain(over: try DomainName(parsing: "bank.example"))
    // What some reader takes for a From field of the victim's takes the pass away.
    if attack.fields.contains(where: { Self.mayBeFrom($0) }) {
      #expect(verdict.dmarc.result != .pass)
    }
  }

  /// A field of the victim's name that is From once blanks, controls and another field's name
  /// before a bare line end are gone.
  private static func mayBeFrom(_ field: String) -> Bool {
    field.utf8.split { $0 == 0x0D || $0 == 0x0A }.contains { line in
      String(decoding: line.filter { $0 > 0x20 }, as: UTF8.self).hasPrefix("From:admin@bank")
    } || field.hasPrefix("From\r\n : admin@bank")
  }

  /// A true message of the victim, replayed with fields added above. What was signed
  /// stays true; an added author takes the pass away, another addition is told.
  @Test(arguments: [
    ("From: eve@evil.example", DMARCResult.permerror, ["from"]),
    ("From: admin@bank.example", .permerror, ["from"]),
    ("Subject: Pay at once", .pass, ["subject"]),
    ("Reply-To: eve@evil.example", .pass, []),
    ("To: you@example.net", .pass, ["to"]),
  ])
  func replay(field: String, result: DMARCResult, duplicates: [String]) async throws {
    let bank = SignedDomain("bank.example")
    let scene = MessageScene(bank.zone, ["_dmarc.bank.example": ["v=DMARC1; p=reject"]])
    let signed = try bank.sign(.ordinary(from: "admin@bank.example")) {
      $0.signedFields = ["From", "To", "Subject", "Date"]
    }
    let verdict = try await scene.authenticate(signed.prepending(field))
    #expect(verdict.dkim.map(\.result) == [.pass])
    #expect(verdict.dkim.map(\.unsignedDuplicates) == [duplicates])
    #expect(verdict.dmarc.result == result)
    // Of the addresses, only those that the signature covers are vouched for.
    for finding in verdict.addresses {
      let isCovered =
        duplicates.isEmpty && finding.field == "From" || result == .pass && finding.field == "From"
      #expect(finding.vouchedBy.isEmpty != isCovered, "\(finding)")
    }
  }
}
