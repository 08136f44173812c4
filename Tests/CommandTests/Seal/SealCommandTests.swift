import Foundation
import Testing

@Suite("signet seal")
struct SealCommandTests {
  private static let now = "2026-11-22T10:00:00Z"

  private func seal(
    _ folder: SigningFolder, _ message: String, dns: [String] = ["--zone", "dns.zone"]
  ) async throws -> SigningFolder.Outcome {
    try await folder.run(
      words: [
        "seal", "--key", "a1._domainkey.lists.example=a1.lists.example.pem", "--now",
        Self.now, "--authserv-id", "mx.lists.example",
      ] + dns, input: message)
  }

  private func chain(_ folder: SigningFolder, _ message: String) async throws -> String {
    let verdict = try await folder.run(
      "verify", "-", "--zone", "dns.zone", "--now", Self.now, input: message)
    let line = verdict.output.split(separator: "\n").first { $0.hasPrefix("  ARC") }
    return String(try #require(line).split(separator: " ").dropFirst().joined(separator: " "))
  }

  @Test func aChainOfThree() async throws {
    let folder = try SigningFolder()
    try await folder.makeKey("a1", domain: "lists.example")
    var message =
      "Authentication-Results: MX.lists.example;\n"
      + " spf=pass (a comment; with one) smtp.mailfrom=a@b.example;\n"
      + "Authentication-Results: other.example; spf=fail\n"
      + "Authentication-Results: mx.lists.example; dkim=none\n" + SigningFolder.message
    for instance in 1...3 {
      let sealed = try await seal(folder, message)
      #expect(sealed.status == 0 && sealed.errors == "")
      #expect(sealed.output.hasSuffix(message))
      #expect(
        sealed.output.hasPrefix("ARC-Seal: i=\(instance); a=ed25519-sha256; t=1795341600; cv="))
      #expect(
        sealed.output.contains(
          """
          ARC-Authentication-Results: i=\(instance); mx.lists.example;
           spf=pass (a comment; with one) smtp.mailfrom=a@b.example;
           dkim=none

          """.dropLast()))
      message = sealed.output
      let seals = instance == 1 ? "1 seal" : "\(instance) seals"
      #expect(try await chain(folder, message).hasPrefix("pass \(seals): lists.example"))
    }
  }

  @Test func withoutResults() async throws {
    let folder = try SigningFolder()
    try await folder.makeKey("a1", domain: "lists.example")
    let sealed = try await seal(folder, SigningFolder.message)
    #expect(
      sealed.output.contains(
        "ARC-Authentication-Results: i=1; mx.lists.example;\n arc=none\n"))
  }

  @Test func aBrokenChainIsSealedOnce() async throws {
    let folder = try SigningFolder()
    try await folder.makeKey("a1", domain: "lists.example")
    let first = try await seal(folder, SigningFolder.message)
    let changed = first.output.replacing("At noon?", with: "At one?")
    let second = try await seal(folder, changed)
    #expect(second.status == 0)
    #expect(second.output.hasPrefix("ARC-Seal: i=2; a=ed25519-sha256; t=1795341600; cv=fail;"))
    #expect(second.errors.contains("sealed with cv=fail: AMS 1: "))
    let third = try await seal(folder, second.output)
    #expect(third.status == 0)
    #expect(third.output == second.output)
    #expect(third.errors.contains("not sealed: seal 2 says that the chain has failed"))
  }

  @Test func dnsTroubleIsNoFailure() async throws {
    let folder = try SigningFolder()
    try await folder.makeKey("a1", domain: "lists.example")
    let first = try await seal(folder, SigningFolder.message)
    let second = try await seal(
      folder, first.output, dns: ["--dns", "127.0.0.1:1", "--dns-timeout", "0.2"])
    #expect(second.status == 2)
    #expect(second.output == "")
    #expect(second.errors.contains("not sealed: the chain is open"))
  }
}
