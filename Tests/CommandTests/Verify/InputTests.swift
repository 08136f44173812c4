import Foundation
import MailTesting
import Testing

@Suite("signet verify: files, pipes, mboxes and folders")
struct InputTests {
  @Test(arguments: [["-"], []])
  func readsStandardInput(arguments: [String]) async throws {
    let scene = try CommandScene()
    let message = Array(try scene.signed().utf8)
    let run = try await scene.verify(arguments, input: message)
    #expect(run.status == 0)
    #expect(run.text.hasPrefix("standard input\n  GENUINE"))
    let json = try await scene.verify(arguments + ["--json"], input: message)
    #expect(try json.objects().first?["file"] == .string("-"))
  }

  /// A pipe gives its octets once.
  @Test(arguments: [
    "$verify <(cat a.eml)", "cat a.eml | $verify /dev/stdin", "mkfifo p; cat a.eml > p & $verify p",
    "$verify < a.eml", "cat a.eml | $verify", "(cat a.eml; sleep 0.2) | $verify",
  ])
  func readsPipes(script: String) async throws {
    let scene = try CommandScene()
    try scene.write("a.eml", try scene.signed())
    let run = try await scene.shell(script)
    #expect(run.status == 0, "\(run.errorText)")
    #expect(run.text.contains("GENUINE"))
  }

  @Test func lineEndsOfTheFileChangeNothing() async throws {
    let scene = try CommandScene()
    let message = try scene.signed()
    try scene.write("crlf.eml", message)
    try scene.write("lf.eml", message.replacing("\r\n", with: "\n"))
    let run = try await scene.verify("crlf.eml", "lf.eml", "--json", "--explain")
    let verdicts = try run.objects()
    #expect(run.status == 0)
    for name in ["spf", "dkim", "arc", "dmarc", "addresses", "evidence"] {
      #expect(verdicts[0][name] == verdicts[1][name])
    }
  }

  /// Three messages as an mbox ("mboxrd"), the second with lines that look like its separator.
  private static func mbox(_ scene: CommandScene, lineEnd: String) throws -> [UInt8] {
    let second = CommandScene.message(
      body: "a\nFrom here to there\n>From you\n\nFrom now on\n\nend\n")
    let messages = [
      try scene.signed(), try scene.signed(second), CommandScene.message(from: "x@lists.example"),
    ]
    return Array(
      messages.map { message in
        let lines = message.replacing("\r\n", with: "\n").split(
          separator: "\n", omittingEmptySubsequences: false)
        let quoted = lines.map { line in
          line.drop { $0 == ">" }.hasPrefix("From ") ? ">" + line : String(line)
        }
        return "From ann@example.com Sun Nov 22 10:00:00 2026\n" + quoted.joined(separator: "\n")
          + "\n"
      }.joined().replacing("\n", with: lineEnd).utf8)
  }

  @Test(arguments: ["\n", "\r\n"], ["m.mbox", "-"])
  func readsMboxes(lineEnd: String, path: String) async throws {
    let scene = try CommandScene()
    let mbox = try Self.mbox(scene, lineEnd: lineEnd)
    try scene.write("m.mbox", mbox)
    let run = try await scene.verify([path, "--json"], input: path == "-" ? mbox : nil)
    let verdicts = try run.objects()
    #expect(verdicts.map { $0["file"]?.text } == ["\(path)#1", "\(path)#2", "\(path)#3"])
    #expect(
      verdicts.map { $0["dmarc"]?["result"]?.text } == ["pass", "pass", "none"])
    #expect(run.status == 0)
  }

  @Test func anMboxWithoutAMessageIsUnreadable() async throws {
    let scene = try CommandScene()
    try scene.write("m.mbox", "From ann@example.com Sun Nov 22 10:00:00 2026\n")
    #expect(try await scene.verify("m.mbox").failsNeatly(65))
  }

  @Test func readsMaildirs() async throws {
    let scene = try CommandScene()
    let message = try scene.signed()
    for name in ["cur/2:2,S", "new/1", "tmp/half", "cur/.hidden", "other/x", "dovecot.index"] {
      try scene.write("box/\(name)", message)
    }
    let run = try await scene.verify("box", "--json")
    #expect(run.status == 0)
    #expect(try run.objects().map { $0["file"]?.text } == ["box/cur/2:2,S", "box/new/1"])
  }

  @Test(arguments: ["box", "box/", "./box"])
  func readsPlainFolders(path: String) async throws {
    let scene = try CommandScene()
    try scene.write("box/b.eml", try scene.signed())
    try scene.write("box/a.eml", CommandScene.message())
    try scene.write("box/sub/c.eml", CommandScene.message())
    let run = try await scene.verify(path, "--json")
    #expect(run.status == 1)
    let folder = path.hasSuffix("/") ? String(path.dropLast()) : path
    #expect(try run.objects().map { $0["file"]?.text } == ["\(folder)/a.eml", "\(folder)/b.eml"])
  }

  @Test func manyFilesAndOneThatIsNotThere() async throws {
    let scene = try CommandScene()
    try scene.write("a.eml", try scene.signed())
    let run = try await scene.verify("a.eml", "none.eml", "a.eml")
    #expect(run.status == 65)
    #expect(run.text.split(separator: "GENUINE").count == 3)
    #expect(run.errorText == "signet: none.eml: no such file\n")
  }

  /// More than the open files that a process may have.
  @Test func manyFilesInAFolder() async throws {
    let scene = try CommandScene()
    for number in 0..<400 {
      try scene.write("box/\(1000 + number)", "From: a@lists.example\n\nx\n")
    }
    let run = try await scene.shell("ulimit -n 64; $verify box --json --jobs 16")
    #expect(run.status == 0)
    let names = try run.objects().compactMap { $0["file"]?.text }
    #expect(names.count == 400)
    #expect(names == names.sorted())
  }

  @Test func zoneThroughAPipe() async throws {
    let scene = try CommandScene()
    try scene.write("a.eml", try scene.signed())
    let filler = (0..<4000).map { "n\($0).example. A 192.0.2.1\n" }.joined()
    try scene.write("big.zone", filler + scene.zoneText)
    let run = try await scene.shell("\"$signet\" verify --zone <(cat big.zone) a.eml")
    #expect(run.status == 0)
  }
}
