internal import Mail
internal import Wire

/// Text of another character set in a header field, decoded, and encoded as programs do it
/// (RFC 2047).
enum EncodedPhrase {
  /// The text with its encoded words decoded; blanks between two of them fall away (§6.2).
  static func decode(_ raw: String) -> String {
    var output: [UInt8] = []
    var blanks: [UInt8] = []
    var lastWasWord = false
    for part in raw.utf8.split(separator: UInt8.blank, omittingEmptySubsequences: false) {
      let isWord = part.starts(with: "=?".utf8) && part.suffix(2).elementsEqual("?=".utf8)
      if !output.isEmpty || !blanks.isEmpty { blanks.append(.blank) }
      if part.isEmpty { continue }
      if !(isWord && lastWasWord) { output += blanks }
      blanks = []
      output += part
      lastWasWord = isWord
    }
    return EncodedWord.decodeEverywhere(output.text)
  }

  /// Ways to write the text, the commonest first.
  static func encodings(of text: String) -> [String] {
    var written: [String] = []
    func add(_ text: String) { if !written.contains(text) { written.append(text) } }
    guard text.utf8.contains(where: \.isNonASCII) else { return [text] }
    for charset in ["utf-8", "UTF-8"] {
      for isStrict in [true, false] {
        for letter in ["Q", "q"] { add(words(text, charset, letter, isStrict)) }
      }
      for letter in ["B", "b"] { add(words(text, charset, letter, true)) }
    }
    // A reply mark stays as it is.
    if let mark = text.firstRange(of: ": "), text[..<mark.lowerBound].count <= 4 {
      let (lead, rest) = (text[..<mark.upperBound], String(text[mark.upperBound...]))
      for charset in ["utf-8", "UTF-8"] {
        for letter in ["Q", "q", "B", "b"] { add(lead + words(rest, charset, letter, true)) }
      }
    }
    add(text)
    for charset in ["utf-8", "UTF-8"] {
      for letter in ["Q", "q", "B", "b"] { add(wordByWord(text, charset, letter)) }
    }
    if text.unicodeScalars.allSatisfy({ $0.value < 0x100 }) {
      let latin = text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
      for charset in ["iso-8859-1", "ISO-8859-1"] {
        for letter in ["Q", "q", "B"] { add(word(latin, charset, letter, true)) }
      }
    }
    return written
  }

  /// Encoded words of at most 75 octets, none of which splits a character (§2, §5).
  private static func words(
    _ text: String, _ charset: String, _ letter: String, _ isStrict: Bool
  ) -> String {
    var words: [String] = []
    var octets: [UInt8] = []
    for scalar in text.unicodeScalars {
      let next = Array(String(scalar).utf8)
      if !octets.isEmpty, word(octets + next, charset, letter, isStrict).utf8.count > 75 {
        words.append(word(octets, charset, letter, isStrict))
        octets = []
      }
      octets += next
    }
    words.append(word(octets, charset, letter, isStrict))
    return words.joined(separator: " ")
  }

  /// Only the words that need it are encoded; neighbours together, since the blank between them
  /// would be lost.
  private static func wordByWord(_ text: String, _ charset: String, _ letter: String) -> String {
    var output: [String] = []
    var run: [Substring] = []
    func flush() {
      guard !run.isEmpty else { return }
      output.append(word(Array(run.joined(separator: " ").utf8), charset, letter, true))
      run = []
    }
    for part in text.split(separator: " ", omittingEmptySubsequences: false) {
      if part.utf8.contains(where: \.isNonASCII) {
        run.append(part)
      } else {
        flush()
        output.append(String(part))
      }
    }
    flush()
    return output.joined(separator: " ")
  }

  private static func word(
    _ octets: [UInt8], _ charset: String, _ letter: String, _ isStrict: Bool
  ) -> String {
    let text =
      letter.lowercased() == "b"
      ? Base64.encode(octets) : octets.map { quoted($0, isStrict) }.joined()
    return "=?\(charset)?\(letter)?\(text)?="
  }

  /// §4.2; strict as in phrases (§5 (3)).
  private static func quoted(_ octet: UInt8, _ isStrict: Bool) -> String {
    if octet == .blank { return "_" }
    let safe =
      isStrict
      ? octet.isAlphanumeric || "!*+-/".utf8.contains(octet)
      : octet.isVisible && !"=?_".utf8.contains(octet)
    if safe { return String(UnicodeScalar(octet)) }
    let hex = String(octet, radix: 16, uppercase: true)
    return "=\(hex.count < 2 ? "0" : "")\(hex)"
  }
}
