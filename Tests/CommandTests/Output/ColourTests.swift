import Foundation
import MailTesting
import Testing

/// `script` of bsdutils runs a command on a terminal of its own.
private let hasTerminal = FileManager.default.isExecutableFile(atPath: "/usr/bin/script")

/// Makes a pipe `p` that brings `a.eml` over a second after its reader has opened it.
private let slowPipe = "mkfifo p; (exec 3> p; sleep 1.2; cat a.eml >&3) & "

@Suite("colour and progress, only where a person looks")
struct ColourTests {
  @Test func noneWithoutATerminal() async throws {
    let scene = try CommandScene()
    try scene.write("a.eml", try scene.signed())
    try scene.write("b.eml", CommandScene.message())
    for arguments in [["a.eml", "b.eml", "--explain"], ["a.eml", "--json"]] {
      let run = try await scene.signet(
        ["verify", "--zone", "dns.zone"] + arguments, environment: ["TERM": "xterm-256color"])
      #expect(run.isFitForTerminals)
      #expect(run.errors.isEmpty)
    }
  }

  @Test(
    .enabled(if: hasTerminal),
    arguments: [
      ("", true), ("NO_COLOR=", true), ("NO_COLOR=1", false), ("TERM=dumb", false),
    ])
  func colourOnATerminal(setting: String, isShown: Bool) async throws {
    let scene = try CommandScene()
    try scene.write("a.eml", try scene.signed())
    let run = try await scene.shell(
      "unset NO_COLOR; \(setting.isEmpty ? "" : "export \(setting);")"
        + " exec script -qec \"$verify a.eml\" /dev/null",
      environment: ["TERM": setting.hasPrefix("TERM") ? "dumb" : "xterm"])
    #expect(run.status == 0)
    #expect(run.text.contains("\u{1B}[32mGENUINE\u{1B}[0m") == isShown)
    #expect(run.text.contains("GENUINE"))
    #expect(run.text.contains("\u{1B}") == isShown)
  }

  /// A run of over a second, with its answers in a file.
  @Test(.enabled(if: hasTerminal), arguments: [("xterm", true), ("dumb", false)])
  func progressOnATerminal(terminal: String, isShown: Bool) async throws {
    let scene = try CommandScene()
    try scene.write("a.eml", try scene.signed())
    try scene.write(
      "run.sh", "\(slowPipe)$verify a.eml p a.eml --jobs 1 > answers\n")
    let run = try await scene.shell(
      "exec script -qec 'bash run.sh' /dev/null", environment: ["TERM": terminal])
    #expect(run.status == 0)
    #expect(run.text.contains("messages") == isShown)
    #expect(run.text.isEmpty != isShown)
    // It is gone in the end.
    if isShown { #expect(run.text.hasSuffix("\r\u{1B}[K")) }
    let answers = try Data(contentsOf: scene.folder.appending(path: "answers"))
    #expect(!answers.contains(0x1B) && !answers.isEmpty)
  }

  /// Answers on the terminal are progress enough; a bar would stand in their way.
  @Test(.enabled(if: hasTerminal))
  func noProgressAmongAnswers() async throws {
    let scene = try CommandScene()
    try scene.write("a.eml", try scene.signed())
    try scene.write("run.sh", "\(slowPipe)$verify a.eml p a.eml --jobs 1\n")
    let run = try await scene.shell(
      "exec script -qec 'bash run.sh' /dev/null", environment: ["TERM": "xterm"])
    #expect(run.text.split(separator: "GENUINE").count == 4)
    #expect(!run.text.contains("messages") && !run.text.contains("\u{1B}[K"))
  }
}
