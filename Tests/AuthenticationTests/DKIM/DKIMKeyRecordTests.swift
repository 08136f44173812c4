import DNS
import MailTesting
import Testing
import Wire

@testable import Authentication

@Suite("DKIM key records, RFC 6376 §3.6.1, §3.6.2, §6.1.2")
struct DKIMKeyRecordTests {
  private static func parse(_ text: String) throws -> DKIMKeyRecord {
    try DKIMKeyRecord(parsing: Array(text.utf8))
  }

  @Test func defaults() throws {
    let record = try Self.parse("p=QUJD")
    #expect(record.keyType == "rsa")
    #expect(record.publicKey == Array("ABC".utf8))
    #expect(record.hashes == nil)
    #expect(record.services == ["*"])
    #expect(!record.isTesting && !record.isStrict && !record.isRevoked)
    #expect(record.notes == nil)
  }

  @Test func everything() throws {
    let record = try Self.parse(
      "v=DKIM1; h=sha1 : sha256;\r\n k=ed25519; n=a=20note; p= QU\r\n JD; s=email:x; t=y : s:z; g=*;"
    )
    #expect(record.keyType == "ed25519")
    #expect(record.hashes == ["sha1", "sha256"])
    #expect(record.services == ["email", "x"])
    #expect(record.isTesting && record.isStrict)
    #expect(record.notes == "a=20note")
    #expect(record.publicKey == Array("ABC".utf8))
  }

  @Test func revoked() throws {
    #expect(try Self.parse("v=DKIM1; p=").isRevoked)
    #expect(try Self.parse("v=DKIM1; p= ;").isRevoked)
  }

  @Test(arguments: [
    ("", SyntaxError.Reason.unexpectedEnd, 0),
    ("v=DKIM1", .missing("tag p"), 7), ("v=DKIM1; k=rsa;", .missing("tag p"), 15),
    ("v=spf1 -all", .wrongVersion, 0), ("v=DKIM1.0; p=QUJD", .wrongVersion, 0),
    ("v=dkim1; p=QUJD", .wrongVersion, 0), ("v=DKIM2; p=QUJD", .wrongVersion, 0),
    ("v=; p=QUJD", .wrongVersion, 0), ("v=DMARC1; p=none", .wrongVersion, 0),
    // v= stands first or not at all.
    ("p=QUJD; v=DKIM1", .wrongVersion, 8), ("k=rsa; v=DKIM1; p=QUJD", .wrongVersion, 7),
    ("v=DKIM1; p=QUJD; p=QUJD", .duplicate("tag p"), 17),
    ("v=DKIM1; p=; p=QUJD", .duplicate("tag p"), 13),
    ("v=DKIM1; p=Q", .badValue("tag p"), 9), ("v=DKIM1; p=QUJD!", .badValue("tag p"), 9),
    ("v=DKIM1; p=\"QUJD\"", .badValue("tag p"), 9),
    ("v=DKIM1;; p=QUJD", .unexpectedByte, 8), ("v=DKIM1 p=QUJD", .wrongVersion, 0),
    ("just words", .unexpectedByte, 5), ("v=DKIM1; p=QUJD; n=\u{01}", .unexpectedByte, 19),
  ])
  func rejects(text: String, reason: SyntaxError.Reason, offset: Int) {
    #expect(throws: SyntaxError(reason, at: offset)) { try Self.parse(text) }
  }

  /// What the key record may forbid; `$` stands for the right key. The signature is right
  /// throughout, made with Ed25519, and its `i=` is `@sub.example.com`.
  @Test(arguments: [
    (["v=DKIM1; k=ed25519; p=$"], nil as DKIMFailure?),
    (["k=ed25519; p=$"], nil), (["v=DKIM1; k=ed25519; t=y; p=$"], nil),
    (["v=DKIM1; k=ed25519; h=sha256; p=$"], nil),
    (["v=DKIM1; k=ed25519; h=sha1:sha256; p=$"], nil),
    (["v=DKIM1; k=ed25519; h=sha1; p=$"], .hashNotAllowed),
    (["v=DKIM1; k=ed25519; h=SHA256; p=$"], .hashNotAllowed),
    (["v=DKIM1; k=ed25519; h=; p=$"], .hashNotAllowed),
    (["v=DKIM1; k=ed25519; s=email; p=$"], nil), (["v=DKIM1; k=ed25519; s=*; p=$"], nil),
    (["v=DKIM1; k=ed25519; s=tlsrpt:email; p=$"], nil),
    // RFC 8460 §3 keys sign reports only.
    (["v=DKIM1; k=ed25519; s=tlsrpt; p=$"], .notForEmail),
    (["v=DKIM1; k=ed25519; s=; p=$"], .notForEmail),
    (["v=DKIM1; k=ed25519; t=s; p=$"], .identityNotDomainItself),
    (["v=DKIM1; k=ed25519; t=y:s; p=$"], .identityNotDomainItself),
    (["v=DKIM1; k=ed25519; t=x; p=$"], nil),
    // g= is abolished (appendix C.2).
    (["v=DKIM1; k=ed25519; g=nobody; p=$"], nil),
    (["v=DKIM1; k=ed25519; p="], .keyRevoked),
    (["v=DKIM1; p=$"], .keyTypeMismatch(published: "rsa")),
    (["v=DKIM1; k=ED25519; p=$"], .keyTypeMismatch(published: "ED25519")),
    (["v=DKIM1; k=; p=$"], .keyTypeMismatch(published: "")),
    (["v=DKIM1; k=ed25519; p=QUJD"], .keyUnusable("an Ed25519 key has 32 octets, not 3")),
    ([], .keyNotFound), (["v=spf1 -all"], .keySyntax(SyntaxError(.wrongVersion, at: 0))),
    // Beside the key, a record that is none, such as a wildcard's, does no harm.
    (["v=spf1 -all", "v=DKIM1; k=ed25519; p=$"], nil),
    (["v=DKIM1; k=ed25519; p=$", "v=DKIM1; k=ed25519; p=$"], .severalKeys),
    (["v=DKIM1; k=ed25519; p=$", "v=DKIM1; k=rsa; p="], .severalKeys),
  ])
  func use(records: [String], failure: DKIMFailure?) async throws {
    var scene = MessageScene()
    scene.zone["hand._domainkey.example.com"] =
      records.isEmpty ? nil : records.map { $0.replacing("$", with: HandSigner.keyText) }
    let letter = try HandSigner.sign(
      .ordinary(), HandSigner.usualTags.replacing("bh=", with: "i=@sub.example.com; bh="))
    let verdict = try #require(try await scene.authenticate(letter).dkim.first)
    #expect(verdict.failure == failure)
    #expect(verdict.result == (failure == nil ? .pass : .permerror))
    #expect(verdict.isTesting == records.contains { $0.contains("t=y") })
    #expect(verdict.evidence.contains { $0.subject == "hand._domainkey.example.com TXT" })
  }

  /// §3.6.2.2: strings are joined without blanks, wherever they are cut.
  @Test(arguments: [1, 7, 20, 21, 40])
  func strings(length: Int) throws {
    let text = Array("v=DKIM1; k=ed25519; p=\(HandSigner.keyText)".utf8)
    let strings = stride(from: 0, to: text.count, by: length).map {
      Array(text[$0..<min($0 + length, text.count)])
    }
    let lookup = DKIMKeyLookup(resolver: ScriptedResolver([:]), cache: DKIMKeyCache())
    guard case .key(let key) = lookup.choose(from: [.txt(strings)]) else {
      Issue.record("no key")
      return
    }
    #expect(key.record.publicKey.count == 32)
  }

  /// §3.6.2.1.
  @Test func names() throws {
    let domain = try DomainName(parsing: "example.com")
    let selector = try DomainName(parsing: "foo.bar")
    #expect(
      DKIMKeyRecord.name(selector, of: domain)?.description == "foo.bar._domainkey.example.com")
    // 255 octets on the wire, and one more.
    let label = String(repeating: "a", count: 63)
    for (last, fits) in [(48, true), (49, false)] {
      let long = try DomainName(
        parsing: "\(label).\(label).\(label).\(String(repeating: "b", count: last))")
      #expect((DKIMKeyRecord.name(try DomainName(parsing: "c"), of: long) != nil) == fits)
    }
  }
}
