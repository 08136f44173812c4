import Testing
import Wire

@Suite("base 64, RFC 4648 §4, RFC 6376 §2.10")
struct Base64Tests {
  /// RFC 4648 §10, and both letters beyond the alphanumeric ones.
  @Test(
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
      ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ] as [(String, String)])
  func hasTheVectorsOfTheStandard(text: String, encoded: String) throws {
    #expect(Base64.encode(Array(text.utf8)) == encoded)
    #expect(try Base64.decode(Array(encoded.utf8), .strict).elementsEqual(text.utf8))
    #expect(try Base64.decode(Array(encoded.utf8), .ignoringWhitespace).elementsEqual(text.utf8))
  }

  @Test func readsWhatItWrites() throws {
    #expect(Base64.encode([0xFB, 0xFF, 0xBF]) == "+/+/")
    for count in 0..<70 {
      let octets = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 151 &+ count) }
      let text = Array(Base64.encode(octets).utf8)
      #expect(text.count == (count + 2) / 3 * 4)
      #expect(try Base64.decode(text, .strict) == octets)
      #expect(try Base64.decode(text.filter { $0 != 0x3D }, .ignoringWhitespace) == octets)
    }
  }

  /// Whole groups are read at once: what is none may stand at each place among them, and its
  /// offset counts from the start of what is read.
  @Test(arguments: [UInt8(0x20), 0x0D, 0x2D, 0x3D, 0x00, 0x80, 0xFF])
  func whereGroupsBreak(octet: UInt8) throws {
    let text = Array("QUJDREVGR0hJSktMTU5P".utf8)
    for place in 0...text.count {
      var broken = text
      broken.insert(octet, at: place)
      let slice = ([0x20, 0x20] + broken)[2...]
      if octet == 0x20 || octet == 0x0D {
        #expect(try Base64.decode(slice, .ignoringWhitespace).elementsEqual("ABCDEFGHIJKLMNO".utf8))
        #expect(throws: SyntaxError(.unexpectedByte, at: place)) {
          try Base64.decode(slice, .strict)
        }
      } else {
        let isPadding = octet == 0x3D && place % 4 >= 2
        let error =
          isPadding
          ? SyntaxError(.leftover, at: place + 1) : SyntaxError(.unexpectedByte, at: place)
        for form in [Base64.Form.strict, .ignoringWhitespace] {
          #expect(throws: error) { try Base64.decode(slice, form) }
        }
      }
    }
  }

  @Test(
    arguments: [
      ("Z", SyntaxError.Reason.unexpectedEnd, 1),
      ("Zg", .unexpectedEnd, 2),  // no padding
      ("Zg=", .unexpectedEnd, 3),
      ("Zm8", .unexpectedEnd, 3),
      ("Zm9vY", .unexpectedEnd, 5),
      ("Zh==", .badValue("base64"), 3),  // unused bits
      ("Zm9=", .badValue("base64"), 3),
      ("=", .unexpectedByte, 0),
      ("Z=", .unexpectedByte, 1),
      ("Z===", .unexpectedByte, 1),
      ("Zg===", .unexpectedByte, 4),
      ("Zm8==", .unexpectedByte, 4),
      ("Zm9v=", .unexpectedByte, 4),
      ("Zg==Zg==", .leftover, 4),
      ("Zg=a", .leftover, 3),
      ("Zg ==", .unexpectedByte, 2),
      ("Zm9v\n", .unexpectedByte, 4),
      ("Zm9\0", .unexpectedByte, 3),
      ("-_-_", .unexpectedByte, 0),  // the other alphabet, §5
      ("Zm9é", .unexpectedByte, 3),
    ] as [(String, SyntaxError.Reason, Int)])
  func strictRejects(text: String, reason: SyntaxError.Reason, offset: Int) {
    #expect(throws: SyntaxError(reason, at: offset)) {
      try Base64.decode(Array(text.utf8), .strict)
    }
  }

  @Test(
    arguments: [
      ("Zm9v\r\n YmFy", "foobar"), (" Z g = = ", "f"), ("Zg", "f"), ("Zm8", "fo"), ("Zh==", "f"),
      ("Zm9\t2", "fov"), ("", ""), (" \r\n ", ""),
    ] as [(String, String)])
  func lenientReads(text: String, expected: String) throws {
    #expect(
      try Base64.decode(Array(text.utf8), .ignoringWhitespace).elementsEqual(expected.utf8))
  }

  @Test(
    arguments: [
      ("Z", SyntaxError.Reason.unexpectedEnd, 1), ("Zm9vY", .unexpectedEnd, 5),
      ("Zg=", .unexpectedEnd, 3), ("Zm9v=", .unexpectedByte, 4), ("Zg==Zg==", .leftover, 4),
      ("Zg== Zg", .leftover, 5), ("Zm9-", .unexpectedByte, 3), ("Zm9\0", .unexpectedByte, 3),
      ("Z,g", .unexpectedByte, 1),
    ] as [(String, SyntaxError.Reason, Int)])
  func lenientRejects(text: String, reason: SyntaxError.Reason, offset: Int) {
    #expect(throws: SyntaxError(reason, at: offset)) {
      try Base64.decode(Array(text.utf8), .ignoringWhitespace)
    }
  }
}
