extension IPAddress {
  /// Reads an address in text.
  ///
  /// IPv4 is four decimal numbers without leading zeros (`dec-octet` of RFC 3986 §3.2.2, `qnum` of
  /// RFC 7208 §5.6); IPv6 is RFC 4291 §2.2 in all its forms, without a zone or brackets.
  ///
  /// - Throws: `SyntaxError` at the part that breaks the rule.
  public init(parsing text: some Collection<UInt8>) throws(SyntaxError) {
    var cursor = ByteCursor(Array(text))
    self =
      cursor.bytes.contains(.colon)
      ? .v6(try Self.parseIPv6(&cursor)) : .v4(try Self.parseIPv4(&cursor))
    try cursor.requireEnd()
  }

  public init(parsing text: String) throws(SyntaxError) { try self.init(parsing: text.utf8) }

  private static func parseIPv4(_ cursor: inout ByteCursor) throws(SyntaxError) -> UInt32 {
    var bits: UInt32 = 0
    for index in 0..<4 {
      if index > 0 {
        guard cursor.take(.dot) else { throw cursor.unexpected }
      }
      let start = cursor.offset
      let value = try cursor.takeDecimal(upTo: 255, naming: "IPv4 address")
      // More digits than the number needs: a leading zero, which some readers take as octal.
      guard cursor.offset - start == String(value).utf8.count else {
        throw SyntaxError(.badValue("IPv4 address"), at: start)
      }
      bits = bits << 8 | UInt32(value)
    }
    return bits
  }

  private static func parseIPv6(_ cursor: inout ByteCursor) throws(SyntaxError) -> UInt128 {
    var groups: [UInt16] = []
    var gap: Int?
    if cursor.take("::") {
      gap = 0
    }
    while !cursor.isAtEnd {
      guard groups.count < 8 else { throw cursor.error(.leftover) }
      if let tail = try takeEmbeddedIPv4(&cursor) {
        groups += [UInt16(tail >> 16), UInt16(truncatingIfNeeded: tail)]
        break
      }
      groups.append(try takeGroup(&cursor))
      if cursor.isAtEnd { break }
      if cursor.take("::") {
        guard gap == nil else { throw cursor.error(.duplicate("::")) }
        gap = groups.count
      } else if !cursor.take(.colon) || cursor.isAtEnd {
        throw cursor.unexpected
      }
    }
    return try expand(groups, gap: gap, at: cursor.offset)
  }

  /// The dotted quad that may stand last.
  private static func takeEmbeddedIPv4(
    _ cursor: inout ByteCursor
  ) throws(SyntaxError) -> UInt32? {
    let start = cursor.offset
    let digits = cursor.take(while: \.isDigit)
    let isQuad = !digits.isEmpty && cursor.peek == .dot
    cursor.rewind(to: start)
    return isQuad ? try parseIPv4(&cursor) : nil
  }

  private static func takeGroup(_ cursor: inout ByteCursor) throws(SyntaxError) -> UInt16 {
    let start = cursor.offset
    let digits = cursor.take(while: \.isHexDigit)
    guard (1...4).contains(digits.count) else {
      throw SyntaxError(.badValue("IPv6 address"), at: start)
    }
    return digits.reduce(0) { $0 << 4 | UInt16($1.hexValue ?? 0) }
  }

  private static func expand(
    _ groups: [UInt16], gap: Int?, at offset: Int
  ) throws(SyntaxError) -> UInt128 {
    var groups = groups
    if let gap {
      guard groups.count < 8 else { throw SyntaxError(.badValue("IPv6 address"), at: offset) }
      groups.insert(contentsOf: repeatElement(0, count: 8 - groups.count), at: gap)
    }
    guard groups.count == 8 else { throw SyntaxError(.badValue("IPv6 address"), at: offset) }
    return groups.reduce(0) { $0 << 16 | UInt128($1) }
  }
}
