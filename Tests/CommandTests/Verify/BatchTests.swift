import Foundation
import MailTesting
import Testing

@Suite("signet verify --batch")
struct BatchTests {
  @Test func answersInOrderWithTheirIdentifiers() async throws {
    let scene = try CommandScene()
    try scene.write("good.eml", try scene.signed())
    try scene.write("bare.eml", CommandScene.message())
    var lines: [String] = []
    for number in 0..<50 {
      switch number % 5 {
      case 0: lines.append(#"{"id": "m\#(number)", "file": "good.eml"}"#)
      case 1:
        lines.append(
          #"{"id": "m\#(number)", "file": "bare.eml", "ip": "192.0.2.9", "helo": "h.example", "#
            + #""mail_from": "ann@example.com"}"#)
      case 2:
        lines.append(
          #"{"id": "m\#(number)", "file": "bare.eml", "ip": "198.51.100.9", "helo": null, "#
            + #""mail_from": "ann@example.com"}"#)
      case 3: lines.append(#"{"id": "m\#(number)", "file": "gone.eml"}"#)
      default: lines.append(#"{"id": "m\#(number)", "file": "bare.eml", "ip": "nowhere"}"#)
      }
    }
    try scene.write("batch.jsonl", lines.joined(separator: "\n"))
    let run = try await scene.verify("--batch", "batch.jsonl", "--json", "--jobs", "4")
    #expect(run.status == 65)
    #expect(run.errors.isEmpty)
    let objects = try run.objects()
    #expect(objects.map { $0["id"]?.text } == (0..<50).map { "m\($0)" })
    for (number, object) in objects.enumerated() {
      switch number % 5 {
      case 0: #expect(object["dmarc"]?["result"] == .string("pass"))
      case 1: #expect(object["spf"]?["result"] == .string("pass"))
      case 2:
        #expect(object["spf"]?["result"] == .string("fail"))
        #expect(object["dmarc"]?["result"] == .string("fail"))
      case 3:
        #expect(object["error"] == .string("no such file"))
        #expect(object.names == ["id", "file", "error"])
      default: #expect(object["error"] == .string("\"ip\" is not an IP address"))
      }
    }
  }

  @Test func filesAreLookedForBesideTheBatch() async throws {
    let scene = try CommandScene()
    try scene.write("mail/inner/a.eml", try scene.signed())
    try scene.write("mail/batch.jsonl", #"{"id": "1", "file": "inner/a.eml"}"# + "\r\n\r\n")
    let run = try await scene.verify("--batch", "mail/batch.jsonl", "--json")
    #expect(run.status == 0)
    #expect(try run.objects().first?["file"] == .string("inner/a.eml"))
  }

  @Test func comesThroughAPipe() async throws {
    let scene = try CommandScene()
    try scene.write("a.eml", try scene.signed())
    let batch = Array(#"{"file": "a.eml"}"#.utf8)
    let run = try await scene.verify("--batch", "-", "--json", input: batch)
    #expect(run.status == 0)
    #expect(try run.objects().first?["id"] == .null)
    let text = try await scene.verify("--batch", "-", input: batch)
    #expect(text.text.hasPrefix("a.eml\n  GENUINE"))
  }

  @Test(arguments: [
    ("{\"file\": \"a.eml\"}\n{\"file\": ", "2: not a batch line: no JSON object"),
    ("\n\nhello\n", "3: not a batch line: no JSON object"),
    ("[]", "1: not a batch line: no JSON object"),
    ("{\"id\": \"1\"}", "1: not a batch line: \"file\" is missing"),
    ("{\"file\": 7}", "1: not a batch line: \"file\" is no string"),
    ("{\"file\": null}", "1: not a batch line: \"file\" is no string"),
    ("{\"file\": \"a\", \"ip\": {}}", "1: not a batch line: \"ip\" is no string"),
    ("{\"file\": \"a\"} x", "1: not a batch line: no JSON object"),
    ("{\"file\": \"\\ud800\"}", "1: not a batch line: no JSON object"),
    ("\u{0}\u{1}", "1: not a batch line: no JSON object"),
  ])
  func badLinesAreNamed(batch: String, problem: String) async throws {
    let scene = try CommandScene()
    try scene.write("b.jsonl", batch)
    let run = try await scene.verify("--batch", "b.jsonl", "--json")
    #expect(run.failsNeatly(65))
    #expect(run.errorText == "signet: b.jsonl:\(problem)\n")
  }

  @Test func anEmptyBatchIsNoMistake() async throws {
    let scene = try CommandScene()
    try scene.write("b.jsonl", "")
    let run = try await scene.verify("--batch", "b.jsonl", "--json")
    #expect(run.status == 0)
    #expect(run.output.isEmpty && run.errors.isEmpty)
  }
}
