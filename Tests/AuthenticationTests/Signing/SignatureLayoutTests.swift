import Authentication
import Foundation
import MailTesting
import Testing
import Wire

@Suite("the DKIM-Signature field that is written, RFC 6376 §3.5")
struct SignatureLayoutTests {
  private static func text(_ change: (inout SignatureTemplate) -> Void) throws -> String {
    var template = try SigningScene.template(SigningScene.ed25519)
    change(&template)
    return String(
      decoding: try SigningScene.sign(SigningScene.letter, [template]).fields, as: UTF8.self)
  }

  /// Ed25519 signatures are deterministic, but the key is new: all but `b=` is compared.
  @Test func layout() throws {
    let text = try Self.text { $0.lifetime = 86_400 }
    #expect(
      text.components(separatedBy: "\r\n b=").first
        == """
        DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed; d=example.com; s=s1;\r
         t=1795341600; x=1795428000;\r
         h=from:from:reply-to:subject:subject:to:to:cc:in-reply-to:references:\r
          mime-version:content-type:content-transfer-encoding:date:date:message-id:\r
          message-id; bh=nyfxHXOmvRNPHpNBlTgG1+HQZ7U4aPlhmJ6dYQnTKzk=;
        """.replacing("bh=nyfxHXOmvRNPHpNBlTgG1+HQZ7U4aPlhmJ6dYQnTKzk=", with: Self.bodyHash(text)))
    #expect(text.hasSuffix("\r\n"))
  }

  private static func bodyHash(_ text: String) -> String {
    let start = text.range(of: "bh=")?.lowerBound ?? text.endIndex
    return String(text[start...].prefix { $0 != ";" })
  }

  @Test(arguments: [1, 30, 64])
  func linesStayWithin78Columns(length: Int) throws {
    let local = String(repeating: "ü ", count: length / 2 + 1)
    let text = try Self.text {
      $0.copiesHeader = true
      $0.identity = .init(localPart: local, domain: $0.domain)
    }
    for line in text.components(separatedBy: "\r\n") {
      // A domain cannot be folded, nor what is glued to it.
      #expect(line.utf8.count <= 78, "\(line)")
      #expect(line.isEmpty || line.contains { $0 != " " })
    }
  }

  @Test func identity() async throws {
    var template = try SigningScene.template(SigningScene.ed25519)
    template.identity = .init(
      localPart: "joe; =x|ü", domain: try DomainName(parsing: "eng.example.com"))
    let field = try SigningScene.sign(SigningScene.letter, [template]).fields
    #expect(try SigningScene.tags(field)["i"] == "joe=3B=20=3Dx|=C3=BC@eng.example.com")
    let verdict = try await SigningScene.verify(field + SigningScene.letter, [template])
    #expect(verdict.dkim.map(\.result) == [.pass])
    #expect(verdict.dkim.first?.signature?.identity == template.identity)
  }

  @Test func copies() throws {
    let message = SigningScene.message(
      "FROM:  a@example.com", "Subject: a|b;", "\tc", "X-None: d", "", "")
    var template = try SigningScene.template(SigningScene.ed25519)
    template.copiesHeader = true
    #expect(
      try SigningScene.tags(SigningScene.sign(message, [template]).fields)["z"]
        == "FROM:=20=20a@example.com|Subject:=20a=7Cb=3B=0D=0A=09c")
  }

  @Test func refusesWhatNoVerifierAccepts() throws {
    let cases: [(SigningFailure, (inout SignatureTemplate) throws -> Void)] = [
      (
        .identityOutsideDomain,
        { $0.identity = .init(domain: try DomainName(parsing: "b.example")) }
      ),
      (.lifetimeOutOfBounds, { $0.lifetime = 0 }),
      (.lifetimeOutOfBounds, { $0.lifetime = 1_000_000_000_000 - SigningScene.now }),
      (.lifetimeOutOfBounds, { $0.lifetime = .max }),
      (.keyNameUnusable, { $0.selector = try DomainName(labels: [Array("a;b".utf8)]) }),
      (.keyNameUnusable, { $0.domain = .root }),
      (
        .keyNameUnusable,
        {
          $0.selector = try DomainName(
            labels: Array(repeating: Array(repeating: 0x61, count: 60), count: 4))
        }
      ),
    ]
    for (failure, change) in cases {
      #expect(throws: failure) {
        var template = try SigningScene.template(SigningScene.ed25519)
        try change(&template)
        _ = try SigningScene.sign(SigningScene.letter, [template])
      }
    }
    var template = try SigningScene.template(SigningScene.ed25519)
    template.lifetime = 999_999_999_999 - SigningScene.now
    #expect(try SigningScene.sign(SigningScene.letter, [template]).signatureCount == 1)
  }
}
