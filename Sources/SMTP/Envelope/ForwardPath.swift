public import Mail
internal import Wire

/// Where a message goes (`Forward-path`, RFC 5321 §4.1.2): the argument of RCPT TO.
///
///     <user@example.com>    <Postmaster>
public enum ForwardPath: Hashable, Sendable {
  /// An address.
  case mailbox(AddrSpec)
  /// The postmaster of the server itself (§4.5.1).
  case postmaster
}

extension ForwardPath: CustomStringConvertible {
  public var description: String {
    switch self {
    case .mailbox(let address): "<\(address)>"
    case .postmaster: "<Postmaster>"
    }
  }
}
