internal import Crypto
internal import CryptoExtras
internal import FoundationEssentials
internal import Wire

/// A private key that signs.
package struct SigningKey: Sendable {
  private enum Key: Sendable {
    case rsa(_RSA.Signing.PrivateKey)
    case ed25519(Curve25519.Signing.PrivateKey)
  }

  private let key: Key
  package let algorithm: DKIMAlgorithm

  /// A new RSA key.
  package static func rsa(bits: Int) throws -> SigningKey {
    let size = _RSA.Signing.KeySize(bitCount: bits)
    return SigningKey(key: .rsa(try _RSA.Signing.PrivateKey(keySize: size)), algorithm: .rsaSHA256)
  }

  /// A new Ed25519 key.
  package static func ed25519() -> SigningKey {
    SigningKey(key: .ed25519(Curve25519.Signing.PrivateKey()), algorithm: .ed25519SHA256)
  }

  private init(key: Key, algorithm: DKIMAlgorithm) {
    self.key = key
    self.algorithm = algorithm
  }

  /// An RSA key from PEM, PKCS#1 or PKCS#8, of 1024 bits or more.
  package init(rsaPEM: String) throws {
    self.init(
      key: .rsa(try _RSA.Signing.PrivateKey(unsafePEMRepresentation: rsaPEM)),
      algorithm: .rsaSHA256)
  }

  /// The TXT record that publishes the public key (RFC 6376 §3.6.1, RFC 8463 §4.2).
  package var keyRecord: String {
    switch key {
    case .rsa(let key):
      "v=DKIM1; k=rsa; p=\(Base64.encode(Array(key.publicKey.derRepresentation)))"
    case .ed25519(let key):
      "v=DKIM1; k=ed25519; p=\(Base64.encode(Array(key.publicKey.rawRepresentation)))"
    }
  }

  /// Signs the SHA-256 hash of the octets.
  func signature(over octets: [UInt8]) throws -> [UInt8] {
    let digest = SHA256.hash(octets: octets)
    switch key {
    case .rsa(let key):
      return Array(try key.signature(for: digest, padding: .insecurePKCS1v1_5).rawRepresentation)
    case .ed25519(let key):
      return Array(try key.signature(for: Array(digest)))
    }
  }
}
