import Testing

@testable import Wire

@Suite("tag list, RFC 6376 §3.2, RFC 8616 §3")
struct TagListTests {
  private func parse(_ text: String) throws -> TagList { try TagList(parsing: Array(text.utf8)) }

  @Test(
    arguments: [
      ("v=1", ["v|1"]), ("v=1;", ["v|1"]), ("v=1; ", ["v|1"]), (" v = 1 ; a = b ", ["v|1", "a|b"]),
      ("v=1;\r\n a=b", ["v|1", "a|b"]), ("\r\n v\r\n =\r\n 1\r\n ;a=b", ["v|1", "a|b"]),
      ("a=", ["a|"]), ("a=;b=", ["a|", "b|"]), ("a= ;", ["a|"]),  // empty is not absent
      ("a=b c", ["a|b c"]), ("a=b\r\n c", ["a|b\r\n c"]), ("a=b=c", ["a|b=c"]),
      ("a=!\"~", ["a|!\"~"]), ("a=bücher", ["a|bücher"]),  // RFC 8616
      ("A=1;a=2", ["A|1", "a|2"]),  // names have case
      ("a1_b=c", ["a1_b|c"]),
    ] as [(String, [String])])
  func reads(text: String, expected: [String]) throws {
    #expect(try parse(text).tags.map { "\($0.name)|\($0.value.text)" } == expected)
  }

  @Test(
    arguments: [
      ("", SyntaxError.Reason.unexpectedEnd, 0), (" ", .unexpectedEnd, 1),
      (";", .unexpectedByte, 0), (";a=1", .unexpectedByte, 0), ("a=1;;", .unexpectedByte, 4),
      ("a=1;;b=2", .unexpectedByte, 4), ("a=1; ;b=2", .unexpectedByte, 5),
      ("a", .unexpectedEnd, 1), ("a;", .unexpectedByte, 1), ("a=1;b", .unexpectedEnd, 5),
      ("a b=1", .unexpectedByte, 2), ("=1", .unexpectedByte, 0), ("1a=1", .unexpectedByte, 0),
      ("_a=1", .unexpectedByte, 0), ("a-b=1", .unexpectedByte, 1), ("ü=1", .unexpectedByte, 0),
      ("a=1;a=2", .duplicate("tag a"), 4), ("a=1; b=2; a=1", .duplicate("tag a"), 10),
      ("a=1\r\n", .unexpectedByte, 3), ("a=1\nb", .unexpectedByte, 3), ("a=\0", .unexpectedByte, 2),
      ("a=1\u{7F}", .unexpectedByte, 3), ("a=1;\r\nb=2", .unexpectedByte, 4),
    ] as [(String, SyntaxError.Reason, Int)])
  func rejects(text: String, reason: SyntaxError.Reason, offset: Int) {
    #expect(throws: SyntaxError(reason, at: offset)) { try parse(text) }
  }

  @Test func knowsWhereEachTagIs() throws {
    let text = " v=1;\r\n b = ab\r\n cd ; h=x"
    let list = try parse(text)
    let tag = try #require(list["b"])
    #expect(tag.offset == 8)
    let octets = Array(text.utf8)
    #expect(octets[tag.valueRange].text == " ab\r\n cd ")  // what §3.7 removes
    #expect(octets[tag.value.indices].text == "ab\r\n cd")
    #expect(tag.compactValue == Array("abcd".utf8))
    #expect(list["B"] == nil)
    #expect(list["x"] == nil)
    #expect(list["h"]?.valueRange == 24..<25)
  }

  /// Names of short lists are compared one by one, those of long lists are in a table as well.
  @Test(arguments: [1, 2, 15, 16, 17, 18, 40])
  func findsAndComparesAllNames(count: Int) throws {
    let tags = (0..<count).map { "t\($0)=\($0)" }
    let list = try parse(tags.joined(separator: ";"))
    for number in 0..<count {
      #expect(list["t\(number)"]?.value.text == "\(number)")
      let text = tags.joined(separator: ";") + ";"
      #expect(throws: SyntaxError(.duplicate("tag t\(number)"), at: text.utf8.count)) {
        try parse(text + "t\(number)=x")
      }
    }
    #expect(list["t\(count)"] == nil)
  }

  /// Values are searched sixteen octets at a time: a bad one may stand at each place.
  @Test(arguments: ["\0", "\n", "\u{7F}", "\r"])
  func badOctetsAnywhere(octet: String) {
    for place in 0...40 {
      let text = "a=" + String(repeating: "x", count: place) + octet
      for end in ["", "y", String(repeating: "y", count: 20)] {
        #expect(throws: SyntaxError(.unexpectedByte, at: 2 + place)) { try parse(text + end) }
      }
    }
  }

  @Test func longListsAreReadOnce() throws {
    let blanks = String(repeating: " ", count: 1 << 20)
    #expect(try parse("a=\(blanks)b\(blanks)").tags.first?.value.text == "b")
    let many = (0..<50_000).map { "t\($0)=1" }.joined(separator: ";")
    #expect(try parse(many)["t49999"]?.value.text == "1")
  }
}
