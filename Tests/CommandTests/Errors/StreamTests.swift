import MailTesting
import Testing

@Suite("streams that are closed, full, or left by their reader")
struct StreamTests {
  private static func scene() throws -> CommandScene {
    let scene = try CommandScene()
    try scene.write("a.eml", try scene.signed())
    let lines = (0..<300).map { #"{"id": "\#($0)", "file": "a.eml"}"# }
    try scene.write("b.jsonl", lines.joined(separator: "\n"))
    return scene
  }

  @Test(arguments: ["", "trap '' PIPE;"])
  func aReaderWhoLeavesEndsTheRunQuietly(before: String) async throws {
    let run = try await Self.scene().shell(
      "\(before) $verify --batch b.jsonl --json | head -n 1 | wc -l; echo ${PIPESTATUS[0]}")
    #expect(run.text == "1\n141\n")
    #expect(run.errors.isEmpty)
  }

  @Test(arguments: [
    ("$verify a.eml > /dev/full", 74, "signet: standard output: No space left on device\n"),
    ("$verify a.eml --json > /dev/full", 74, "signet: standard output: No space left on device\n"),
    ("$verify a.eml --stamp > /dev/full", 74, "signet: standard output: No space left on device\n"),
    ("$verify a.eml >&-", 74, "signet: standard output: Bad file descriptor\n"),
    ("$verify <&-", 65, "signet: standard input: cannot be read\n"),
    ("$verify --stamp <&-", 65, "signet: standard input: cannot be read\n"),
    ("$verify - < .", 65, "signet: standard input: cannot be read\n"),
    ("$verify a.eml > /dev/full 2> /dev/full", 74, ""),
    ("$verify none.eml 2>&-", 65, ""),
    ("$verify none.eml 2> /dev/full", 65, ""),
    ("$verify a.eml <&- >&- 2>&-", 74, ""),
  ])
  func brokenStreams(script: String, status: Int, line: String) async throws {
    let run = try await Self.scene().shell(script)
    #expect(run.status == status)
    #expect(run.errorText == line)
    #expect(run.output.isEmpty)
  }

  /// With its streams closed nothing is read out of, or written into, what is opened later.
  @Test func closedStreamsAreNotReused() async throws {
    let scene = try Self.scene()
    let run = try await scene.shell(
      "$verify --json --with dns.zone a.eml none.eml <&- 2>&-; cmp dns.zone <(cat dns.zone)")
    #expect(run.status == 0)
    #expect(try run.objects().count == 2)
  }

  /// More than a pipe holds, in and out.
  @Test func bigOutput() async throws {
    let scene = try Self.scene()
    let run = try await scene.verify("--batch", "b.jsonl", "--json", "--explain", "--jobs", "4")
    #expect(run.status == 0)
    #expect(run.output.count > 500_000)
    #expect(try run.objects().map { $0["id"]?.text } == (0..<300).map { "\($0)" })
  }
}
