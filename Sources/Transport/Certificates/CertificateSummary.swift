internal import FoundationEssentials
internal import SwiftASN1
internal import X509

/// What people ask of a certificate: whose it is, for which names, until when, with what key.
///
///     CN=mx.example.com, for mx.example.com, by CN=Example CA, until 2208988800, P-256
public struct CertificateSummary: Hashable, Sendable {
  /// The subject in the form of RFC 4514; at most 160 octets.
  public var subject: String
  /// The issuer likewise.
  public var issuer: String
  /// The DNS names that it carries, as they stand there.
  public var dnsNames: [String]
  /// Its validity, seconds since 1970; what lies before then is 0.
  public var notBefore: UInt64
  /// The last second of its validity.
  public var notAfter: UInt64
  /// Algorithm and size of its key: `RSA2048`, `P256`.
  public var key: String

  /// Nil where swift-certificates cannot read the certificate.
  public init?(der: [UInt8]) {
    guard der.count <= PeerVerifier.maximumCertificateLength,
      let certificate = try? Certificate(derEncoded: der)
    else { return nil }
    subject = PathPolicy.cut("\(certificate.subject)")
    issuer = PathPolicy.cut("\(certificate.issuer)")
    dnsNames = CertificateNames(certificate).dnsIDs
    notBefore = UInt64(max(0, certificate.notValidBefore.timeIntervalSince1970))
    notAfter = UInt64(max(0, certificate.notValidAfter.timeIntervalSince1970))
    key = String("\(certificate.publicKey)".prefix { $0 != "." })
  }
}

extension CertificateSummary: CustomStringConvertible {
  public var description: String {
    let names = dnsNames.prefix(8).joined(separator: " ") + (dnsNames.count > 8 ? " …" : "")
    return PathPolicy.cut("\(subject), for \(names)") + ", by \(issuer), until \(notAfter), \(key)"
  }
}
