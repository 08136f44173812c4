import Foundation
import MailTesting
import Store
import Testing
import Transport
import Wire

/// A writer is killed at random moments, 200 times, always on the same file.
@Suite("Policies on disk, kill -9")
struct KillTests {
  /// Built with the tests, and put beside them.
  static let writer = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "policy-writer").path

  @Test(.timeLimit(.minutes(5)))
  func whatWasAcknowledgedIsNeverLost() async throws {
    let folder = try StateFolder()
    defer { folder.remove() }
    let domain = try DomainName(parsing: "example.com")
    var random = RandomSource(seed: 8461)
    var acknowledged: UInt64 = 0
    var writes: UInt64 = 0
    for round in 1...200 {
      let last = try Self.run(
        folder.file, from: acknowledged, for: .random(in: 0...60_000, using: &random),
        afterFirstLine: round % 4 != 0)
      writes += (last ?? acknowledged) - acknowledged
      acknowledged = last ?? acknowledged
      let database = try PolicyDatabase(path: folder.file, now: 0)
      #expect(database.damagedFile == nil, "round \(round)")
      let kept = try await database.keptPolicy(of: domain)?.fetchedAt ?? 0
      #expect(kept >= acknowledged, "round \(round)")
      // The write that the kill met may have come through, and no other.
      #expect(kept <= acknowledged + 1, "round \(round)")
      acknowledged = kept
    }
    #expect(writes > 200)
    print("kill -9: 200 rounds, \(writes) acknowledged writes")
  }

  /// Starts the writer, kills it that many microseconds after its first line or its start, and gives the number
  /// on its last whole line.
  private static func run(
    _ file: String, from start: UInt64, for microseconds: UInt32, afterFirstLine: Bool
  ) throws -> UInt64? {
    let process = Process()
    process.executableURL = URL(filePath: writer)
    process.arguments = [file, "\(start)"]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let first = afterFirstLine ? output.fileHandleForReading.availableData : Data()
    usleep(microseconds)
    kill(process.processIdentifier, SIGKILL)
    let rest = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let text = String(decoding: first + rest, as: UTF8.self)
    return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().last
      .flatMap { UInt64($0) }
  }
}
