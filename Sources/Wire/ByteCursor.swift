/// A place in a run of octets: what every parser here reads through.
///
/// Each method either advances or leaves the cursor where it was, and none reads past the end.
@frozen public struct ByteCursor: Sendable {
  /// The whole input; offsets count from its start.
  public let bytes: [UInt8]
  /// Where the next octet is read.
  @inlinable public var offset: Int { place }
  @usableFromInline var place: Int
  /// One past the last octet that may be read.
  public let end: Int
  @usableFromInline let start: Int

  @inlinable public init(_ bytes: [UInt8]) {
    self.bytes = bytes
    start = 0
    place = 0
    end = bytes.count
  }

  /// A cursor confined to a part of the octets; the range is clamped to what is there.
  @inlinable public init(_ bytes: [UInt8], in range: Range<Int>) {
    self.bytes = bytes
    let clamped = range.clamped(to: 0..<bytes.count)
    start = clamped.lowerBound
    place = clamped.lowerBound
    end = clamped.upperBound
  }

  public init(_ text: String) { self.init(Array(text.utf8)) }

  @inlinable public var isAtEnd: Bool { offset >= end }
  @inlinable public var remainingCount: Int { end - offset }
  /// The octet to be read next, or nil at the end.
  @inlinable public var peek: UInt8? { offset < end ? bytes[offset] : nil }

  /// The octet `distance` places ahead, or nil where the input is shorter.
  @inlinable public func peek(ahead distance: Int) -> UInt8? {
    distance >= 0 && distance < end - offset ? bytes[offset + distance] : nil
  }

  /// Reads one octet, or nil at the end.
  @inlinable public mutating func next() -> UInt8? {
    guard offset < end else { return nil }
    defer { place += 1 }
    return bytes[offset]
  }

  /// Reads `byte` if it is next.
  @inlinable public mutating func take(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    place += 1
    return true
  }

  /// Reads one octet that satisfies `condition`.
  @inlinable public mutating func takeOne(where condition: (UInt8) -> Bool) -> UInt8? {
    guard let byte = peek, condition(byte) else { return nil }
    place += 1
    return byte
  }

  /// Reads `literal` if it is next, octet for octet.
  @inlinable public mutating func take(_ literal: StaticString) -> Bool {
    take(literal) { $0 == $1 }
  }

  /// Reads `literal`, given in small letters, whatever the case of the input.
  @inlinable public mutating func take(ignoringCase literal: StaticString) -> Bool {
    take(literal) { $0.lowercasedASCII == $1 }
  }

  @inlinable mutating func take(_ literal: StaticString, _ equal: (UInt8, UInt8) -> Bool) -> Bool {
    let length = literal.utf8CodeUnitCount
    guard length <= end - offset else { return false }
    let matches = literal.withUTF8Buffer { wanted in
      unsafe zip(bytes[offset..<offset + length], wanted).allSatisfy(equal)
    }
    if matches { place += length }
    return matches
  }

  /// Reads octets as long as they satisfy `condition`; the slice keeps the input's indices.
  @inlinable public mutating func take(while condition: (UInt8) -> Bool) -> ArraySlice<UInt8> {
    let start = offset
    while offset < end, condition(bytes[offset]) { place += 1 }
    return bytes[start..<offset]
  }

  /// Skips to the first octet that is looked for, or to the end (`ArraySlice.firstPlace`).
  @inlinable mutating func skip(
    to isFound: (_ here: SIMD16<UInt8>, _ next: SIMD16<UInt8>) -> SIMDMask<SIMD16<Int8>>
  ) {
    place = bytes[..<end].firstPlace(from: place, where: isFound)
  }

  /// Reads exactly `count` octets, or none and nil where there are fewer.
  @inlinable public mutating func take(count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, count <= end - offset else { return nil }
    defer { place += count }
    return bytes[offset..<offset + count]
  }

  /// Skips blanks and tabs.
  @inlinable public mutating func skipWSP() { _ = take(while: \.isWSP) }

  /// Reads `FWS` of RFC 5322 §3.2.2 (RFC 6376 §2.8) if it is next: blanks, and each CRLF that a
  /// blank follows, several as well (`obs-FWS`, §4.2). Line ends that are not folds stay in place.
  @inlinable public mutating func skipFoldingWhitespace() {
    skipWSP()
    while peek == .carriageReturn, peek(ahead: 1) == .lineFeed, peek(ahead: 2)?.isWSP == true {
      place += 2
      skipWSP()
    }
  }

  /// Goes back to an offset got from this cursor before; any other changes nothing.
  public mutating func rewind(to earlier: Int) {
    if (start...offset).contains(earlier) { place = earlier }
  }

  /// An error at the place of the cursor.
  @inlinable public func error(_ reason: SyntaxError.Reason) -> SyntaxError {
    SyntaxError(reason, at: offset)
  }

  /// What is wrong where the next octet fits no rule: it is there, or the input has ended.
  @inlinable public var unexpected: SyntaxError {
    error(isAtEnd ? .unexpectedEnd : .unexpectedByte)
  }

  /// Refuses what no rule has read.
  public func requireEnd() throws(SyntaxError) {
    guard isAtEnd else { throw error(.leftover) }
  }

  /// Reads decimal digits as a number of at most `maximum`.
  ///
  /// - Throws: at the first digit's place when there is no digit or the number is too large.
  public mutating func takeDecimal(
    upTo maximum: UInt64, naming part: String
  ) throws(SyntaxError) -> UInt64 {
    let start = offset
    let digits = take(while: \.isDigit)
    var value: UInt64 = 0
    for digit in digits {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(UInt64(digit &- 0x30))
      guard !overflow, !carry, sum <= maximum else {
        throw SyntaxError(.badValue(part), at: start)
      }
      value = sum
    }
    guard !digits.isEmpty else { throw SyntaxError(.badValue(part), at: start) }
    return value
  }
}
