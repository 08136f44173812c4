import Foundation
import Store
import Transport
import Wire

/// Keeps policies in the database at its first argument until it is killed. It writes a line with
/// the number of each policy once that is kept: what the test may rely on.
@main
struct PolicyWriter {
  static func main() async throws {
    let path = CommandLine.arguments[1]
    var number = UInt64(CommandLine.arguments[2]) ?? 0
    let database = try PolicyDatabase(path: path, now: 0)
    let domain = try DomainName(parsing: "example.com")
    let pattern = try MXPattern(parsing: "mx.example.com".utf8, .star)
    while true {
      number += 1
      let policy = STSPolicy(mode: .enforce, mxPatterns: [pattern], maxAge: 604_800)
      try await database.keep(
        KeptSTSPolicy(policy: policy, recordID: "id\(number)", fetchedAt: number), of: domain)
      // Straight to the pipe: a buffer of ours would be lost with us.
      try FileHandle.standardOutput.write(contentsOf: Data("\(number)\n".utf8))
    }
  }
}
