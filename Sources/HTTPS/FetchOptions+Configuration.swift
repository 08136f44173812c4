internal import AsyncHTTPClient
internal import NIOCore
internal import NIOSSL
internal import SwiftASN1
internal import Wire
internal import X509

extension FetchOptions {
  func configuration(
    for target: FetchTarget, at address: IPAddress
  ) throws -> HTTPClient.Configuration {
    var tls = TLSConfiguration.makeClientConfiguration()
    tls.minimumTLSVersion = .tlsv12
    tls.trustRoots = try nioTrustRoots
    var configuration = HTTPClient.Configuration(
      tlsConfiguration: tls, redirectConfiguration: .disallow,
      timeout: .init(connect: .nanoseconds(connectTimeout.wholeNanoseconds)))
    configuration.dnsOverride = [target.host.description: address.description]
    configuration.httpVersion = .http1Only
    configuration.decompression = .disabled
    configuration.connectionPool.retryConnectionEstablishment = false
    let host = target.host
    configuration.http1_1ConnectionDebugInitializer = { channel in
      channel.nioSSL_peerCertificate().flatMapThrowing { try Self.requireName(host, of: $0) }
    }
    return configuration
  }

  private var nioTrustRoots: NIOSSLTrustRoots {
    get throws {
      switch trustRoots {
      case .system: .default
      case .pemFile(let path): .certificates(try NIOSSLCertificate.fromPEMFile(path))
      case .certificates(let list):
        .certificates(try list.map { try NIOSSLCertificate(bytes: $0, format: .der) })
      }
    }
  }

  /// NIOSSL has checked chain and name, but goes by the common name where there is no other, and
  /// takes wildcards that are a part of a label. RFC 8461 §3.3: DNS-IDs alone, and `*` as a whole.
  private static func requireName(_ host: DomainName, of peer: NIOSSLCertificate?) throws {
    guard let peer else { throw NIOSSLError.noCertificateToValidate }
    let certificate = try Certificate(derEncoded: try peer.toDERBytes())
    let names = try certificate.extensions.subjectAlternativeNames
    let isNamed = (names.map(Array.init) ?? []).contains { name in
      guard case .dnsName(let text) = name else { return false }
      if text.hasPrefix("*.") {
        return (try? DomainName(parsing: String(text.dropFirst(2)))) == host.parent
      }
      return (try? DomainName(parsing: text)) == host
    }
    guard isNamed else { throw NIOSSLExtraError.failedToValidateHostname }
  }
}

extension Duration {
  /// Clamped to what a 64-bit number holds.
  fileprivate var wholeNanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, carry) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
    return overflow || carry ? .max : sum
  }
}
