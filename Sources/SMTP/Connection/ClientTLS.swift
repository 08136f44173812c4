internal import NIOCore
internal import NIOSSL
internal import Wire

/// The TLS configurations of clients: one for each oldest version.
///
/// A context is shared, which shares no session: swift-nio-ssl keeps none on the client's side, so
/// that what was trusted under one requirement is not resumed under another. Roots are not loaded:
/// the chain is judged by a callback that knows the requirement.
enum ClientTLS {
  static func context(minimum: ConnectionOptions.TLSVersion) throws -> NIOSSLContext {
    switch minimum {
    case .tls10: try from10.get()
    case .tls11: try from11.get()
    case .tls12: try from12.get()
    case .tls13: try from13.get()
    }
  }

  private static let from10 = Result { try context(from: .tlsv1) }
  private static let from11 = Result { try context(from: .tlsv11) }
  private static let from12 = Result { try context(from: .tlsv12) }
  private static let from13 = Result { try context(from: .tlsv13) }

  private static func context(from minimum: NIOSSL.TLSVersion) throws -> NIOSSLContext {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.minimumTLSVersion = minimum
    configuration.certificateVerification = .noHostnameVerification
    configuration.trustRoots = .certificates([])
    configuration.shutdownTimeout = .seconds(1)
    return try NIOSSLContext(configuration: configuration)
  }

  static func name(of version: NIOSSL.TLSVersion) -> String {
    switch version {
    case .tlsv1: "TLSv1"
    case .tlsv11: "TLSv1.1"
    case .tlsv12: "TLSv1.2"
    case .tlsv13: "TLSv1.3"
    }
  }
}
