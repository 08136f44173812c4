import Foundation
import Testing

@testable import signet

@Suite("signet sign")
struct SignCommandTests {
  private static let now = "2026-11-22T10:00:00Z"

  @Test func signsWithSeveralKeys() async throws {
    let folder = try SigningFolder()
    try await folder.makeKey("s1", "rsa")
    try await folder.makeKey("e1")
    for (name, message) in [
      ("lf.eml", SigningFolder.message),
      ("crlf.eml", SigningFolder.message.replacing("\n", with: "\r\n")),
    ] {
      try folder.write(name, message)
      let signed = try await folder.run(
        "sign", name, "--key", "s1._domainkey.example.com=s1.example.com.pem", "--key",
        "e1._domainkey.example.com=e1.example.com.pem", "--lifetime", "2h", "--copy-headers",
        "--now", Self.now)
      #expect(signed.status == 0)
      #expect(signed.errors == "")
      // The message itself is as it was, and its line ends are those of the fields.
      #expect(signed.output.hasSuffix(message))
      #expect(signed.output.utf8.contains(0x0D) == message.utf8.contains(0x0D))
      #expect(signed.output.contains("t=1795341600; x=1795348800;"))
      #expect(signed.output.contains("z="))
      try folder.write("signed.eml", signed.output)
      let verdict = try await folder.run(
        "verify", "signed.eml", "--zone", "dns.zone", "--now", Self.now, "--json")
      #expect(verdict.output.components(separatedBy: "\"result\":\"pass\"").count == 3)
      let late = try await folder.run(
        "verify", "signed.eml", "--zone", "dns.zone", "--now", "2026-11-22T13:00:00Z", "--json")
      #expect(!late.output.contains("\"result\":\"pass\""))
      // Standard input gives the same octets.
      let piped = try await folder.run(
        "sign", "--key", "e1._domainkey.example.com=e1.example.com.pem", "--now", Self.now,
        input: message)
      #expect(piped.status == 0)
      #expect(piped.output.hasSuffix(message))
    }
  }

  @Test(arguments: [
    ("sign m.eml", 64, "say by --config or by --key"),
    ("sign m.eml --key s1.example.com=e1.example.com.pem", 64, "--key"),
    ("sign m.eml --key s1._domainkey.example.com", 64, "--key"),
    ("sign m.eml --key _domainkey.example.com=e1.example.com.pem", 64, "--key"),
    ("sign m.eml --key s1._domainkey=e1.example.com.pem", 64, "--key"),
    (
      "sign m.eml --key e1._domainkey.example.com=e1.example.com.pem --lifetime 0", 64, "--lifetime"
    ),
    ("sign none.eml --key e1._domainkey.example.com=e1.example.com.pem", 65, "no such file"),
    ("sign empty.eml --key e1._domainkey.example.com=e1.example.com.pem", 65, "is empty"),
    ("sign two.eml --key e1._domainkey.example.com=e1.example.com.pem", 65, "2 From fields"),
    ("sign bare.eml --key e1._domainkey.example.com=e1.example.com.pem", 65, "a bare CR"),
    ("sign . --key e1._domainkey.example.com=e1.example.com.pem", 65, "is a folder"),
    ("sign m.eml --key e1._domainkey.example.com=none.pem", 78, "No such file"),
    ("sign m.eml --key e1._domainkey.example.com=shared.pem", 78, "mode 640"),
    ("sign m.eml --key e1._domainkey.example.com=.", 78, "not a regular file"),
    ("sign m.eml --key e1._domainkey.example.com=m.eml", 78, "not a PEM file"),
    ("sign m.eml --config none.yaml", 78, "none.yaml: no such file"),
    ("sign m.eml --config stranger.yaml", 1, "no key for example.com"),
    ("sign m.eml --config lost.yaml", 78, "lost.yaml:4:9: key"),
  ])
  func fails(line: String, status: Int, text: String) async throws {
    let folder = try SigningFolder()
    try await folder.makeKey("e1")
    try folder.write("m.eml", SigningFolder.message)
    try folder.write("empty.eml", "")
    try folder.write("two.eml", "From: a@b.example\n" + SigningFolder.message)
    try folder.write("bare.eml", "Subject: a\rb\n" + SigningFolder.message)
    try folder.write("shared.pem", try folder.read("e1.example.com.pem"), mode: 0o640)
    for (name, domain, file) in [
      ("stranger.yaml", "example.net", "e1.example.com.pem"),
      ("lost.yaml", "example.com", "lost.pem"),
    ] {
      try folder.write(
        name,
        """
        signing:
          table:
            \(domain):
              - {domain: example.com, selector: e1, key: \(file)}
        """)
    }
    let outcome = try await run(folder, line)
    #expect(outcome.status == status)
    #expect(outcome.output == "")
    #expect(outcome.errors.contains(text), "\(outcome.errors)")
    #expect(outcome.errors.split(separator: "\n").count == 1)
  }

  private func run(_ folder: SigningFolder, _ line: String) async throws -> SigningFolder.Outcome {
    try await folder.run(words: line.split(separator: " ").map(String.init))
  }

  @Test func sharedKeysByOption() async throws {
    let folder = try SigningFolder()
    try await folder.makeKey("e1")
    try folder.write("shared.pem", try folder.read("e1.example.com.pem"), mode: 0o644)
    let outcome = try await folder.run(
      "sign", "--key", "e1._domainkey.example.com=shared.pem", "--allow-shared-keys",
      input: SigningFolder.message)
    #expect(outcome.status == 0)
    #expect(outcome.output.hasPrefix("DKIM-Signature: "))
  }

  /// The example of docs/sign.md, as it stands there.
  @Test func theExampleOfTheDocumentation() async throws {
    let page = URL(filePath: #filePath).appending(path: "../../../../docs/sign.md").standardized
    let text = try String(contentsOf: page, encoding: .utf8)
    let example = try #require(
      text.components(separatedBy: "```yaml\n").dropFirst().first?
        .components(separatedBy: "```").first)
    let folder = try SigningFolder()
    for selector in ["mx1-20261122-k7q2m9", "mx1-20261122-e4tw8a"] {
      try await folder.makeKey(selector)
    }
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "keys"), withIntermediateDirectories: false)
    for name in ["mx1-20261122-k7q2m9", "mx1-20261122-e4tw8a"] {
      try folder.write("keys/\(name).example.com.pem", try folder.read("\(name).example.com.pem"))
    }
    try folder.write("signet.yaml", example)
    for author in ["example.com", "news.example.com"] {
      let message = SigningFolder.message.replacing("ann@example.com", with: "ann@\(author)")
      let outcome = try await folder.run("sign", "--config", "signet.yaml", input: message)
      #expect(outcome.status == 0, "\(outcome.errors)")
      try folder.write("signed.eml", outcome.output)
      let verdict = try await folder.run("verify", "signed.eml", "--zone", "dns.zone", "--json")
      let count = author == "example.com" ? 2 : 1
      #expect(verdict.output.components(separatedBy: "\"result\":\"pass\"").count == count + 1)
    }
  }
}

@Suite("lifetimes of signatures")
struct LifetimeTests {
  @Test(
    arguments: [
      ("1", 1), ("3600s", 3600), ("90m", 5400), ("12h", 43_200), ("14d", 1_209_600),
      ("2w", 1_209_600), ("9999999999", 9_999_999_999),
    ] as [(String, UInt64)])
  func reads(text: String, seconds: UInt64) {
    #expect(Lifetime(argument: text)?.seconds == seconds)
  }

  @Test(arguments: ["", "0", "0d", "d", "-1", "1.5d", "1y", "1 d", "１", "10000000000", "1dd"])
  func refuses(text: String) {
    #expect(Lifetime(argument: text) == nil)
  }
}
