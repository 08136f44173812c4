internal import SwiftASN1
public import Wire
internal import X509

/// The authorities that the web PKI check trusts (RFC 5280 §6.1.1 (d)).
public struct TrustRoots: Sendable {
  let store: CertificateStore

  /// Those of the operating system, loaded when first needed; without a file of them, none.
  public static let system = TrustRoots(store: .systemTrustRoots)
  /// Nobody.
  public static let none = TrustRoots(store: CertificateStore())

  private init(store: CertificateStore) { self.store = store }

  /// The certificates of a PEM file, at least one.
  ///
  ///     -----BEGIN CERTIFICATE-----
  ///
  /// Text between them is skipped, other kinds of PEM are refused.
  ///
  /// - Throws: `SyntaxError` at 0 where the text is not PEM, else at the number of the certificate
  ///   that cannot be read.
  public init(pem: String) throws(SyntaxError) {
    guard let documents = try? PEMDocument.parseMultiple(pemString: pem), !documents.isEmpty else {
      throw SyntaxError(.badValue("PEM"), at: 0)
    }
    try self.init(der: documents.map(\.derBytes))
  }

  /// These certificates, each in DER.
  ///
  /// - Throws: `SyntaxError` at the number of the certificate that cannot be read.
  public init(der certificates: [[UInt8]]) throws(SyntaxError) {
    var store = CertificateStore()
    for (index, der) in certificates.enumerated() {
      guard let certificate = try? Certificate(derEncoded: der) else {
        throw SyntaxError(.badValue("certificate"), at: index)
      }
      store.append(certificate)
    }
    self.init(store: store)
  }
}
