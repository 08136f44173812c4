import Foundation

/// How a program ended, and what it wrote.
public struct CommandOutcome: Sendable {
  /// The exit status, or the signal's number.
  public var status: Int
  /// Whether a signal ended it.
  public var wasKilled: Bool
  public var output: [UInt8]
  public var errors: [UInt8]

  public var text: String { String(decoding: output, as: UTF8.self) }
  public var errorText: String { String(decoding: errors, as: UTF8.self) }

  /// The lines of standard error; an end without LF counts as a line.
  public var errorLines: [Substring] { errorText.split(separator: "\n") }

  /// A JSON object a line.
  public func objects() throws -> [JSON] {
    try text.split(separator: "\n").map { try JSON(parsing: Array($0.utf8)) }
  }

  /// Whether it ended with this status, nothing on standard output, and one line on standard error
  /// that says who speaks.
  public func failsNeatly(_ status: Int) -> Bool {
    !wasKilled && self.status == status && output.isEmpty && errorText.hasSuffix("\n")
      && errorLines.count == 1 && errorText.hasPrefix("signet: ")
  }

  /// Whether nothing in it steers a terminal: no escape, no control octet but LF, none of C1, no
  /// format character such as a direction override, in either stream.
  public var isFitForTerminals: Bool {
    for octets in [output, errors] {
      guard let text = String(validating: octets, as: UTF8.self) else { return false }
      for scalar in text.unicodeScalars where scalar != "\n" {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: return false
        default: break
        }
      }
    }
    return true
  }
}
