import MailTesting
import Testing

@Suite("signet verify --stamp, RFC 8601 §5")
struct StampTests {
  private static func stamp(
    _ scene: CommandScene, _ message: String
  ) async throws -> CommandOutcome {
    try await scene.verify("--stamp", "-", input: Array(message.utf8))
  }

  /// The stamped message without the field on top, which must be ours.
  private static func rest(of run: CommandOutcome, lineEnd: String) throws -> String {
    #expect(run.status == 0)
    #expect(run.errors.isEmpty)
    let text = run.text
    try #require(text.hasPrefix("Authentication-Results: mx.example;"))
    var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)[...]
    for (index, line) in lines.enumerated() where index > 0 {
      if line.first != " " { break }
      lines = lines.dropFirst()
    }
    let first = text.unicodeScalars.split(separator: "\n", maxSplits: 1)[0]
    #expect((first.last == "\r") == (lineEnd == "\r\n"))
    return lines.dropFirst().map { String($0) }.joined(separator: "\n")
  }

  @Test(arguments: ["\r\n", "\n"])
  func changesNothingElse(lineEnd: String) async throws {
    let scene = try CommandScene()
    let message = try scene.signed(CommandScene.message(body: "caf\u{E9}\n\n\n.\nFrom x\n"))
      .replacing("\r\n", with: lineEnd)
    let run = try await Self.stamp(scene, message)
    #expect(try Self.rest(of: run, lineEnd: lineEnd) == message)
    let again = try await scene.verify("--json", input: run.output)
    #expect(try again.objects().first?["dmarc"]?["result"] == .string("pass"))
    // What was stamped once is replaced, not repeated.
    let twice = try await scene.verify("--stamp", input: run.output)
    #expect(twice.output == run.output)
  }

  /// Octets that are no text, and a last line without an end.
  @Test func keepsOctetsThatAreNoText() async throws {
    let scene = try CommandScene()
    let message: [UInt8] =
      Array("From: a@lists.example\r\nX: ".utf8) + [0xFF, 0x00, 0x80, 0x0D, 0x0A, 0x0D, 0x0A]
      + (0...255)
    let run = try await scene.verify("--stamp", input: message)
    #expect(run.status == 0)
    #expect(run.output.suffix(message.count).elementsEqual(message))
  }

  @Test(
    arguments: [
      "Authentication-Results: mx.example; dkim=pass header.d=bank.example",
      "authentication-results: MX.Example; dmarc=pass",
      "Authentication-Results:mx.example;\r\n dkim=pass\r\n header.d=bank.example",
      "Authentication-Results : mx.example; dkim=pass",
      "Authentication-Results: (a comment) mx.example 1; dkim=pass",
      "Authentication-Results: \"mx.example\"; dkim=pass",
      "Authentication-Results: mx.example",
      "Authentication-Results: mx.example; none",
      "Authentication-Results:\r\n\tmx.example; dkim=pass",
      "Authentication-Results: mx.example 2; dkim=pass",
      "Authentication-Results: other.example 99; dkim=pass",
      "Authentication-Results: mx.example; dkim=pass\r\nAuthentication-Results: mx.example; spf=pass",
    ], ["\r\n", "\n"])
  func forgeriesAreTakenAway(field: String, lineEnd: String) async throws {
    let scene = try CommandScene()
    let message = try scene.signed()
    // On top, and in the middle.
    let forged =
      (field + "\r\n"
        + message.replacing("\r\nSubject: ", with: "\r\n\(field)\r\nSubject: "))
    let run = try await Self.stamp(scene, forged.replacing("\r\n", with: lineEnd))
    #expect(
      try Self.rest(of: run, lineEnd: lineEnd) == message.replacing("\r\n", with: lineEnd))
  }

  @Test(arguments: [
    "Authentication-Results: other.example; dkim=pass",
    "Authentication-Results: mx.example.org; dkim=pass",
    "Authentication-Results: sub.mx.example; dkim=pass",
    "X-Authentication-Results: mx.example; dkim=pass",
    "ARC-Authentication-Results: i=1; mx.example; dkim=pass",
    "Subject: Authentication-Results: mx.example; dkim=pass",
    "Comments: x\r\n Authentication-Results: mx.example; dkim=pass",
  ])
  func othersAreKept(field: String) async throws {
    let scene = try CommandScene()
    let message = field + "\r\n" + CommandScene.message(from: "x@lists.example")
    #expect(try Self.rest(of: try await Self.stamp(scene, message), lineEnd: "\r\n") == message)
  }

  @Test func theBodyIsLeftAlone() async throws {
    let scene = try CommandScene()
    let message = CommandScene.message(
      from: "x@lists.example", body: "Authentication-Results: mx.example; dkim=pass\n\nx\n")
    #expect(try Self.rest(of: try await Self.stamp(scene, message), lineEnd: "\r\n") == message)
  }

  @Test(arguments: [
    // Line ends are mixed: what a reader might take for a field of ours is gone, the rest stays.
    (
      "X: 1\nAuthentication-Results: mx.example; dkim=pass\r\nFrom: a@lists.example\r\n\r\nb\nc\r\n",
      "X: 1\nFrom: a@lists.example\r\n\r\nb\nc\r\n", "\n"
    ),
    (
      "From: a@lists.example\r\nX: 1\nAuthentication-Results: mx.example;\n dkim=pass\r\nY: 2\r\n\r\n",
      "From: a@lists.example\r\nX: 1\r\nY: 2\r\n\r\n", "\r\n"
    ),
    (
      "From: a@lists.example\r\nX: 1\rAuthentication-Results: mx.example; dkim=pass\rY: 2\r\n\r\nb",
      "From: a@lists.example\r\nX: 1\rY: 2\r\n\r\nb", "\r\n"
    ),
    (
      "From: a@lists.example\nX: 1\r\nAuthentication-Results: mx.example; dkim=pass\nY: 2\r\n\nb\r\n",
      "From: a@lists.example\nX: 1\r\nY: 2\r\n\nb\r\n", "\n"
    ),
    (
      "From: a@lists.example\r\nX: 1\n\r\n\r\nb\n", "From: a@lists.example\r\nX: 1\n\r\n\r\nb\n",
      "\r\n"
    ),
    // Folded lines on top would continue the field that is stamped.
    (
      " ; dkim=pass header.d=bank.example\r\nFrom: a@lists.example\r\n\r\n",
      "From: a@lists.example\r\n\r\n", "\r\n"
    ),
    ("\t; dkim=pass\n x\nFrom: a@lists.example\n\n", "From: a@lists.example\n\n", "\n"),
    (
      "Authentication-Results: mx.example; none\n ; dkim=pass\nFrom: a@lists.example\n\n",
      "From: a@lists.example\n\n", "\n"
    ),
  ])
  func mixedLineEnds(message: String, kept: String, lineEnd: String) async throws {
    let scene = try CommandScene()
    #expect(try Self.rest(of: try await Self.stamp(scene, message), lineEnd: lineEnd) == kept)
  }

  @Test func theEnvelopeLineStaysFirst() async throws {
    let scene = try CommandScene()
    let line = "From ann@example.com Sun Nov 22 10:00:00 2026\n"
    let message = try scene.signed().replacing("\r\n", with: "\n")
    let run = try await Self.stamp(scene, line + message)
    #expect(run.status == 0)
    #expect(run.text.hasPrefix(line + "Authentication-Results: mx.example;"))
    #expect(run.text.contains("dmarc=pass"))
    #expect(run.text.hasSuffix(message))
    let several = try await Self.stamp(scene, line + message + "\n" + line + message)
    #expect(several.failsNeatly(65))
  }

  @Test(arguments: [
    ["a.eml", "b.eml"], ["--json", "a.eml"], ["--explain"], ["--batch", "b.jsonl"],
  ])
  func writesOneMessageAndNothingElse(arguments: [String]) async throws {
    let scene = try CommandScene()
    let run = try await scene.verify(["--stamp"] + arguments)
    #expect(run.failsNeatly(64))
  }

  @Test(arguments: ["", "a\nb", "a\u{1B}[2Jb", "a\u{202E}b"])
  func ourNameIsAName(name: String) async throws {
    let scene = try CommandScene()
    let run = try await scene.signet(["verify", "--authserv-id", name], input: [])
    #expect(run.failsNeatly(64))
  }
}
