import Foundation
import Mail

/// Where text goes: answers to standard output, all else to standard error.
enum Terminal {
  static func say(_ text: String) { write(Array((text + "\n").utf8)[...]) }

  /// Where nobody reads any more the process ends, as quietly as any other in a pipe; where the
  /// octets cannot be stored it says so.
  static func write(_ octets: ArraySlice<UInt8>) {
    guard let code = StandardStream.output.write(octets) else { return }
    if code == EPIPE { StandardStream.endByBrokenPipe() }
    complain("standard output: \(String(cString: strerror(code)))")
    Foundation.exit(ExitStatus.notWritten.rawValue)
  }

  /// One line on standard error, control characters escaped.
  static func complain(_ text: String) {
    // Where standard error is closed there is nobody left to tell.
    _ = StandardStream.error.write(Array("signet: \(text.escapingControls)\n".utf8)[...])
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
