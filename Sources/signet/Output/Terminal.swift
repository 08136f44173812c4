import Foundation
import Mail

/// Where text goes: answers to standard output, all else to standard error.
enum Terminal {
  static func say(_ text: String) {
    FileHandle.standardOutput.write(Data((text + "\n").utf8))
  }

  static func write(_ octets: [UInt8]) {
    FileHandle.standardOutput.write(Data(octets))
  }

  /// One line on standard error, control characters escaped.
  static func complain(_ text: String) {
    FileHandle.standardError.write(Data("signet: \(text.escapingControls)\n".utf8))
  }

  /// Whether answers are read by a person whose terminal shows colour.
  static let showsColour: Bool = {
    let environment = ProcessInfo.processInfo.environment
    return isatty(STDOUT_FILENO) == 1 && environment["NO_COLOR", default: ""].isEmpty
      && environment["TERM"] != "dumb"
  }()
}

/// The colours of an answer. Without colour the words alone tell.
enum Colour: String {
  case green = "32"
  case red = "31"
  case yellow = "33"
  case bold = "1"
  case dim = "2"

  func paint(_ text: String, if isOn: Bool) -> String {
    isOn ? "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" : text
  }
}
