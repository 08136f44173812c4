/// What is wrong with a master file, and where.
///
///     example.zone:12: bad IPv4 address
public struct ZoneFileError: Error, Hashable, Sendable {
  /// The file as its reader named it; an included file has its own name.
  public let file: String
  /// The line, counted from one; zero where the whole file is meant.
  public let line: Int
  /// What is wrong there, in one sentence.
  public let problem: String

  /// An error at a line of a file, or in the file as a whole.
  public init(file: String, line: Int = 0, problem: String) {
    self.file = file
    self.line = line
    self.problem = problem
  }
}

extension ZoneFileError: CustomStringConvertible {
  public var description: String {
    line > 0 ? "\(file):\(line): \(problem)" : "\(file): \(problem)"
  }
}

/// Why a file that `$INCLUDE` names is not read.
public struct IncludeRefusal: Error, Hashable, Sendable {
  /// Why the file is not read, for people.
  public let reason: String

  /// A refusal for this reason.
  public init(_ reason: String) { self.reason = reason }
}
