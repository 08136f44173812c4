/// How much of a reply is read before the session is given up.
public struct ReplyLimits: Hashable, Sendable {
  /// The longest line, its CRLF included. RFC 5321 §4.5.3.1.5 sets 512; servers with long texts
  /// exceed that, so that 2,048 are read.
  public var lineOctets = 2048
  /// The most lines of one reply: 256.
  public var lines = 256
  /// The most octets of one reply, line ends included: 65,536.
  public var octets = 65_536

  /// The limits told above.
  public init() {}
}

/// What is wrong with octets that should be a reply. After any of these, a client cannot know
/// which reply belongs to which command, so the session ends.
public enum ReplyFault: Error, Hashable, Sendable {
  /// No three digits from 200 to 599 at the start of a line (RFC 5321 §4.2).
  case badCode
  /// Neither a hyphen, a blank nor a line end behind the code.
  case badSeparator
  /// Lines of one reply with different codes (§4.2.1).
  case codeChanged
  /// An LF without CR: not a line end (§2.3.8), and never taken for one.
  case bareLineFeed
  /// A CR without LF.
  case bareCarriageReturn
  /// A NUL octet.
  case nul
  /// A line beyond `ReplyLimits.lineOctets`.
  case lineTooLong
  /// More lines than `ReplyLimits.lines`.
  case tooManyLines
  /// More octets than `ReplyLimits.octets`.
  case tooLong
}

extension ReplyFault: CustomStringConvertible {
  public var description: String {
    switch self {
    case .badCode: "a line without a reply code"
    case .badSeparator: "neither blank nor hyphen behind the reply code"
    case .codeChanged: "the code changes within a reply"
    case .bareLineFeed: "an LF without CR"
    case .bareCarriageReturn: "a CR without LF"
    case .nul: "a NUL octet"
    case .lineTooLong: "a reply line is too long"
    case .tooManyLines: "a reply has too many lines"
    case .tooLong: "a reply is too long"
    }
  }
}
