import ArgumentParser

/// How `signet` ends, the same for every command.
enum ExitStatus: Int32 {
  case good = 0
  /// The answer is bad: a failed verdict.
  case bad = 1
  /// DNS or network trouble: nothing can be said.
  case unknown = 2
  case usage = 64
  case unreadable = 65
  /// The answer could not be written (EX_IOERR of sysexits.h).
  case notWritten = 74
  case configuration = 78

  /// Of several answers the one to report: what could not be read comes first, then what is bad.
  static func worst(_ one: ExitStatus, _ other: ExitStatus) -> ExitStatus {
    one.weight >= other.weight ? one : other
  }

  private var weight: Int {
    switch self {
    case .good: 0
    case .unknown: 1
    case .bad: 2
    case .unreadable: 3
    case .configuration: 4
    case .usage: 5
    case .notWritten: 6
    }
  }

  /// Ends the command with this status; 0 simply returns.
  func end() throws {
    if self != .good { throw ExitCode(rawValue) }
  }
}

/// What makes a command stop: one line for standard error, and the exit status.
struct CommandFailure: Error {
  let message: String
  let status: ExitStatus

  init(_ message: String, _ status: ExitStatus) {
    self.message = message
    self.status = status
  }
}
