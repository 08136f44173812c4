import Foundation
import MailTesting

/// A folder of its own in which `signet` is run, taken away at the end.
final class SigningFolder: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
      .appending(path: "signet-signing-\(UUID().uuidString)", directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appending(path: name).path }

  func write(_ name: String, _ text: String, mode: Int = 0o600) throws {
    try Data(text.utf8).write(to: url.appending(path: name))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path(name))
  }

  func read(_ name: String) throws -> String {
    try String(contentsOf: url.appending(path: name), encoding: .utf8)
  }

  func mode(_ name: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path(name))[.posixPermissions] as? Int
  }

  struct Outcome {
    let status: Int
    let output: String
    let errors: String
  }

  /// Runs the executable beside the tests.
  func run(_ arguments: String..., input: String? = nil) async throws -> Outcome {
    try await run(words: arguments, input: input)
  }

  func run(words arguments: [String], input: String? = nil) async throws -> Outcome {
    let outcome = try await CommandRun(
      CommandScene.program, arguments, in: url, input: input.map { Array($0.utf8) }
    ).outcome()
    return Outcome(status: outcome.status, output: outcome.text, errors: outcome.errorText)
  }

  /// Makes a key by `signet key new`, and adds its record to `dns.zone`.
  func makeKey(_ selector: String, domain: String = "example.com", _ type: String = "ed25519")
    async throws
  {
    let made = try await run(
      "key", "new", "--domain", domain, "--selector", selector, "--type", type)
    let zone = (try? read("dns.zone")) ?? ""
    try write("dns.zone", zone + made.output)
  }

  static let message = """
    From: Ann <ann@example.com>
    To: bob@example.net
    Subject: lunch
    Date: Sun, 22 Nov 2026 10:00:00 +0000
    Message-ID: <1@example.com>

    At noon?

    """
}
