internal import Crypto
internal import DNS
internal import SwiftASN1
internal import X509

/// One certificate of a peer's chain, read as far as it can be read.
struct PresentedCertificate {
  /// As it came over the wire.
  let der: [UInt8]
  /// Nil where swift-certificates does not read it: it can then stand in no path.
  let certificate: Certificate?
  /// Nil where even its key cannot be found.
  let fields: CertificateFields?

  /// Reads a certificate; what cannot be read is nil, and nothing throws.
  init(der: [UInt8]) {
    self.der = der
    fields = CertificateFields(der: der)
    // Where the fields are not found the octets are too many or no DER.
    certificate = fields == nil ? nil : try? Certificate(derEncoded: der)
  }

  /// Whether a TLSA record's association data is this certificate or its key (RFC 6698 §2.1.4).
  func matches(_ record: TLSARecord) -> Bool {
    guard let content = record.selector == 0 ? der[...] : fields?.publicKeyInfo else {
      return false
    }
    switch record.matchingType {
    case 0: return content.elementsEqual(record.associationData)
    case 1: return SHA256.hash(data: content).elementsEqual(record.associationData)
    case 2: return SHA512.hash(data: content).elementsEqual(record.associationData)
    default: return false
    }
  }
}
