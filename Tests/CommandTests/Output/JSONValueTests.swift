import Foundation
import Mail
import Testing

@testable import signet

@Suite("JSON, RFC 8259")
struct JSONValueTests {
  /// What is written is read as the same by another program, and on one line.
  @Test func everyScalar() throws {
    var wrong: [UInt32] = []
    for value in UInt32(0)..<0x3000 {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let text = "a\(scalar)b"
      let line = JSONValue.array([.string(text), .object([text: .null])]).line()
      let read = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [Any]
      let isSame =
        (read?[0] as? String)?.unicodeScalars.elementsEqual(text.unicodeScalars) == true
        && (read?[1] as? [String: Any])?.keys.first?.unicodeScalars
          .elementsEqual(text.unicodeScalars) == true
      if !isSame || line.unicodeScalars.contains(where: \.isInvisible) { wrong.append(value) }
    }
    #expect(wrong.isEmpty)
  }

  @Test(
    arguments: [
      (.null, "null"), (.bool(true), "true"), (.bool(false), "false"), (.number(-12), "-12"),
      (.number(.max), "9223372036854775807"), (.string(""), #""""#), (.array([]), "[]"),
      (.object([:]), "{}"), (.array([.number(1), .array([.null])]), "[1,[null]]"),
      (.object(["b": .number(1), "a_b": .number(2), "a": .null]), #"{"a":null,"a_b":2,"b":1}"#),
      (.string("a/\"\\\u{8}\t\n\u{C}\r"), #""a/\"\\\b\t\n\f\r""#),
      (.string("\0\u{1F}\u{7F}"), #""\u0000\u001f\u007f""#),
      (.string("ü\u{202E}\u{E0001}😀"), #""ü\u202e\udb40\udc01😀""#),
    ] as [(JSONValue, String)])
  func writes(value: JSONValue, line: String) { #expect(value.line() == line) }
}
