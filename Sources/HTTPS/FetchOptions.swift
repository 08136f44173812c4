/// How policies and policy lists are fetched.
public struct FetchOptions: Sendable {
  /// Whom a certificate's chain must lead to.
  public enum TrustRoots: Hashable, Sendable {
    /// The roots of the system.
    case system
    /// The certificates of a PEM file.
    case pemFile(String)
    /// Certificates as DER.
    case certificates([[UInt8]])
  }

  /// Whom a certificate's chain must lead to.
  public var trustRoots = TrustRoots.system
  /// From the first look-up of an address to the last octet of the body (RFC 8461 §3.3 suggests
  /// one minute).
  public var deadline: Duration = .seconds(60)
  /// How long one address may take to answer a connection.
  public var connectTimeout: Duration = .seconds(15)
  /// How many addresses of a host are tried.
  public var addressLimit = 4
  /// Where policy hosts listen; only tests need another.
  public var port: UInt16 = 443
  /// Whether a host may have an address that is not of the public internet. Whoever controls the
  /// DNS of a mail domain chooses where this program connects to: without this option it never
  /// connects to its own machine or network.
  public var allowsPrivateAddresses = false

  /// The defaults.
  public init() {}
}
