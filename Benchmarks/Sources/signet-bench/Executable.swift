import Foundation

/// Runs the executable `signet` under GNU time, which tells what a process and nothing else took.
struct Executable {
  struct Run {
    /// Seconds.
    var wall: Double
    /// Seconds of all threads, user and system.
    var cpu: Double
    /// The most that was resident at once, in KiB.
    var resident: Double
  }

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  let path: String

  private static let time = "/usr/bin/time"

  init(path: String) throws {
    for needed in [path, Self.time] where !FileManager.default.isExecutableFile(atPath: needed) {
      throw Failure(description: "\(needed) is not there")
    }
    self.path = path
  }

  /// - Parameter output: the path of the file that standard output goes to.
  /// - Throws: `Failure` where the process does not end with the exit status 0.
  func run(_ arguments: [String], output: String = "/dev/null") throws -> Run {
    let process = Process()
    process.executableURL = URL(filePath: Self.time)
    process.arguments = ["-q", "-f", "%e %U %S %M", path] + arguments
    guard let file = FileHandle(forWritingAtPath: output) else {
      throw Failure(description: "\(output) cannot be written")
    }
    process.standardOutput = file
    let answers = Pipe()
    process.standardError = answers
    let start = ContinuousClock.now
    try process.run()
    let answer = String(
      decoding: try answers.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    let wall = (ContinuousClock.now - start) / .seconds(1)
    let numbers = answer.split(separator: "\n").last?.split(separator: " ").map { Double($0) } ?? []
    guard process.terminationStatus == 0, numbers.count == 4, let user = numbers[1],
      let system = numbers[2], let resident = numbers[3]
    else { throw Failure(description: "signet \(arguments.joined(separator: " ")): \(answer)") }
    return Run(wall: wall, cpu: user + system, resident: resident)
  }
}

/// A folder for the files of one run, removed at the end.
struct Workplace {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "signet-bench-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  /// - Returns: the path of a file of these octets that only we may read.
  func file(_ name: String, _ octets: [UInt8]) throws -> String {
    let place = folder.appending(path: name)
    try Data(octets).write(to: place)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: place.path)
    return place.path
  }

  func remove() throws { try FileManager.default.removeItem(at: folder) }
}
