public import Wire

/// What the SMTP session said before the message (RFC 5321 §4.1.1).
public struct Envelope: Hashable, Sendable {
  /// The address of the client. Without it SPF cannot be judged.
  public var client: IPAddress?
  /// The parameter of HELO or EHLO, as received; empty where it is not known.
  public var helo: [UInt8]
  /// The reverse-path without angle brackets: empty for the null path, nil where it is not known.
  public var reversePath: [UInt8]?

  /// An envelope; what is not given is not known.
  public init(client: IPAddress? = nil, helo: [UInt8] = [], reversePath: [UInt8]? = nil) {
    self.client = client
    self.helo = helo
    self.reversePath = reversePath
  }
}
