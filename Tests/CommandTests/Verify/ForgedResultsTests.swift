import Mail
import Testing

@testable import signet

@Suite("results in our name are found however lines end, RFC 8601 §5")
struct ForgedResultsTests {
  private static let ours = [
    "Authentication-Results: mx.example; dkim=pass", "authentication-results:mx.example;spf=pass",
    "Authentication-Results : (x) mx.example 1; none",
  ]
  private static let others = [
    "From: a@b.example", "Subject: x", " folded", "\tmx.example; dkim=pass", "no colon",
    "Authentication-Results: other.example; dkim=pass", "X: mx.example", ": none",
  ]
  private static let lineEnds = ["\r\n", "\n", "\r", "\r\n"]

  /// Made-up headers of all mixtures: nothing of ours is left for any reader, and nothing but whole
  /// lines is gone.
  @Test(arguments: [LineEnds.crlf, .bareLineFeed])
  func inMixtures(reading: LineEnds) {
    var state: UInt64 = 7
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let forgery = ForgedResults(authservID: "mx.example")
    for _ in 0..<3_000 {
      var text = ""
      for _ in 0..<random(8) {
        let lines = random(2) == 0 ? Self.ours : Self.others
        text += lines[random(lines.count)] + Self.lineEnds[random(4)]
      }
      let ending = ["\r\nbody", "\nbody", "", "\rbody"][random(4)]
      let message = Array((text + ending).utf8)
      let (head, body) = forgery.removed(from: message[...], reading)
      #expect(message.suffix(body.count).elementsEqual(body))
      #expect(Self.isFree(head), "\(text.debugDescription)")
      #expect(Self.isSubsequence(head, of: message))
      #expect(head.first != 0x20 && head.first != 0x09)
      // What is clean stays clean.
      let again = forgery.removed(from: (head + body)[...], reading)
      #expect(again.head + again.body == head + body, "\(text.debugDescription)")
    }
  }

  private static func isFree(_ head: [UInt8]) -> Bool {
    let lines = String(decoding: head, as: UTF8.self).unicodeScalars
      .split { $0 == "\r" || $0 == "\n" }.map { String($0).lowercased() }
    return !lines.contains { line in
      line.hasPrefix("authentication-results") && line.contains("mx.example")
    }
  }

  private static func isSubsequence(_ part: [UInt8], of whole: [UInt8]) -> Bool {
    var rest = part[...]
    for octet in whole where rest.first == octet { rest = rest.dropFirst() }
    return rest.isEmpty
  }

  /// The work grows with the header, not with its square.
  @Test(.timeLimit(.minutes(1))) func manyForgeries() {
    let forged = String(
      repeating: Self.ours[0] + "\r\nX: y\n" + Self.ours[1] + "\r\n", count: 5_000)
    let message = Array(("From: a@b.example\r\n" + forged + "\r\nbody").utf8)
    let (head, body) = ForgedResults(authservID: "mx.example").removed(from: message[...], .crlf)
    #expect(body.elementsEqual("\r\nbody".utf8))
    #expect(head.count == "From: a@b.example\r\n".utf8.count + 5_000 * "X: y\r\n".utf8.count)
  }
}
