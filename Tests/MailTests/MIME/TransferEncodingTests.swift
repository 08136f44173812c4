import Mail
import Testing
import Wire

@Suite("Transfer encodings, RFC 2045 §6")
struct TransferEncodingTests {
  @Test(arguments: [
    ("a=3Db", "a=b"), ("J=C3=B6rg", "Jörg"), ("j=c3=b6rg", "jörg"),
    ("one=\r\ntwo", "onetwo"), ("one= \t\r\ntwo", "onetwo"), ("one=\ntwo", "onetwo"),
    ("one=", "one"), ("blanks  \r\nx", "blanks\r\nx"), ("kept=20\r\n", "kept \r\n"),
    // What begins no escape stands for itself.
    ("a=b", "a=b"), ("a==3D", "a=="), ("=G1", "=G1"), ("", ""),
  ])
  func decodesQuotedPrintable(encoded: String, text: String) {
    #expect(QuotedPrintable.decode(Array(encoded.utf8)[...]).text == text)
  }

  @Test(arguments: [
    ("a=b", "a=3Db"), ("Jörg\r\n", "J=C3=B6rg\r\n"), ("blank \r\n", "blank=20\r\n"),
    ("tab\t", "tab=09"), ("\r", "=0D"), ("\n", "=0A"), ("", ""),
  ])
  func encodesQuotedPrintable(text: String, encoded: String) {
    #expect(QuotedPrintable.encode(Array(text.utf8)[...]).text == encoded)
  }

  /// Both sides of the length of a line, filled to the last octet or not.
  @Test(arguments: [
    (76, true, [76]), (77, true, [76, 2]), (75, false, [75]), (76, false, [76, 1]),
  ])
  func breaksLines(count: Int, fills: Bool, lengths: [Int]) {
    var style = QuotedPrintable.Style()
    style.fillsLastLine = fills
    let text = [UInt8](repeating: 0x61, count: count)
    let lines = QuotedPrintable.encode(text[...], style).text.split(separator: "\r\n")
    #expect(lines.map(\.count) == lengths)
  }

  /// Whatever the style, what was encoded is what is decoded, in lines of at most 76 octets.
  @Test(arguments: 0..<8)
  func returns(variant: Int) {
    var style = QuotedPrintable.Style()
    style.fillsLastLine = variant & 1 == 0
    style.breaksAtBlanks = variant & 2 == 0
    style.escapesLineStarts = variant & 4 == 0
    var text: [UInt8] = Array("From here\r\n.\r\n\t\r\n \r\n".utf8)
    for index in 0..<2_000 { text.append(UInt8(truncatingIfNeeded: index &* index &+ variant)) }
    let encoded = QuotedPrintable.encode(text[...], style)
    #expect(QuotedPrintable.decode(encoded[...]) == text)
    let lines = encoded.text.split(separator: "\r\n")
    #expect(lines.allSatisfy { $0.utf8.count <= 76 })
    #expect(!style.escapesLineStarts || encoded.starts(with: "=46rom".utf8))
  }

  /// Found by fuzzing: what stands behind the blank may be too long with the next octet as well.
  @Test(arguments: [
    // The blank is the first of a full line, so breaking behind it makes no room.
    (" " + String(repeating: "a", count: 74) + "é", true),
    ("b " + String(repeating: "a", count: 73) + "é", true),
    ("b " + String(repeating: "a", count: 73) + "é", false),
    (String(repeating: "a", count: 75) + "é", true),
  ])
  func keepsLinesWithin76Octets(text: String, breaksAtBlanks: Bool) {
    var style = QuotedPrintable.Style()
    style.breaksAtBlanks = breaksAtBlanks
    let encoded = QuotedPrintable.encode(Array(text.utf8)[...], style)
    let lines = encoded.split(separator: .lineFeed).map { $0.filter { $0 != .carriageReturn } }
    #expect(lines.allSatisfy { $0.count <= 76 }, "\(lines.map(\.count))")
    #expect(QuotedPrintable.decode(encoded[...]) == Array(text.utf8))
  }

  @Test(arguments: [(0, [Int]()), (57, [76]), (58, [76, 4]), (114, [76, 76])])
  func writesBase64Lines(count: Int, lengths: [Int]) {
    let octets = (0..<count).map { UInt8($0) }
    let encoded = Base64.encodeLines(octets)
    #expect(encoded.text.split(separator: "\r\n").map(\.count) == lengths)
    #expect(TransferEncoding.base64.decode(encoded[...]) == octets)
  }

  @Test(arguments: [
    ("7bit", TransferEncoding.sevenBit), (" BASE64 ", .base64),
    ("\r\n Quoted-Printable", .quotedPrintable), ("x-uuencode", nil), ("", nil),
  ])
  func reads(value: String, encoding: TransferEncoding?) {
    #expect(TransferEncoding(parsing: Array(value.utf8)[...]) == encoding)
  }

  @Test func refusesBrokenBase64() {
    #expect(TransferEncoding.base64.decode(Array("a$==".utf8)[...]) == nil)
  }
}
