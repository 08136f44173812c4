internal import Crypto
internal import SwiftASN1
public import Wire

/// A detached Ed25519 signature over the octets of a policy list, as a file of its own beside it.
///
///     ed25519 3tvb…Q0AQ==
///
/// Each line is the word `ed25519`, a blank, and the 64 octets of a signature (RFC 8032 §5.1.6) in
/// base 64; lines end with LF. While a key is replaced a file has a line by the old one and a line
/// by the new one. What is signed is the list's file as it is, so that other tools can check it.
public struct PolicyListSignature: Hashable, Sendable {
  /// Signatures of 64 octets each.
  public var signatures: [[UInt8]]

  /// How many lines a file may have.
  public static let maximumSignatures = 16

  /// Signatures of 64 octets each.
  public init(signatures: [[UInt8]]) { self.signatures = signatures }

  /// Reads a signature file; the last line may lack its end.
  ///
  /// - Throws: `SyntaxError` at the octet.
  public init(parsing text: [UInt8]) throws(SyntaxError) {
    var cursor = ByteCursor(text)
    var signatures: [[UInt8]] = []
    repeat {
      guard signatures.count < Self.maximumSignatures else {
        throw cursor.error(.tooLong("signature file"))
      }
      guard cursor.take("ed25519 ") else { throw cursor.error(.missing("ed25519")) }
      let start = cursor.offset
      // 64 octets are 88 symbols; more are not looked at.
      guard let symbols = cursor.take(count: 88) else { throw cursor.error(.unexpectedEnd) }
      let signature: [UInt8]
      do { signature = try Base64.decode(symbols, .strict) } catch {
        throw error.shifted(by: start)
      }
      guard signature.count == 64 else { throw SyntaxError(.badValue("signature"), at: start) }
      signatures.append(signature)
      guard cursor.isAtEnd || cursor.take(.lineFeed) else { throw cursor.unexpected }
    } while !cursor.isAtEnd
    self.signatures = signatures
  }

  /// Whether one of the signatures over `octets` is by one of `keys`.
  public func isValid(over octets: [UInt8], by keys: [PolicyListKey]) -> Bool {
    keys.contains { key in
      guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: key.octets) else {
        return false
      }
      return signatures.contains { key.isValidSignature($0, for: octets) }
    }
  }
}

extension PolicyListSignature: CustomStringConvertible {
  /// The file.
  public var description: String {
    signatures.map { "ed25519 \(Base64.encode($0))\n" }.joined()
  }
}

/// A private key that signs policy lists. Neither description nor mirror shows it.
public struct PolicyListSigningKey: Sendable, CustomStringConvertible, CustomReflectable {
  private let key: Curve25519.Signing.PrivateKey

  /// What stands before the 32 octets in a PrivateKeyInfo (RFC 8410 §7).
  private static let head: [UInt8] = [
    0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
  ]

  /// Reads an Ed25519 key in PEM, as `signet key new` and `openssl genpkey` write it.
  ///
  /// - Throws: `SyntaxError`.
  public init(pem text: String) throws(SyntaxError) {
    guard let document = try? PEMDocument(pemString: text), document.discriminator == "PRIVATE KEY",
      document.derBytes.starts(with: Self.head), document.derBytes.count == Self.head.count + 32,
      let key = try? Curve25519.Signing.PrivateKey(
        rawRepresentation: document.derBytes.dropFirst(Self.head.count))
    else { throw SyntaxError(.badValue("Ed25519 private key"), at: 0) }
    self.key = key
  }

  /// What others need to check its signatures.
  public var publicKey: PolicyListKey { PolicyListKey(Array(key.publicKey.rawRepresentation)) }

  /// A signature over the octets of a list's file.
  ///
  /// - Throws: where the system has no randomness.
  public func signature(over octets: [UInt8]) throws -> PolicyListSignature {
    PolicyListSignature(signatures: [Array(try key.signature(for: octets))])
  }

  public var description: String { "Ed25519 key \(publicKey)" }
  public var customMirror: Mirror { Mirror(self, children: []) }
}
