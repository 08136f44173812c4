import Testing

@testable import Wire

@Suite("byte cursor")
struct ByteCursorTests {
  @Test func readsOctetByOctet() {
    var cursor = ByteCursor("ab")
    #expect(cursor.peek == 0x61)
    let first = cursor.next()
    #expect(first == 0x61)
    #expect(cursor.remainingCount == 1)
    #expect(!cursor.isAtEnd)
    let second = cursor.next()
    #expect(second == 0x62)
    #expect(cursor.isAtEnd)
    #expect(cursor.peek == nil)
    let third = cursor.next()
    #expect(third == nil)
    #expect(cursor.offset == 2)
  }

  @Test(
    arguments: [
      (0, 0x61), (1, 0x62), (2, nil), (-1, nil), (Int.max, nil), (Int.min, nil),
    ] as [(Int, UInt8?)])
  func peeksAheadInBounds(distance: Int, expected: UInt8?) {
    #expect(ByteCursor("ab").peek(ahead: distance) == expected)
  }

  @Test(
    arguments: [
      (1..<3, "bc"), (0..<4, "abcd"), (2..<99, "cd"), (-5..<1, "a"), (4..<4, ""), (9..<12, ""),
    ] as [(Range<Int>, String)])
  func staysInItsRange(range: Range<Int>, expected: String) {
    var cursor = ByteCursor(Array("abcd".utf8), in: range)
    let taken = cursor.take(while: { _ in true })
    #expect(taken.text == expected)
    #expect(cursor.isAtEnd)
    #expect(cursor.peek(ahead: 0) == nil)
  }

  @Test func goesBackNoFurtherThanItsStart() {
    var cursor = ByteCursor(Array("abcd".utf8), in: 1..<3)
    cursor.rewind(to: 0)
    #expect(cursor.offset == 1)
    _ = cursor.next()
    cursor.rewind(to: 1)
    #expect(cursor.peek == 0x62)
    cursor.rewind(to: 2)  // not a place before
    #expect(cursor.offset == 1)
    cursor.rewind(to: -1)
    #expect(cursor.offset == 1)
  }

  @Test func takesLiteralsWholeOrNotAtAll() {
    var cursor = ByteCursor("Abc")
    let tooEarly = [cursor.take("abc"), cursor.take("Abcd"), cursor.take(ignoringCase: "abcd")]
    #expect(tooEarly == [false, false, false])
    #expect(cursor.offset == 0)
    let steps = [
      cursor.take(ignoringCase: "ab"), cursor.take(0x61), cursor.take("c"), cursor.take(""),
      cursor.take("c"), cursor.take(0x63),
    ]
    #expect(steps == [true, false, true, true, false, false])
    #expect(cursor.isAtEnd)
  }

  @Test func aLiteralDoesNotReachBeyondTheRange() {
    var cursor = ByteCursor(Array("abcd".utf8), in: 0..<2)
    let steps = [cursor.take("abc"), cursor.take("ab"), cursor.take("c")]
    #expect(steps == [false, true, false])
  }

  @Test func takesOneOrManyByCondition() {
    var cursor = ByteCursor("12a")
    let steps = [
      cursor.takeOne(where: { $0 == 0x32 }), cursor.takeOne(where: { $0 == 0x31 }),
    ]
    #expect(steps == [nil, 0x31])
    let slice = cursor.take(while: { $0 < 0x40 })
    #expect(slice.startIndex == 1)  // the indices of the input
    #expect(slice.text == "2")
    let rest = cursor.take(while: { $0 < 0x40 })
    #expect(rest.isEmpty)
  }

  @Test(
    arguments: [
      (0, ""), (3, "abc"), (4, nil), (-1, nil), (Int.max, nil),
    ] as [(Int, String?)])
  func takesACountOrNothing(count: Int, expected: String?) {
    var cursor = ByteCursor("abc")
    let taken = cursor.take(count: count)
    #expect(taken?.text == expected)
    #expect(cursor.offset == (expected?.utf8.count ?? 0))
  }

  @Test(
    arguments: [
      ("x", 0), (" \t x", 3), ("\r\n x", 3), (" \r\n\tx", 4),
      (" \r\n \r\n x", 7),  // obs-FWS, RFC 5322 §4.2
      ("\r\nx", 0),  // a line end that folds nothing
      (" \r\n", 1), ("\r\n", 0), ("\r", 0), ("\n x", 0), ("\r x", 0), ("\n\r x", 0), ("", 0),
      (" \r\r\n x", 1),
    ] as [(String, Int)])
  func skipsFolds(text: String, offset: Int) {
    var cursor = ByteCursor(text)
    cursor.skipFoldingWhitespace()
    #expect(cursor.offset == offset)
  }

  @Test(
    arguments: [
      ("0", 255, 0), ("255", 255, 255), ("00255x", 255, 255), ("18446744073709551615", .max, .max),
      ("7x", 9, 7),
    ] as [(String, UInt64, UInt64)])
  func readsDecimals(text: String, maximum: UInt64, expected: UInt64) throws {
    var cursor = ByteCursor(text)
    let value = try cursor.takeDecimal(upTo: maximum, naming: "n")
    #expect(value == expected)
  }

  @Test(
    arguments: [
      ("", 255), ("x", 255), ("-1", 255), ("+1", 255), ("256", 255), ("1", 0),
      ("18446744073709551616", .max), ("99999999999999999999", .max),
      (String(repeating: "9", count: 10_000), .max),
    ] as [(String, UInt64)])
  func refusesDecimals(text: String, maximum: UInt64) {
    var cursor = ByteCursor(text)
    #expect(throws: SyntaxError(.badValue("n"), at: 0)) {
      try cursor.takeDecimal(upTo: maximum, naming: "n")
    }
  }

  @Test func pointsAtWhatItCannotRead() throws {
    var cursor = ByteCursor("a")
    #expect(cursor.unexpected == SyntaxError(.unexpectedByte, at: 0))
    #expect(throws: SyntaxError(.leftover, at: 0)) { try cursor.requireEnd() }
    _ = cursor.next()
    #expect(cursor.unexpected == SyntaxError(.unexpectedEnd, at: 1))
    try cursor.requireEnd()
    #expect(cursor.error(.wrongVersion) == SyntaxError(.wrongVersion, at: 1))
  }
}

@Suite("syntax error")
struct SyntaxErrorTests {
  @Test(
    arguments: [
      (.wrongVersion, "wrong version at byte 7"),
      (.missing("p"), "missing p at byte 7"),
      (.duplicate("p"), "duplicate p at byte 7"),
      (.badValue("p"), "bad p at byte 7"),
      (.tooLong("p"), "p too long at byte 7"),
      (.unexpectedByte, "unexpected octet at byte 7"),
      (.unexpectedEnd, "unexpected end at byte 7"),
      (.leftover, "leftover octets at byte 7"),
    ] as [(SyntaxError.Reason, String)])
  func saysWhatAndWhere(reason: SyntaxError.Reason, text: String) {
    #expect(SyntaxError(reason, at: 3).shifted(by: 4).description == text)
  }
}
