import Foundation
import Testing

@Suite("signet seal")
struct SealCommandTests {
  private static let now = "2026-11-22T10:00:00Z"

  private func seal(
    _ folder: SigningFolder, _ message: String, dns: [String] = ["--zone", "dns.zone"]
  ) throws -> SigningFolder.Outcome {
    try folder.run(
      words: [
        "seal", "--key", "a1._domainkey.lists.example=a1.lists.example.pem", "--now",
        Self.now, "--authserv-id", "mx.lists.example",
      ] + dns, input: message)
  }

  private func chain(_ folder: SigningFolder, _ message: String) throws -> String {
    let verdict = try folder.run(
      "verify", "-", "--zone", "dns.zone", "--now", Self.now, input: message)
    let line = verdict.output.split(separator: "\n").first { $0.hasPrefix("  ARC") }
    return String(try #require(line).split(separator: " ").dropFirst().joined(separator: " "))
  }

  @Test func aChainOfThree() throws {
    let folder = try SigningFolder()
    try folder.makeKey("a1", domain: "lists.example")
    var message =
      "Authentication-Results: MX.lists.example;\n spf=pass (a comment; with one) smtp.mailfrom=a@b.example;\n"
      + "Authentication-Results: other.example; spf=fail\n"
      + "Authentication-Results: mx.lists.example; dkim=none\n" + SigningFolder.message
    for instance in 1...3 {
      let sealed = try seal(folder, message)
      #expect(sealed.status == 0 && sealed.errors == "")
      #expect(sealed.output.hasSuffix(message))
      #expect(sealed.output.hasPrefix("ARC-Seal: i=\(instance); a=ed25519-sha256; cv="))
      #expect(
        sealed.output.contains(
          """
          ARC-Authentication-Results: i=\(instance); mx.lists.example;
           spf=pass (a comment; with one) smtp.mailfrom=a@b.example;
           dkim=none

          """.dropLast()))
      message = sealed.output
      #expect(try chain(folder, message).hasPrefix("pass"))
    }
  }

  @Test func withoutResults() throws {
    let folder = try SigningFolder()
    try folder.makeKey("a1", domain: "lists.example")
    let sealed = try seal(folder, SigningFolder.message)
    #expect(
      sealed.output.contains(
        "ARC-Authentication-Results: i=1; mx.lists.example;\n arc=none\n"))
  }

  @Test func aBrokenChainIsSealedOnce() throws {
    let folder = try SigningFolder()
    try folder.makeKey("a1", domain: "lists.example")
    let first = try seal(folder, SigningFolder.message)
    let changed = first.output.replacing("At noon?", with: "At one?")
    let second = try seal(folder, changed)
    #expect(second.status == 0)
    #expect(second.output.hasPrefix("ARC-Seal: i=2; a=ed25519-sha256; cv=fail;"))
    #expect(second.errors.contains("sealed with cv=fail: AMS 1: "))
    let third = try seal(folder, second.output)
    #expect(third.status == 0)
    #expect(third.output == second.output)
    #expect(third.errors.contains("not sealed: seal 2 says that the chain has failed"))
  }

  @Test func dnsTroubleIsNoFailure() throws {
    let folder = try SigningFolder()
    try folder.makeKey("a1", domain: "lists.example")
    let first = try seal(folder, SigningFolder.message)
    let second = try seal(
      folder, first.output, dns: ["--dns", "127.0.0.1:1", "--dns-timeout", "0.2"])
    #expect(second.status == 2)
    #expect(second.output == "")
    #expect(second.errors.contains("not sealed: the chain is open"))
  }
}
