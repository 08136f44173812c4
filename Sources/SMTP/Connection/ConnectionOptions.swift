internal import Transport
public import Wire

/// How a connection is made.
public struct ConnectionOptions: Hashable, Sendable {
  /// Versions of TLS.
  public enum TLSVersion: Int, Hashable, Sendable, CaseIterable {
    case tls10, tls11, tls12, tls13
  }

  /// How the session goes.
  public var session: SessionOptions
  /// The address to connect from; the system's choice where nil.
  public var localAddress: IPAddress?
  /// The oldest version of TLS taken: 1.2 (RFC 8996, RFC 9325 §3.1.1; RFC 8461 §7.2 asks for the
  /// same of MTA-STS). Older ones are honoured only where TLS is opportunistic, since the
  /// alternative there is no TLS at all (RFC 9325 §5.2).
  public var minimumTLSVersion = TLSVersion.tls12
  /// How long the session may last altogether, nil for ever: a server that answers just in time,
  /// again and again, is only stopped by this.
  public var overallTimeout: Duration?

  /// A connection for sessions of this kind.
  public init(_ session: SessionOptions) { self.session = session }

  var effectiveMinimum: TLSVersion {
    guard case .opportunistic = session.requirement.level else {
      return minimumTLSVersion.rawValue < TLSVersion.tls12.rawValue ? .tls12 : minimumTLSVersion
    }
    return minimumTLSVersion
  }
}
