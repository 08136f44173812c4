import Testing

@testable import Wire

@Suite("classes of octets, RFC 5234 appendix B.1")
struct ASCIITests {
  /// Every octet, against the characters of US-ASCII.
  @Test func classesHoldWhatTheirNamesSay() {
    for byte in UInt8.min...UInt8.max {
      let character = Character(Unicode.Scalar(byte))
      let isASCII = byte < 0x80
      #expect(byte.isDigit == ("0"..."9").contains(character), "\(byte)")
      #expect(byte.isAlpha == (isASCII && character.isLetter), "\(byte)")
      #expect(byte.isAlphanumeric == (byte.isAlpha || byte.isDigit), "\(byte)")
      #expect(byte.isHexDigit == (isASCII && character.isHexDigit), "\(byte)")
      #expect(byte.hexValue.map(Int.init) == (isASCII ? character.hexDigitValue : nil), "\(byte)")
      #expect(byte.isWSP == (byte == 9 || byte == 32), "\(byte)")
      #expect(byte.isFoldingWhitespace == [9, 10, 13, 32].contains(byte), "\(byte)")
      #expect(byte.isVisible == (33...126).contains(byte), "\(byte)")
      #expect(byte.isControl == (byte < 32 || byte == 127), "\(byte)")
      #expect(byte.isNonASCII == !isASCII, "\(byte)")
      let lowercased = (65...90).contains(byte) ? byte + 32 : byte
      #expect(byte.lowercasedASCII == lowercased, "\(byte)")
    }
  }

  @Test(
    arguments: [
      ("abc", true), ("ABC", true), ("aBc", true), ("ab", false), ("abcd", false), ("abd", false),
      ("", false), ("äbc", false),
    ] as [(String, Bool)])
  func comparesWithoutCase(text: String, expected: Bool) {
    #expect(text.utf8.equalsIgnoringCase("abc") == expected)
  }

  @Test func onlyLettersHaveCase() {
    // 40 and 60, 5B and 7B differ in the same bit as capitals from small letters.
    #expect(!"@[".utf8.equalsIgnoringCase("`{"))
    #expect("ÄB@[".utf8.lowercasedASCIIText == "Äb@[")
    #expect([0x41, 0xFF].lowercasedASCIIText == "a\u{FFFD}")
    #expect([0x41, 0xFF].text == "A\u{FFFD}")
  }

  @Test(
    arguments: [
      ("", ""), (" ", ""), ("\r\n\t ", ""), (" a ", "a"), ("a\r\n b", "a\r\n b"), ("a", "a"),
      ("\r\n a\t\r\n", "a"),
    ] as [(String, String)])
  func trimsFoldingWhitespace(text: String, expected: String) {
    #expect(Array(text.utf8)[...].trimmingFoldingWhitespace.text == expected)
  }
}
