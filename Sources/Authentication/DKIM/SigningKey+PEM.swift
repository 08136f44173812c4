internal import Crypto
internal import CryptoExtras
internal import FoundationEssentials
internal import SwiftASN1

/// Why a text is no private key that DKIM can use.
public enum SigningKeyError: Error, Hashable, Sendable {
  /// The text is not exactly one PEM document; the reason.
  case notPEM(String)
  /// The PEM document is something else than a private key; its label.
  case notPrivateKey(label: String)
  /// The key is encrypted.
  case encrypted
  /// A private key of another kind than RSA and Ed25519.
  case unknownAlgorithm
  /// What is inside is broken.
  case broken
  /// An RSA key with too few or too many bits.
  case size(bits: Int)
}

extension SigningKeyError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notPEM(let reason): "not a PEM file: \(reason)"
    case .notPrivateKey(let label): "a PEM file of \(label), not a private key"
    case .encrypted: "the key is encrypted: decrypt it first (openssl pkey -in FILE -out NEW)"
    case .unknownAlgorithm: "neither an RSA nor an Ed25519 key"
    case .broken: "the private key in it is broken"
    case .size(let bits):
      "an RSA key of \(bits) bits: RFC 8301 wants \(SigningKey.allowedRSABits.lowerBound) to "
        + "\(SigningKey.allowedRSABits.upperBound)"
    }
  }
}

extension SigningKey {
  /// Reads a private key: RSA as PKCS#1 (RFC 8017 A.1.2) or PKCS#8 (RFC 5208), Ed25519 as PKCS#8
  /// (RFC 8410 §7).
  ///
  ///     -----BEGIN PRIVATE KEY-----
  ///     MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
  ///     -----END PRIVATE KEY-----
  ///
  /// Text around the one PEM document is passed over.
  ///
  /// - Throws: `SigningKeyError`.
  public init(pem text: String) throws(SigningKeyError) {
    if text.contains("Proc-Type: 4,ENCRYPTED") { throw .encrypted }
    let document = try Self.document(in: text)
    switch document.discriminator {
    case "RSA PRIVATE KEY": try self.init(rsaDER: document.derBytes)
    case "PRIVATE KEY": try self.init(pkcs8: document.derBytes)
    case "ENCRYPTED PRIVATE KEY": throw .encrypted
    case let label where label.hasSuffix("PRIVATE KEY"): throw .unknownAlgorithm
    case let label: throw .notPrivateKey(label: "\(label.prefix(60))")
    }
  }

  private static func document(in text: String) throws(SigningKeyError) -> PEMDocument {
    switch text.components(separatedBy: "-----BEGIN ").count - 1 {
    case 0: throw .notPEM("no -----BEGIN in it")
    case 1: break
    case let count: throw .notPEM("it holds \(count) documents, not one")
    }
    do { return try PEMDocument(pemString: text) } catch { throw .notPEM("damaged") }
  }

  private init(rsaDER octets: [UInt8]) throws(SigningKeyError) {
    guard let bits = Self.modulusBits(octets) else { throw .broken }
    guard Self.allowedRSABits.contains(bits) else { throw .size(bits: bits) }
    guard let key = try? _RSA.Signing.PrivateKey(unsafeDERRepresentation: octets) else {
      throw .broken
    }
    self.init(.rsa(key))
  }

  /// RSAPrivateKey ::= SEQUENCE { version, modulus, … }
  private static func modulusBits(_ octets: [UInt8]) -> Int? {
    try? DER.sequence(try DER.parse(octets), identifier: .sequence) { nodes in
      _ = try Int(derEncoded: &nodes)
      let modulus = try ArraySlice<UInt8>(derEncoded: &nodes).drop { $0 == 0 }
      while nodes.next() != nil {}
      return modulus.count * 8 - (modulus.first?.leadingZeroBitCount ?? 0)
    }
  }

  private init(pkcs8 octets: [UInt8]) throws(SigningKeyError) {
    let parsed: OneAsymmetricKey
    do { parsed = try OneAsymmetricKey(octets) } catch { throw .broken }
    switch parsed.algorithm {
    case .AlgorithmIdentifier.rsaEncryption:
      try self.init(rsaDER: parsed.privateKey)
    case OneAsymmetricKey.ed25519:
      // RFC 8410 §7: an OCTET STRING in the OCTET STRING.
      guard let node = try? DER.parse(parsed.privateKey),
        let seed = try? ASN1OctetString(derEncoded: node),
        let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed.bytes)
      else { throw .broken }
      self.init(.ed25519(key))
    default: throw .unknownAlgorithm
    }
  }

  /// The key as PKCS#8 in PEM, with its last line end: `PRIVATE KEY`. It is a secret.
  public var pem: String {
    switch key {
    case .rsa(let key): key.pkcs8PEMRepresentation + "\n"
    case .ed25519(let key):
      PEMDocument(
        type: "PRIVATE KEY",
        derBytes: OneAsymmetricKey.ed25519Head + Array(key.rawRepresentation)
      ).pemString + "\n"
    }
  }
}

/// The envelope of a private key (RFC 5958 §2, whose first version is PKCS#8).
private struct OneAsymmetricKey {
  let algorithm: ASN1ObjectIdentifier
  let privateKey: [UInt8]

  static let ed25519: ASN1ObjectIdentifier = [1, 3, 101, 112]
  /// All that stands before the 32 octets of an Ed25519 key.
  static let ed25519Head: [UInt8] = [
    0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
  ]

  init(_ octets: [UInt8]) throws {
    (algorithm, privateKey) = try DER.sequence(
      try DER.parse(octets), identifier: .sequence
    ) { nodes in
      let version = try Int(derEncoded: &nodes)
      guard version == 0 || version == 1, let identifier = nodes.next() else {
        throw ASN1Error.invalidASN1Object(reason: "not a private key")
      }
      let algorithm = try DER.sequence(identifier, identifier: .sequence) { parts in
        let algorithm = try ASN1ObjectIdentifier(derEncoded: &parts)
        while parts.next() != nil {}
        return algorithm
      }
      let key = try ASN1OctetString(derEncoded: &nodes)
      // Attributes and, in version 1, the public key.
      while nodes.next() != nil {}
      return (algorithm, Array(key.bytes))
    }
  }
}
