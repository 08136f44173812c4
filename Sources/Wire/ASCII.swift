/// Classes of octets, named as RFC 5234 appendix B.1 names them.
extension UInt8 {
  @inlinable package var isDigit: Bool { self &- 0x30 < 10 }
  @inlinable package var isAlpha: Bool { (self | 0x20) &- 0x61 < 26 }
  @inlinable package var isAlphanumeric: Bool { isDigit || isAlpha }
  @inlinable package var isHexDigit: Bool { isDigit || (self | 0x20) &- 0x61 < 6 }
  /// A blank or a tab.
  @inlinable package var isWSP: Bool { self == 0x20 || self == 0x09 }
  /// Printable US-ASCII, the blank not included.
  @inlinable package var isVisible: Bool { self &- 0x21 < 0x5E }
  @inlinable package var isControl: Bool { self < 0x20 || self == 0x7F }
  @inlinable package var isNonASCII: Bool { self >= 0x80 }

  /// The octet with an ASCII capital letter made small; other octets are unchanged.
  @inlinable package var lowercasedASCII: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }

  /// The value of a hexadecimal digit, or nil.
  @inlinable package var hexValue: UInt8? {
    if isDigit { return self &- 0x30 }
    let letter = (self | 0x20) &- 0x61
    return letter < 6 ? letter &+ 10 : nil
  }
}

extension UInt8 {
  @inlinable package static var tab: UInt8 { 0x09 }
  @inlinable package static var lineFeed: UInt8 { 0x0A }
  @inlinable package static var carriageReturn: UInt8 { 0x0D }
  @inlinable package static var blank: UInt8 { 0x20 }
  @inlinable package static var doubleQuote: UInt8 { 0x22 }
  @inlinable package static var leftParenthesis: UInt8 { 0x28 }
  @inlinable package static var rightParenthesis: UInt8 { 0x29 }
  @inlinable package static var comma: UInt8 { 0x2C }
  @inlinable package static var hyphen: UInt8 { 0x2D }
  @inlinable package static var dot: UInt8 { 0x2E }
  @inlinable package static var slash: UInt8 { 0x2F }
  @inlinable package static var colon: UInt8 { 0x3A }
  @inlinable package static var semicolon: UInt8 { 0x3B }
  @inlinable package static var lessThan: UInt8 { 0x3C }
  @inlinable package static var equals: UInt8 { 0x3D }
  @inlinable package static var greaterThan: UInt8 { 0x3E }
  @inlinable package static var at: UInt8 { 0x40 }
  @inlinable package static var leftBracket: UInt8 { 0x5B }
  @inlinable package static var backslash: UInt8 { 0x5C }
  @inlinable package static var rightBracket: UInt8 { 0x5D }
  @inlinable package static var underscore: UInt8 { 0x5F }
}

extension Collection<UInt8> {
  /// Equality in which ASCII letters match whatever their case; `other` is given in small letters.
  @inlinable package func equalsIgnoringCase(_ other: StaticString) -> Bool {
    other.withUTF8Buffer { small in
      guard count == small.count else { return false }
      return unsafe zip(self, small).allSatisfy { $0.lowercasedASCII == $1 }
    }
  }

  /// The octets as text, with ASCII capitals made small; octets that are not UTF-8 become U+FFFD.
  @inlinable package var lowercasedASCIIText: String {
    unsafe String(unsafeUninitializedCapacity: count) { text in
      unsafe text.initialize(fromContentsOf: lazy.map(\.lowercasedASCII))
    }
  }

  /// The octets as text for people; octets that are not UTF-8 become U+FFFD.
  @inlinable package var text: String { String(decoding: self, as: UTF8.self) }
}

extension ArraySlice<UInt8> {
  /// The slice without folding white space (RFC 5322 §3.2.2) at either end.
  @inlinable package var trimmingFoldingWhitespace: ArraySlice<UInt8> {
    var start = startIndex
    var end = endIndex
    while start < end, self[start].isFoldingWhitespace { start += 1 }
    while start < end, self[end - 1].isFoldingWhitespace { end -= 1 }
    return self[start..<end]
  }
}

extension UInt8 {
  /// A blank, a tab, or one of the two octets of a line end inside folding white space.
  @inlinable package var isFoldingWhitespace: Bool {
    isWSP || self == .carriageReturn || self == .lineFeed
  }
}
