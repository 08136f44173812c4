/// The character sets that encoded words are decoded from.
enum Charset: Hashable, Sendable {
  case usASCII, utf8, iso88591, windows1252

  /// - Returns: nil for a name that is not known; names have no case, and a language tag may follow
  ///   an asterisk (RFC 2231 §5).
  init?(named name: String) {
    switch name.prefix(while: { $0 != "*" }).lowercased() {
    case "us-ascii", "ascii": self = .usASCII
    case "utf-8", "utf8": self = .utf8
    case "iso-8859-1", "iso8859-1", "latin1": self = .iso88591
    case "windows-1252", "cp1252": self = .windows1252
    default: return nil
    }
  }

  /// Whether the character set is known to write the at-sign as US-ASCII does, and no other way:
  /// unlike UTF-7, UTF-16 or those of IBM. Small letters.
  static func hasASCII(named name: String) -> Bool {
    familiesWithASCII.contains { name.hasPrefix($0) }
  }

  private static let familiesWithASCII = [
    "us-ascii", "ascii", "utf-8", "utf8", "iso-8859-", "iso8859-", "latin", "windows-125", "cp125",
    "koi8-", "gb", "big5", "euc-", "shift_jis", "ks_c_5601",
  ]

  /// The text; octets that stand for nothing become U+FFFD.
  func text(of octets: [UInt8]) -> String {
    switch self {
    case .utf8: return String(decoding: octets, as: UTF8.self)
    case .usASCII: return Self.text(octets) { $0 < 0x80 ? UInt32($0) : 0xFFFD }
    case .iso88591: return Self.text(octets) { UInt32($0) }
    case .windows1252:
      return Self.text(octets) {
        (0x80..<0xA0).contains($0) ? UInt32(Self.upperControls[Int($0 &- 0x80)]) : UInt32($0)
      }
    }
  }

  private static func text(_ octets: [UInt8], _ scalar: (UInt8) -> UInt32) -> String {
    var text = String.UnicodeScalarView()
    for octet in octets { text.append(Unicode.Scalar(scalar(octet)) ?? "\u{FFFD}") }
    return String(text)
  }

  /// What windows-1252 has at 80 to 9F, where ISO-8859-1 has control characters.
  private static let upperControls: [UInt16] = [
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
    0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD,
    0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178,
  ]
}
