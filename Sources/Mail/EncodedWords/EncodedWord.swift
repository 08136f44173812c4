import Wire

/// A word of another character set, written in US-ASCII (RFC 2047 §2).
///
///     =?utf-8?q?J=C3=B6rg?=    =?iso-8859-1?B?SvZyZw==?=
///
/// Longer ones than the 75 octets of §2 are read as well, since programs do. One in an unknown
/// character set, or malformed, is no encoded word here and stays as it is written (§6.2, §6.3).
package struct EncodedWord: Hashable, Sendable {
  let charset: Charset
  var octets: [UInt8]

  /// Reads a whole word.
  init?(_ text: ArraySlice<UInt8>) {
    var cursor = ByteCursor(Array(text))
    guard let word = EncodedWord(&cursor), cursor.isAtEnd else { return nil }
    self = word
  }

  /// Reads a word at the cursor, which on nil may be anywhere.
  init?(_ cursor: inout ByteCursor) {
    guard let parts = EncodedWordParts(&cursor), let charset = Charset(named: parts.charset.text),
      let octets = parts.octets
    else { return nil }
    self.charset = charset
    self.octets = octets
  }

  /// Whether there is something of that form anywhere, whatever its character set.
  static func isFound(in octets: [UInt8]) -> Bool {
    var cursor = ByteCursor(octets)
    while !cursor.isAtEnd {
      let start = cursor.offset
      if EncodedWordParts(&cursor) != nil { return true }
      cursor.rewind(to: start)
      _ = cursor.next()
    }
    return false
  }

  /// What a careless reader may decode from the text of a word, blanks in it included; nil where
  /// that cannot be told. The encoding is `q` or `b`.
  static func looselyDecoded(
    _ text: ArraySlice<UInt8>, _ encoding: ArraySlice<UInt8>
  ) -> [UInt8]? {
    if encoding.equalsIgnoringCase("b") { return try? Base64.decode(text, .ignoringWhitespace) }
    var octets: [UInt8] = []
    var cursor = ByteCursor(Array(text))
    while let byte = cursor.next() {
      if byte == .equals, let high = cursor.peek?.hexValue,
        let low = cursor.peek(ahead: 1)?.hexValue
      {
        _ = cursor.take(count: 2)
        octets.append(high << 4 | low)
      } else {
        octets.append(byte)
      }
    }
    return octets
  }

  /// The text with every encoded word in it decoded, also where RFC 2047 §5 forbids them: what a
  /// careless reader would show.
  package static func decodeEverywhere(_ text: String) -> String {
    guard text.utf8.contains(.equals) else { return text }
    var cursor = ByteCursor(text)
    var output: [UInt8] = []
    while let byte = cursor.peek {
      let start = cursor.offset
      if let word = EncodedWord(&cursor) {
        output += Array(word.charset.text(of: word.octets).utf8)
      } else {
        cursor.rewind(to: start)
        _ = cursor.next()
        output.append(byte)
      }
    }
    return output.text
  }
}

/// `"=?" charset "?" encoding "?" encoded-text "?="`
///
/// No part may hold a question mark, so a failed attempt has read no octet at which another one
/// could get as far: trying at every octet stays linear.
private struct EncodedWordParts {
  let charset: ArraySlice<UInt8>
  let encoding: ArraySlice<UInt8>
  let encodedText: ArraySlice<UInt8>

  init?(_ cursor: inout ByteCursor) {
    guard cursor.take("=?") else { return nil }
    charset = cursor.take(while: Self.isToken)
    guard !charset.isEmpty, cursor.take("?") else { return nil }
    encoding = cursor.take(while: Self.isToken)
    guard !encoding.isEmpty, cursor.take("?") else { return nil }
    encodedText = cursor.take { $0.isVisible && $0 != 0x3F }
    guard !encodedText.isEmpty, cursor.take("?=") else { return nil }
  }

  private static func isToken(_ byte: UInt8) -> Bool {
    byte.isVisible && !especials.contains(byte)
  }

  private static let especials = Array("()<>@,;:\"/[]?.=".utf8)

  /// The octets that the text stands for; nil where it breaks the rules of its encoding.
  var octets: [UInt8]? {
    if encoding.equalsIgnoringCase("q") { return qDecoded }
    guard encoding.equalsIgnoringCase("b") else { return nil }
    return try? Base64.decode(encodedText, .ignoringWhitespace)
  }

  /// RFC 2047 §4.2
  private var qDecoded: [UInt8]? {
    var octets: [UInt8] = []
    var rest = encodedText.makeIterator()
    while let byte = rest.next() {
      switch byte {
      case .underscore: octets.append(.blank)
      case .equals:
        guard let high = rest.next()?.hexValue, let low = rest.next()?.hexValue else { return nil }
        octets.append(high << 4 | low)
      default: octets.append(byte)
      }
    }
    return octets
  }
}
