internal import Crypto
internal import CryptoExtras
internal import FoundationEssentials
internal import Wire

/// A private key that signs mail (RFC 6376 §3.3, RFC 8463).
///
/// Neither description nor mirror of it shows the key.
public struct SigningKey: Sendable {
  enum Key: Sendable {
    case rsa(_RSA.Signing.PrivateKey)
    case ed25519(Curve25519.Signing.PrivateKey)
  }

  let key: Key
  /// The `a=` of the signatures that it makes.
  public let algorithm: DKIMAlgorithm

  init(_ key: Key) {
    self.key = key
    algorithm =
      switch key {
      case .rsa: .rsaSHA256
      case .ed25519: .ed25519SHA256
      }
  }

  /// RFC 8301 §3.2: signers MUST use at least 1024 bits. More than verifiers have to accept make a
  /// signature that they may pass over.
  public static let allowedRSABits = 1024...4096
  /// RFC 8301 §3.2: signers SHOULD use at least so many bits.
  public static let recommendedRSABits = 2048

  /// A new RSA key of 2048 to 4096 bits.
  ///
  /// - Throws: `SigningKeyError.size`.
  public static func rsa(bits: Int) throws(SigningKeyError) -> SigningKey {
    guard (recommendedRSABits...allowedRSABits.upperBound).contains(bits), bits % 8 == 0,
      let key = try? _RSA.Signing.PrivateKey(keySize: _RSA.Signing.KeySize(bitCount: bits))
    else { throw .size(bits: bits) }
    return SigningKey(.rsa(key))
  }

  /// A new Ed25519 key.
  public static func ed25519() -> SigningKey {
    SigningKey(.ed25519(Curve25519.Signing.PrivateKey()))
  }

  /// An RSA key from PEM, PKCS#1 or PKCS#8, of 1024 bits or more.
  package init(rsaPEM: String) throws { try self.init(pem: rsaPEM) }

  /// The size of an RSA modulus, or 256 for Ed25519.
  public var bits: Int {
    switch key {
    case .rsa(let key): key.keySizeInBits
    case .ed25519: 256
    }
  }

  /// Whether the key is smaller than RFC 8301 §3.2 recommends.
  public var isWeak: Bool { algorithm.keyType == .rsa && bits < Self.recommendedRSABits }

  /// The TXT record that publishes the public key (RFC 6376 §3.6.1, RFC 8463 §4.2).
  ///
  ///     v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
  public var keyRecord: String {
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
      return Array(try key.signature(for: digest.octets))
    }
  }
}

extension SigningKey: CustomStringConvertible, CustomReflectable {
  public var description: String { "\(algorithm.keyType.rawValue) key of \(bits) bits" }
  public var customMirror: Mirror { Mirror(self, children: []) }
}
