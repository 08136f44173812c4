import Authentication
import MailTesting
import Testing
import Wire

/// Strangers choose nearly every value of the field that tells a verdict. None of them may add a
/// result, a property or a line to it (CVE-2020-12272).
@Suite("the verdict as Authentication-Results, RFC 8601 §2.2, §7.1")
struct MessageResultsTests {
  private static let nasty = [
    "x; dmarc=pass header.from=bank.example", "x;dmarc=pass",
    "x\r\nAuthentication-Results: mx; dkim=pass",
    "x\r\n\r\nbody", "x\n dmarc=pass", "x\" ; dmarc=pass header.from=\"bank.example",
    "x\\\" ; dmarc=pass",
    "x(comment", "x)", "x(.bank.example", "x'@bank.example", "x\0bank.example", "x\\", "x\\\\\"",
    "\"",
    "x\u{7F}\u{1B}[2J", "x\u{202E}\u{200B}", "\u{FF1B} dmarc=pass", "=3B dmarc=pass", "x y z", "",
    String(repeating: "a", count: 5000), String(repeating: "\"(", count: 3000),
  ]

  /// Each place where a sender writes something down.
  enum Place: CaseIterable {
    case helo, mailFrom, mailFromLocalPart, signingDomain, selector, identity, quotedIdentity
    case author, displayName, spfRecord, keyRecord, chain
  }

  private static func message(_ text: String, at place: Place) throws -> (MessageScene, Letter) {
    var scene = MessageScene(
      ["evil.example": ["v=spf1 -all"], "_dmarc.bank.example": ["v=DMARC1; p=reject"]])
    scene.mailFrom = "eve@evil.example"
    var letter = Letter.ordinary(from: "joe@bank.example")
    let tags = "v=1; a=ed25519-sha256; h=from; bh=QUJD; b=QUJD; "
    switch place {
    case .helo: scene.helo = text
    case .mailFrom: scene.mailFrom = text
    case .mailFromLocalPart: scene.mailFrom = text + "@evil.example"
    case .signingDomain: letter = letter.prepending("DKIM-Signature: \(tags)s=s1; d=\(text)")
    case .selector: letter = letter.prepending("DKIM-Signature: \(tags)d=evil.example; s=\(text)")
    case .identity:
      letter = letter.prepending(
        "DKIM-Signature: \(tags)d=evil.example; s=s1; i=\(text)@evil.example")
    case .quotedIdentity:
      letter = letter.prepending(
        "DKIM-Signature: \(tags)d=evil.example; s=s1; i=\(quotedPrintable(text))@evil.example")
    case .author: letter = letter.prepending("From: \(text)")
    case .displayName: letter = letter.prepending("From: \"\(text)\" <eve@evil.example>")
    case .spfRecord: scene.zone["evil.example"] = ["v=spf1 \(text) a:\(text) exp=\(text)"]
    case .keyRecord:
      scene.zone["s1._domainkey.evil.example"] = ["v=DKIM1; k=\(text); p=QUJD; n=\(text)"]
      letter = letter.prepending("DKIM-Signature: \(tags)d=evil.example; s=s1")
    case .chain:
      letter = letter.prepending(
        "ARC-Seal: i=1; cv=none; a=ed25519-sha256; b=QUJD; s=s1; d=\(text)",
        "ARC-Message-Signature: i=1; \(tags)d=evil.example; s=\(text)",
        "ARC-Authentication-Results: i=1; \(text)")
    }
    return (scene, letter)
  }

  /// `dkim-quoted-printable` of every octet, so that the field's own grammar lets it through.
  private static func quotedPrintable(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF")
    return text.utf8.map { "=\(digits[Int($0 >> 4)])\(digits[Int($0 & 15)])" }.joined()
  }

  @Test(arguments: Place.allCases, nasty)
  func nothingIsAdded(place: Place, text: String) async throws {
    let (scene, letter) = try Self.message(text, at: place)
    let verdict = try await scene.authenticate(letter)
    let results = verdict.authenticationResults(authservID: "mx.example.org")
    for (folded, allowingUTF8) in [(true, false), (false, false), (true, true)] {
      let printed = results.fieldValue(folded: folded, allowingUTF8: allowingUTF8)
      let parsed = try AuthenticationResults(parsing: printed.utf8)
      #expect(parsed.authservID == "mx.example.org")
      #expect(
        parsed.results.map { "\($0.method)=\($0.result)" }
          == results.results.map { "\($0.method)=\($0.result)" })
      #expect(
        parsed.results.map { $0.properties.map { "\($0.type).\($0.name)" } }
          == results.results.map { $0.properties.map { "\($0.type).\($0.name)" } })
      // Line ends only as folds; no control, and beyond US-ASCII only where asked for.
      let lines = printed.split(separator: "\r\n")
      #expect(lines.dropFirst().allSatisfy { $0.first == " " })
      #expect(
        lines.joined().utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F && (allowingUTF8 || $0 < 0x80) })
      #expect(printed.utf8.count < 20_000)
    }
    // The victim gains nothing.
    #expect(!results.results.contains { $0.method == "dmarc" && $0.result == "pass" })
    #expect(!results.results.contains { $0.method == "dkim" && $0.result == "pass" })
  }

  /// The methods and properties of an ordinary pass, whole.
  @Test func ordinary() async throws {
    let bank = SignedDomain("bank.example")
    let relay = SignedDomain("relay.example")
    var scene = MessageScene(
      bank.zone, relay.zone,
      [
        "bank.example": ["v=spf1 ip4:192.0.2.1 -all"],
        "_dmarc.bank.example": ["v=DMARC1; p=reject"],
      ])
    scene.mailFrom = "joe@bank.example"
    let signed = try bank.sign(.ordinary(from: "joe@bank.example"))
    let letter = try relay.seal(signed, instance: 1, results: "relay.example; none")
    let verdict = try await scene.authenticate(letter)
    let results = verdict.authenticationResults(authservID: "mx.example.org").results
    #expect(
      results.map { "\($0.method)=\($0.result)" }
        == ["spf=pass", "spf=none", "dkim=pass", "arc=pass", "dmarc=pass"])
    let properties = results.flatMap(\.properties).map { "\($0.type).\($0.name)=\($0.value)" }
    let signature = try #require(verdict.dkim.first?.signature?.signature.signature)
    #expect(
      properties == [
        "smtp.mailfrom=joe@bank.example", "smtp.helo=mx.example.org", "header.d=bank.example",
        "header.i=@bank.example", "header.s=s1", "header.a=ed25519-sha256",
        "header.b=\(Base64.encode(signature).prefix(8))", "smtp.remote-ip=192.0.2.1",
        "header.oldest-pass=0", "header.from=bank.example", "policy.dmarc=reject",
      ])
  }

  /// No signature, no SPF, no policy: each method still says so.
  @Test func nothing() async throws {
    let verdict = try await MessageAuthenticator(resolver: try MessageScene().resolver)
      .authenticate(Letter.ordinary().octets, envelope: Envelope(), now: 0, clock: ManualClock())
    let results = verdict.authenticationResults(authservID: "mx.example.org").results
    #expect(results.map { "\($0.method)=\($0.result)" } == ["dkim=none", "dmarc=none"])
  }
}
