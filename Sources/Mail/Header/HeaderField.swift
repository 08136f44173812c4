internal import Wire

/// Where one header field stands in the octets of its header section (RFC 5322 §2.2).
///
///     Subject: a long line\r\n
///      that goes on\r\n
///
/// Only places are kept: signatures cover the octets as they were received.
public struct HeaderField: Hashable, Sendable {
  /// The field name in small letters, without blanks before the colon (RFC 5322 §4.5 allows
  /// them). Octets that are not UTF-8 appear as U+FFFD.
  public let name: String
  /// The whole field, its last line end included.
  public let range: Range<Int>
  /// The name as written, blanks before the colon not included.
  public let nameRange: Range<Int>
  /// All that follows the colon, up to and without the last line end; folds are kept.
  public let valueRange: Range<Int>
}

/// A place where a header section breaks RFC 5322 so that two readers may see different fields.
public enum HeaderDefect: Hashable, Sendable {
  /// A line that is neither a field nor the continuation of one. It is passed over.
  case missingColon(offset: Int)
  /// The section begins with a continuation line. It is passed over.
  case leadingFold(offset: Int)
  /// A field name that is empty or holds an octet that `ftext` does not allow (§3.6.8).
  case badFieldName(offset: Int)
  /// A carriage return that no line feed follows.
  case bareCarriageReturn(offset: Int)
  /// A line feed that no carriage return precedes.
  case bareLineFeed(offset: Int)
  /// A NUL octet.
  case null(offset: Int)
}

extension HeaderDefect: CustomStringConvertible {
  public var description: String {
    switch self {
    case .missingColon(let offset): "a line without a colon at byte \(offset)"
    case .leadingFold(let offset): "a continuation line before any field at byte \(offset)"
    case .badFieldName(let offset): "a field name that is none at byte \(offset)"
    case .bareCarriageReturn(let offset): "a bare CR at byte \(offset)"
    case .bareLineFeed(let offset): "a bare LF at byte \(offset)"
    case .null(let offset): "a NUL at byte \(offset)"
    }
  }
}
