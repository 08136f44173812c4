import Mail
import MailTesting
import Testing
import Wire

@testable import Authentication

@Suite("canonical forms of the header, RFC 6376 §3.4.1, §3.4.2, §5.4.2")
struct HeaderCanonicalizationTests {
  private static func canonical(_ form: DKIMCanonicalization, _ header: [UInt8]) -> [UInt8] {
    let header = MessageHeader(octets: header)
    var output: [UInt8] = []
    for field in header.fields { form.append(field, of: header, to: &output) }
    return output
  }

  @Test(arguments: [
    // The example of §3.4.5.
    ("A: X\r\nB : Y\t\r\n\tZ  \r\n", "a:X\r\nb:Y Z\r\n"),
    // An empty value, and one of blanks alone.
    ("A:\r\nB: \t\r\nC:\r\n \r\n", "a:\r\nb:\r\nc:\r\n"),
    // Colons and blanks inside; capitals only in the name are made small.
    ("SuBJect \t:\tA:  B\t\tC:d\r\n", "subject:A: B C:d\r\n"),
    // Several folds, one of blanks alone.
    ("A: x\r\n  y\r\n \t\r\n z\r\n", "a:x y z\r\n"),
    // A bare CR or LF, a form feed and octets beyond US-ASCII are content.
    ("A: x\ry\nz\u{0C} é\r\n", "a:x\ry\nz\u{0C} é\r\n"),
    // The last line may lack its end; the canonical form has it.
    ("A: x", "a:x\r\n"),
  ])
  func relaxed(header: String, expected: String) {
    #expect(Self.canonical(.relaxed, Array(header.utf8)) == Array(expected.utf8))
    // Simple changes nothing but that last line end.
    let whole = header.hasSuffix("\r\n") ? header : header + "\r\n"
    #expect(Self.canonical(.simple, Array(header.utf8)) == Array(whole.utf8))
  }

  @Test func agreesWithReference() {
    let atoms = ["\r\n ", "\r\n\t", " ", "\t", "x", "Y", ":", "\r", "\n", "é"]
    var random = RandomSource(seed: 3)
    var compared = 0
    for _ in 0..<3000 {
      var field = "Ab" + (Bool.random(using: &random) ? " \t:" : ":")
      for _ in 0..<Int.random(in: 0...10, using: &random) {
        field += atoms.randomElement(using: &random) ?? ""
      }
      // A bare CR or LF before "\r\n " would change which CRLF is one; the header reader decides.
      let octets = Array(field.utf8)
      let header = MessageHeader(octets: octets + SlowDKIM.lineEnd)
      guard header.fields.count == 1, header.fields.first?.range.count == octets.count + 2 else {
        continue
      }
      compared += 1
      let expected = SlowDKIM.relaxedField(octets) + SlowDKIM.lineEnd
      #expect(Self.canonical(.relaxed, octets + SlowDKIM.lineEnd) == expected, "\(octets)")
    }
    #expect(compared > 1500)
  }

  /// §3.7: the value of `b=` is left out with the blanks around it; nothing else is.
  @Test(arguments: [
    ("DKIM-Signature: v=1; b=  QUJD\r\n  REVG ; d=e", "dkim-signature:v=1; b=; d=e"),
    ("DKIM-Signature: b=QUJD", "dkim-signature:b="),
    ("DKIM-Signature: v=1; bb=QUJD; b=QUJD\r\n ", "dkim-signature:v=1; bb=QUJD; b="),
    ("DKIM-Signature: b=QUJD;", "dkim-signature:b=;"),
    // The same text in another tag stays.
    ("DKIM-Signature: x=b=QUJD; b=QUJD", "dkim-signature:x=b=QUJD; b="),
  ])
  func signatureField(field: String, relaxed: String) throws {
    let header = MessageHeader(octets: Array((field + "\r\n").utf8))
    let own = try #require(header.fields.first)
    let tags = try TagList(parsing: Array(header.value(of: own)))
    let hole = try #require(tags["b"]?.valueRange)
    var output: [UInt8] = []
    DKIMCanonicalization.relaxed.append(
      signatureField: own, of: header, without: hole, to: &output)
    #expect(String(decoding: output, as: UTF8.self) == relaxed)
    var simple: [UInt8] = []
    DKIMCanonicalization.simple.append(signatureField: own, of: header, without: hole, to: &simple)
    let before = Array(field.utf8).prefix(own.valueRange.lowerBound + hole.lowerBound)
    let after = Array(field.utf8).dropFirst(own.valueRange.lowerBound + hole.upperBound)
    #expect(simple == Array(before + after))
  }

  /// §5.4.2: `h=Received:Received` takes C, then B; what is used up signs its absence.
  @Test func pickingFromTheBottom() {
    let header = MessageHeader(
      octets: Array("Received: A\r\nFrom: x\r\nRECEIVED: B\r\nReceived : C\r\n".utf8))
    var picker = SignedFieldPicker(header)
    let picked = (0..<4).map { _ in picker.pick("received").map { header.text(of: $0) } }
    #expect(picked == ["C", "B", "A", nil])
    #expect(picker.pick("x-none") == nil)
    #expect(picker.pick("from").map { header.text(of: $0) } == "x")
  }
}
