/// Classes of octets, named as RFC 5234 appendix B.1 names them.
extension UInt8 {
  package var isDigit: Bool { self &- 0x30 < 10 }
  package var isAlpha: Bool { (self | 0x20) &- 0x61 < 26 }
  package var isAlphanumeric: Bool { isDigit || isAlpha }
  package var isHexDigit: Bool { isDigit || (self | 0x20) &- 0x61 < 6 }
  /// A blank or a tab.
  package var isWSP: Bool { self == 0x20 || self == 0x09 }
  /// Printable US-ASCII, the blank not included.
  package var isVisible: Bool { self &- 0x21 < 0x5E }
  package var isControl: Bool { self < 0x20 || self == 0x7F }
  package var isNonASCII: Bool { self >= 0x80 }

  /// The octet with an ASCII capital letter made small; other octets are unchanged.
  package var lowercasedASCII: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }

  /// The value of a hexadecimal digit, or nil.
  package var hexValue: UInt8? {
    if isDigit { return self &- 0x30 }
    let letter = (self | 0x20) &- 0x61
    return letter < 6 ? letter &+ 10 : nil
  }
}

extension UInt8 {
  package static let tab: UInt8 = 0x09
  package static let lineFeed: UInt8 = 0x0A
  package static let carriageReturn: UInt8 = 0x0D
  package static let blank: UInt8 = 0x20
  package static let doubleQuote: UInt8 = 0x22
  package static let leftParenthesis: UInt8 = 0x28
  package static let rightParenthesis: UInt8 = 0x29
  package static let comma: UInt8 = 0x2C
  package static let hyphen: UInt8 = 0x2D
  package static let dot: UInt8 = 0x2E
  package static let slash: UInt8 = 0x2F
  package static let colon: UInt8 = 0x3A
  package static let semicolon: UInt8 = 0x3B
  package static let lessThan: UInt8 = 0x3C
  package static let equals: UInt8 = 0x3D
  package static let greaterThan: UInt8 = 0x3E
  package static let at: UInt8 = 0x40
  package static let leftBracket: UInt8 = 0x5B
  package static let backslash: UInt8 = 0x5C
  package static let rightBracket: UInt8 = 0x5D
  package static let underscore: UInt8 = 0x5F
}

extension Collection<UInt8> {
  /// Equality in which ASCII letters match whatever their case; `other` is given in small letters.
  package func equalsIgnoringCase(_ other: StaticString) -> Bool {
    other.withUTF8Buffer { small in
      guard count == small.count else { return false }
      return unsafe zip(self, small).allSatisfy { $0.lowercasedASCII == $1 }
    }
  }

  /// The octets as text, with ASCII capitals made small; octets that are not UTF-8 become U+FFFD.
  package var lowercasedASCIIText: String {
    String(decoding: map(\.lowercasedASCII), as: UTF8.self)
  }

  /// The octets as text for people; octets that are not UTF-8 become U+FFFD.
  package var text: String { String(decoding: self, as: UTF8.self) }
}

extension ArraySlice<UInt8> {
  /// The slice without folding white space (RFC 5322 §3.2.2) at either end.
  package var trimmingFoldingWhitespace: ArraySlice<UInt8> {
    var slice = self
    while let first = slice.first, first.isFoldingWhitespace { slice.removeFirst() }
    while let last = slice.last, last.isFoldingWhitespace { slice.removeLast() }
    return slice
  }
}

extension UInt8 {
  /// A blank, a tab, or one of the two octets of a line end inside folding white space.
  package var isFoldingWhitespace: Bool {
    isWSP || self == .carriageReturn || self == .lineFeed
  }
}
