/// Why a message cannot be sent as it is. Offsets count octets of the message from its start.
public enum ContentFault: Error, Hashable, Sendable {
  /// A CR without LF (RFC 5321 §2.3.8).
  case bareCarriageReturn(at: UInt64)
  /// An LF without CR.
  case bareLineFeed(at: UInt64)
  /// An octet beyond US-ASCII in a message declared `7BIT` (RFC 6152 §3).
  case eightBitOctet(at: UInt64)
}

extension ContentFault: CustomStringConvertible {
  public var description: String {
    switch self {
    case .bareCarriageReturn(let offset): "CR without LF at octet \(offset)"
    case .bareLineFeed(let offset): "LF without CR at octet \(offset)"
    case .eightBitOctet(let offset): "8-bit octet in a 7-bit message at octet \(offset)"
    }
  }
}

/// What is done with a CR or LF that stands alone. Neither is ever sent: receivers that take one
/// for a line end can be made to see a second message inside the first (CVE-2023-51764).
public enum LoneLineEnds: Hashable, Sendable {
  /// The message is not sent: it was broken before it came here, and signatures over it would not
  /// survive a repair.
  case refuse
  /// Each becomes CRLF, as for a message out of a file with Unix line ends.
  case normalise
}
