import MailTesting
import NIOSSL

/// The chain of the lab's `mx.test`, and the TLS of a server that shows it.
struct ServerCertificate: Sendable {
  let chain: [LabCertificate]

  init(_ fault: LabCertificates.Fault = .none) throws {
    chain = try LabCertificates.shared.chain(for: "mx.test", fault)
  }

  /// A server's TLS with this chain.
  func configuration(
    from minimum: TLSVersion = .tlsv12, to maximum: TLSVersion? = nil
  ) throws -> TLSConfiguration {
    let key = try NIOSSLPrivateKey(bytes: Array(chain[0].privateKeyPEM.utf8), format: .pem)
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: try chain.map {
        .certificate(try NIOSSLCertificate(bytes: $0.der, format: .der))
      },
      privateKey: .privateKey(key))
    configuration.minimumTLSVersion = minimum
    configuration.maximumTLSVersion = maximum
    return configuration
  }
}
