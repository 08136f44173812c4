import Authentication
import DNS
import MailTesting
import Wire

/// Keys made once, and messages to sign.
enum SigningScene {
  static let now: UInt64 = 1_795_341_600
  static let ed25519 = SigningKey.ed25519()
  static let rsa = TestKeys.rsa

  static func template(
    _ key: SigningKey, domain: String = "example.com", selector: String = "s1"
  ) throws -> SignatureTemplate {
    SignatureTemplate(
      domain: try DomainName(parsing: domain), selector: try DomainName(parsing: selector),
      key: key)
  }

  /// Lines joined by CRLF; the header ends at the first empty one.
  static func message(_ lines: String...) -> [UInt8] {
    Array(lines.joined(separator: "\r\n").utf8)
  }

  static let letter = message(
    "From: Ann <ann@example.com>", "To: bob@example.net", "Subject: lunch",
    "Date: Sun, 22 Nov 2026 10:00:00 +0000", "Message-ID: <1@example.com>", "", "At noon?", "")

  static func sign(
    _ message: [UInt8], _ templates: [SignatureTemplate]
  ) throws -> MessageSigner.Signed {
    var signer = MessageSigner(templates, now: now)
    try signer.read(message[...])
    return try signer.finish()
  }

  /// What DNS says where the keys of these templates are published.
  static func resolver(_ templates: [SignatureTemplate]) -> ScriptedResolver {
    ScriptedResolver(
      txt: templates.reduce(into: [:]) {
        $0["\($1.selector)._domainkey.\($1.domain)"] = [$1.key.keyRecord]
      })
  }

  static func verify(
    _ message: [UInt8], _ templates: [SignatureTemplate]
  ) async throws -> MessageVerdict {
    // Tests wait for each other; no machine is too slow for a verdict.
    var policy = AuthenticationPolicy()
    policy.lookupTime = .seconds(86_400)
    return try await MessageAuthenticator(resolver: resolver(templates), policy: policy)
      .authenticate(message, envelope: Envelope(), now: now)
  }

  /// The field on one line, and its tags by name.
  static func tags(_ field: [UInt8]) throws -> [String: String] {
    let text = String(decoding: field, as: UTF8.self)
    let value = text[text.index(after: text.firstIndex(of: ":") ?? text.startIndex)...]
    let list = try TagList(parsing: Array(value.utf8.dropLast(2)))
    return list.tags.reduce(into: [:]) {
      $0[$1.name] = String(decoding: $1.compactValue, as: UTF8.self)
    }
  }
}
