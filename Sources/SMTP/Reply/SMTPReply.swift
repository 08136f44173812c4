internal import Wire

/// A server's answer to one command (RFC 5321 §4.2).
///
///     250-mx.example.com greets you
///     250 SIZE 52428800
///
/// The text is kept as it came; only its printed form is tidied.
public struct SMTPReply: Hashable, Sendable {
  /// What the first digit says: the only thing that decides what a client does next (§4.2.1).
  public enum Severity: UInt16, Hashable, Sendable {
    /// 2yz: done.
    case success = 2
    /// 3yz: go on.
    case intermediate = 3
    /// 4yz: not now.
    case transientFailure = 4
    /// 5yz: not at all.
    case permanentFailure = 5
  }

  /// Three digits, from 200 to 599.
  public let code: UInt16
  /// The text of each line behind the code and its separator, without line ends; at least one.
  public let lines: [[UInt8]]
  /// The first digit.
  public let severity: Severity

  /// A reply of these parts; nil where the code is none. Line ends in the text are dropped.
  public init?(code: UInt16, lines: [[UInt8]]) {
    guard code < 600, let severity = Severity(rawValue: code / 100) else { return nil }
    self.code = code
    self.severity = severity
    let kept = lines.map { $0.filter { $0 != .carriageReturn && $0 != .lineFeed } }
    self.lines = kept.isEmpty ? [[]] : kept
  }

  /// A reply of one line of text.
  public init?(code: UInt16, _ text: String) { self.init(code: code, lines: [Array(text.utf8)]) }

  /// The code before the text, where there is one and its class fits the reply (RFC 2034 §4).
  public var enhancedStatus: EnhancedStatusCode? {
    var cursor = ByteCursor(lines.first ?? [])
    guard let status = EnhancedStatusCode(at: &cursor), status.statusClass == severity.rawValue
    else { return nil }
    return status
  }

  /// Whether the command did what it should.
  public var isSuccess: Bool { severity == .success }
  /// Whether the same may succeed later.
  public var isTransient: Bool { severity == .transientFailure }
  /// 4yz or 5yz.
  public var isRefusal: Bool { severity == .transientFailure || severity == .permanentFailure }
  /// 421: the server is about to close the connection (§3.8). It may answer any command.
  public var isClosing: Bool { code == 421 }

  /// The lines for people: control octets and what is not UTF-8 are made visible.
  public var texts: [String] { lines.map(\.printable) }
}

extension SMTPReply: CustomStringConvertible {
  /// The reply on one line, for people: `550 5.1.1 no such user / ask the postmaster`.
  public var description: String {
    let text = texts.filter { !$0.isEmpty }.joined(separator: " / ")
    return text.isEmpty ? "\(code)" : "\(code) \(text)"
  }
}

extension Collection<UInt8> {
  /// The octets as text that cannot play tricks on a terminal: control characters are shown as
  /// `\xHH`, octets that are not UTF-8 as U+FFFD.
  package var printable: String {
    var shown = ""
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator:
        let hex = String(scalar.value, radix: 16, uppercase: true)
        shown += "\\x" + (hex.count < 2 ? "0" + hex : hex)
      default: shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }
}
