internal import Crypto
internal import CryptoExtras
internal import FoundationEssentials
internal import SwiftASN1

/// A public key, ready to verify.
struct DKIMPublicKey: Sendable {
  private enum Key: Sendable {
    case rsa(_RSA.Signing.PublicKey)
    case ed25519(Curve25519.Signing.PublicKey)
  }

  private let key: Key
  /// The size of an RSA modulus, or 256 for Ed25519.
  let bits: Int

  /// RFC 8301 §3.2 asks to accept 1024 to 4096; larger ones are in use up to here.
  static let acceptedRSABits = 1024...8192

  /// - Throws: `DKIMFailure` naming what is wrong with the key.
  init(_ record: DKIMKeyRecord, as type: DKIMKeyType) throws(DKIMFailure) {
    switch type {
    case .rsa: (key, bits) = try Self.rsa(record.publicKey)
    case .ed25519: (key, bits) = try Self.ed25519(record.publicKey)
    }
  }

  private static func ed25519(_ octets: [UInt8]) throws(DKIMFailure) -> (Key, Int) {
    // RFC 8463 §4.2: the bare 32 octets, no ASN.1 around them.
    guard octets.count == 32,
      let key = try? Curve25519.Signing.PublicKey(rawRepresentation: octets)
    else { throw .keyUnusable("an Ed25519 key has 32 octets, not \(octets.count)") }
    return (.ed25519(key), 256)
  }

  private static func rsa(_ octets: [UInt8]) throws(DKIMFailure) -> (Key, Int) {
    guard let der = RSAPublicKeyDER(octets) else {
      throw .keyUnusable("not an RSA public key in DER")
    }
    guard der.bits >= acceptedRSABits.lowerBound else { throw .keyTooSmall(bits: der.bits) }
    guard der.bits <= acceptedRSABits.upperBound else { throw .keyTooLarge(bits: der.bits) }
    guard let key = try? _RSA.Signing.PublicKey(unsafeDERRepresentation: der.pkcs1) else {
      throw .keyUnusable("an RSA key that the cryptography refuses (modulus or exponent)")
    }
    return (.rsa(key), der.bits)
  }

  /// Whether `signature` was made over `digest` with the private key.
  func verifies(_ signature: [UInt8], of digest: SHA256Digest) -> Bool {
    switch key {
    case .rsa(let key):
      let signature = _RSA.Signing.RSASignature(rawRepresentation: signature)
      return key.isValidSignature(signature, for: digest, padding: .insecurePKCS1v1_5)
    case .ed25519(let key):
      // RFC 8463 §3: what is signed is the hash.
      return key.isValidSignature(signature, for: digest.octets)
    }
  }
}

/// The DER of an RSA key: SubjectPublicKeyInfo (RFC 5280 §4.1, in use) or a bare RSAPublicKey
/// (RFC 8017 A.1.1, what RFC 6376 says). No octets may follow it.
private struct RSAPublicKeyDER {
  let bits: Int
  /// The RSAPublicKey alone.
  let pkcs1: [UInt8]

  init?(_ octets: [UInt8]) {
    guard let root = try? DER.parse(octets) else { return nil }
    if let bits = Self.modulusBits(root) {
      self.bits = bits
      pkcs1 = octets
    } else if let inner = Self.keyOctets(in: root), let root = try? DER.parse(inner),
      let bits = Self.modulusBits(root)
    {
      self.bits = bits
      pkcs1 = inner
    } else {
      return nil
    }
  }

  /// RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }
  private static func modulusBits(_ root: ASN1Node) -> Int? {
    try? DER.sequence(root, identifier: .sequence) { nodes in
      let modulus = try ArraySlice<UInt8>(derEncoded: &nodes)
      _ = try ArraySlice<UInt8>(derEncoded: &nodes)
      let significant = modulus.drop { $0 == 0 }
      return significant.count * 8 - (significant.first?.leadingZeroBitCount ?? 0)
    }
  }

  /// SubjectPublicKeyInfo ::= SEQUENCE { algorithm, subjectPublicKey BIT STRING }, where the
  /// algorithm is rsaEncryption.
  private static func keyOctets(in root: ASN1Node) -> [UInt8]? {
    try? DER.sequence(root, identifier: .sequence) { nodes in
      guard let algorithm = nodes.next() else {
        throw ASN1Error.truncatedASN1Field()
      }
      try DER.sequence(algorithm, identifier: .sequence) { algorithm in
        let identifier = try ASN1ObjectIdentifier(derEncoded: &algorithm)
        guard identifier == .AlgorithmIdentifier.rsaEncryption else {
          throw ASN1Error.invalidASN1Object(reason: "not an RSA key")
        }
        _ = algorithm.next()  // NULL, which some leave out
      }
      let key = try ASN1BitString(derEncoded: &nodes)
      guard key.paddingBits == 0 else {
        throw ASN1Error.invalidASN1Object(reason: "a key of odd bits")
      }
      return Array(key.bytes)
    }
  }
}
