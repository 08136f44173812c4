internal import Crypto
internal import SwiftASN1
public import Wire

/// The public key of an operator that signs policy lists: Ed25519 (RFC 8032).
///
///     11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
public struct PolicyListKey: Hashable, Sendable {
  /// The 32 octets.
  public let octets: [UInt8]

  /// What stands before the 32 octets in a SubjectPublicKeyInfo (RFC 8410 §4).
  private static let head: [UInt8] = [
    0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00,
  ]

  /// Reads a key: 32 octets in base 64, as a DKIM record has them, or a PEM document `PUBLIC KEY`.
  /// White space around it does not matter.
  ///
  /// - Throws: `SyntaxError`.
  public init(parsing text: String) throws(SyntaxError) {
    var octets: [UInt8]
    if text.utf8.first(where: { !$0.isFoldingWhitespace }) == .hyphen {
      guard let document = try? PEMDocument(pemString: text),
        document.discriminator == "PUBLIC KEY",
        document.derBytes.starts(with: Self.head)
      else { throw SyntaxError(.badValue("PEM public key"), at: 0) }
      octets = Array(document.derBytes.dropFirst(Self.head.count))
    } else {
      octets = try Base64.decode(Array(text.utf8)[...].trimmingFoldingWhitespace, .strict)
    }
    guard octets.count == 32,
      (try? Curve25519.Signing.PublicKey(rawRepresentation: octets)) != nil
    else { throw SyntaxError(.badValue("Ed25519 key"), at: 0) }
    self.octets = octets
  }

  init(_ octets: [UInt8]) { self.octets = octets }
}

extension PolicyListKey: CustomStringConvertible {
  public var description: String { Base64.encode(octets) }
}
