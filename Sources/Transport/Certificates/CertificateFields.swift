internal import SwiftASN1

/// The places of a certificate that DANE-EE needs, read without a judgement on the rest
/// (RFC 5280 §4.1).
///
/// swift-certificates refuses certificates whose keys or extensions it does not know; a record
/// `3 1 1` vouches for them all the same (RFC 7672 §3.1.1). Strict DER, nested at most 50 deep.
struct CertificateFields {
  /// The SubjectPublicKeyInfo, DER with its tag and length: what selector 1 selects.
  let publicKeyInfo: ArraySlice<UInt8>

  /// Nil where the octets are no certificate in DER, or something follows it.
  init?(der: [UInt8]) {
    guard der.count <= PeerVerifier.maximumCertificateLength,
      let root = try? DER.parse(der), let parts = Self.children(root), parts.count == 3,
      let fields = Self.children(parts[0])
    else { return nil }
    // version [0] may be absent: then serialNumber, signature, issuer, validity, subject, key.
    let hasVersion =
      fields.first?.identifier == ASN1Identifier(tagWithNumber: 0, tagClass: .contextSpecific)
    let index = hasVersion ? 6 : 5
    guard index < fields.count, Self.isPublicKeyInfo(fields[index]) else { return nil }
    publicKeyInfo = fields[index].encodedBytes
  }

  /// Whether the octets are a SubjectPublicKeyInfo and nothing more (RFC 5280 §4.1.2.7).
  static func isPublicKeyInfo(_ octets: [UInt8]) -> Bool {
    guard let node = try? DER.parse(octets) else { return false }
    return isPublicKeyInfo(node)
  }

  private static func isPublicKeyInfo(_ node: ASN1Node) -> Bool {
    guard let parts = children(node), parts.count == 2, parts[1].identifier == .bitString,
      let algorithm = children(parts[0])
    else { return false }
    return algorithm.first?.identifier == .objectIdentifier
  }

  private static func children(_ node: ASN1Node) -> [ASN1Node]? {
    guard node.identifier == .sequence, case .constructed(let nodes) = node.content else {
      return nil
    }
    return Array(nodes)
  }
}
