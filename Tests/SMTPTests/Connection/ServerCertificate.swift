import Crypto
import NIOSSL
import SwiftASN1
import X509

import struct Foundation.Date

/// A self-signed certificate of `mx.test` and what a server needs to show it.
struct ServerCertificate: Sendable {
  let der: [UInt8]
  private let key: [UInt8]

  init() throws {
    let secret = P256.Signing.PrivateKey()
    let name = try DistinguishedName { CommonName("mx.test") }
    let certificate = try Certificate(
      version: .v3, serialNumber: Certificate.SerialNumber(),
      publicKey: Certificate.PublicKey(secret.publicKey),
      notValidBefore: Date(timeIntervalSince1970: 1_700_000_000),
      notValidAfter: Date(timeIntervalSince1970: 4_000_000_000), issuer: name, subject: name,
      signatureAlgorithm: .ecdsaWithSHA256,
      extensions: try Certificate.Extensions { SubjectAlternativeNames([.dnsName("mx.test")]) },
      issuerPrivateKey: Certificate.PrivateKey(secret))
    var serializer = DER.Serializer()
    try serializer.serialize(certificate)
    der = serializer.serializedBytes
    key = Array(secret.derRepresentation)
  }

  /// A server's TLS with this certificate.
  func configuration(
    from minimum: TLSVersion = .tlsv12, to maximum: TLSVersion? = nil
  ) throws -> TLSConfiguration {
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: [.certificate(try NIOSSLCertificate(bytes: der, format: .der))],
      privateKey: .privateKey(try NIOSSLPrivateKey(bytes: key, format: .der)))
    configuration.minimumTLSVersion = minimum
    configuration.maximumTLSVersion = maximum
    return configuration
  }
}
