import MailTesting
import Testing

@Suite("mistakes of the caller: one line on standard error, and a status that tells")
struct UsageTests {
  @Test(arguments: [
    // Wrong usage, and what the line names.
    (["bogus"], 64, "'bogus'"),
    (["--bogus"], 64, "'--bogus'"),
    (["verify", "--bogus"], 64, "signet verify --help"),
    (["verify", "a.eml", "--zone"], 64, "'--zone <file>'"),
    (["verify", "a.eml", "--ip", "1.2.3"], 64, "--ip 1.2.3: not an IP address"),
    (["verify", "a.eml", "--ip", ""], 64, "not an IP address"),
    (["verify", "a.eml", "--helo", "x"], 64, "say nothing without --ip"),
    (["verify", "a.eml", "--mail-from", "x"], 64, "say nothing without --ip"),
    (["verify", "a.eml", "--now", "soon"], 64, "'soon'"),
    (["verify", "a.eml", "--jobs", "0"], 64, "--jobs"),
    (["verify", "a.eml", "--jobs", "257"], 64, "--jobs"),
    (["verify", "a.eml", "--jobs", "many"], 64, "'many'"),
    (["verify", "a.eml", "--dns-timeout", "0"], 64, "--dns-timeout"),
    (["verify", "a.eml", "--dns-timeout", "nan"], 64, "--dns-timeout"),
    (
      ["verify", "a.eml", "--dns", "resolver.example"], 64, "--dns resolver.example: not an address"
    ),
    (["verify", "a.eml", "--dns", "127.0.0.1:0"], 64, "--dns 127.0.0.1:0"),
    (["verify", "a.eml", "--dns", "127.0.0.1:65536"], 64, "--dns 127.0.0.1:65536"),
    (["verify", "a.eml", "--dns", ""], 64, "--dns"),
    (["verify", "a.eml", "--zone", "dns.zone", "--dns", "127.0.0.1"], 64, "--zone answers alone"),
    (["verify", "a.eml", "--batch", "b.jsonl"], 64, "--batch names its messages"),
    (["verify", "--batch", "b.jsonl", "--ip", "192.0.2.1"], 64, "--batch names its messages"),
    // What is named cannot be read.
    (["verify", "none.eml", "--zone", "dns.zone"], 65, "signet: none.eml: no such file\n"),
    (["verify", "a.eml/x", "--zone", "dns.zone"], 65, "signet: a.eml/x: no such file\n"),
    (["verify", "empty", "--zone", "dns.zone"], 65, "signet: empty: the message is empty\n"),
    (
      ["verify", "hollow", "--zone", "dns.zone"], 65, "signet: hollow: no messages in this folder\n"
    ),
    (["verify", "--zone", "dns.zone"], 65, "signet: standard input: the message is empty\n"),
    (
      ["verify", "--stamp", "none.eml", "--zone", "dns.zone"], 65,
      "signet: none.eml: no such file\n"
    ),
    (["verify", "--stamp", "hollow", "--zone", "dns.zone"], 65, "signet: hollow: is a folder\n"),
    (["verify", "--batch", "none", "--zone", "dns.zone"], 65, "signet: none: no such file\n"),
    (["verify", "--batch", "hollow", "--zone", "dns.zone"], 65, "signet: hollow: is a folder\n"),
    (
      ["verify", "a.eml", "--zone", "none.zone"], 65,
      "signet: none.zone: cannot be read: no such file\n"
    ),
    (["verify", "a.eml", "--zone", "hollow"], 65, "signet: hollow: cannot be read: is a folder\n"),
    (
      ["verify", "a.eml", "--zone", "bad.zone"], 65,
      "signet: bad.zone:3: bad IPv4 address \"1.2.3.400\"\n"
    ),
    (
      ["verify", "a.eml", "--zone", "out.zone"], 65,
      "signet: out.zone:2: cannot include \"../secret\": "
    ),
    (["verify", "a.eml", "--zone", "root.zone"], 65, "the path is absolute"),
    (["verify", "a.eml", "--zone", "self.zone"], 65, "signet: "),
    (
      ["spf", "example.com", "--zone", "none.zone"], 65,
      "signet: none.zone: cannot be read: no such file\n"
    ),
    (
      ["spf", "example.com", "--zone", "dns.zone", "--with", "bad.zone"], 65, "signet: bad.zone:3: "
    ),
    // The system, or what is said of it, is not as it must be.
    (["verify", "a.eml", "--trust-anchor", "none.ds"], 78, "trust anchor none.ds: "),
  ])
  func failsNeatly(arguments: [String], status: Int, line: String) async throws {
    let scene = try CommandScene()
    try scene.write("a.eml", CommandScene.message())
    try scene.write("empty", "")
    try scene.write("hollow/.hidden", "x")
    try scene.write("bad.zone", "$TTL 60\na.example. TXT \"x\"\nb.example. A 1.2.3.400\n")
    try scene.write("out.zone", "a.example. 60 A 192.0.2.1\n$INCLUDE ../secret\n")
    try scene.write("root.zone", "$INCLUDE /etc/hostname\n")
    try scene.write("self.zone", "$INCLUDE self.zone\n")
    let run = try await scene.signet(arguments, input: [])
    #expect(run.failsNeatly(status), "\(run.status) \(run.text) \(run.errorText)")
    #expect(run.errorText.contains(line), "\(run.errorText)")
  }

  /// What is no message at all, of several kinds.
  @Test func binariesAreNoMessages() async throws {
    let scene = try CommandScene()
    var random = [UInt8](repeating: 0, count: 100_000)
    var state: UInt64 = 1
    for index in random.indices {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      random[index] = UInt8(truncatingIfNeeded: state >> 33)
    }
    let kinds: [(String, [UInt8])] = [
      ("random", random),
      ("elf", [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0] + random),
      ("jpeg", [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, 0x4A, 0x46, 0x49, 0x46, 0, 1] + random),
      ("zip", Array("PK\u{3}\u{4}".utf8) + random),
      ("zeros", [UInt8](repeating: 0, count: 70_000)),
      ("utf16", Array("From: a@example.com\r\n\r\n".utf16.flatMap { [UInt8($0), 0] })),
      ("text", Array("Dear Ann,\n\nwhat now: nothing.\n".utf8)),
      ("source", Array("#!/bin/sh\ncase x in\n  a) echo: ;;\nesac\n".utf8)),
    ]
    for (name, octets) in kinds { try scene.write(name, octets) }
    for (name, _) in kinds {
      let run = try await scene.verify(name)
      #expect(run.failsNeatly(65), "\(name): \(run.text)")
      #expect(run.errorText.hasPrefix("signet: \(name): not a mail message"))
    }
    let json = try await scene.verify(kinds.map(\.0) + ["--json"])
    #expect(json.status == 65)
    #expect(json.errors.isEmpty)
    #expect(
      try json.objects().allSatisfy { $0["error"]?.text?.hasPrefix("not a mail message") == true })
  }

  /// Where nobody answers there is a verdict all the same, and it is not "no record".
  @Test func unreachableResolver() async throws {
    let scene = try CommandScene()
    try scene.write("a.eml", try scene.signed())
    let arguments = [
      "verify", "a.eml", "--dns", "127.0.0.1:1", "--no-dnssec", "--dns-timeout", "0.3",
    ]
    let text = try await scene.signet(arguments)
    #expect(text.status == 2)
    #expect(text.text.contains("UNKNOWN  DNS trouble: try again later"))
    #expect(text.errors.isEmpty)
    let json = try await scene.signet(arguments + ["--json"])
    #expect(json.status == 2)
    let verdict = try #require(try json.objects().first)
    #expect(verdict["dkim"]?[0]?["result"] == .string("temperror"))
    #expect(verdict["dmarc"]?["result"] == .string("temperror"))
  }
}
