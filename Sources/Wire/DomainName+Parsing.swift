internal import CIDN2

extension DomainName {
  /// Reads a domain as mail and its records write it: letters, digits, hyphens and underscores
  /// between dots, in any case; labels beyond US-ASCII are U-labels in UTF-8 and are converted
  /// (RFC 8616 §4).
  ///
  ///     Example.COM    bücher.example    _spf.example.net
  ///
  /// Wider than `Domain` of RFC 5321 §4.1.2 by the underscore and by hyphens at a label's ends,
  /// which are in use; narrower than DNS, so that a name never carries a quote, a parenthesis or
  /// a line end into a header field. One final dot is allowed only by `finalDot`.
  ///
  /// - Throws: `SyntaxError` at the octet or label; where there are U-labels, at the first of their
  ///   octets beyond US-ASCII.
  public init(
    parsing text: some Collection<UInt8>, finalDot: Bool = false
  ) throws(SyntaxError) {
    try self.init(mailText: Array(text)[...], finalDot: finalDot)
  }

  /// The same for a part of an array.
  public init(parsing text: ArraySlice<UInt8>, finalDot: Bool = false) throws(SyntaxError) {
    try self.init(mailText: text, finalDot: finalDot)
  }

  private init(mailText text: ArraySlice<UInt8>, finalDot: Bool) throws(SyntaxError) {
    var octets = text
    if finalDot, octets.count > 1, octets.last == .dot { octets.removeLast() }
    guard !octets.isEmpty else { throw SyntaxError(.missing("domain name"), at: 0) }
    guard let place = octets.firstIndex(where: { !Self.isMailOctet($0) }) else {
      try self.init(dotted: octets)
      return
    }
    guard let first = octets.firstIndex(where: \.isNonASCII) else {
      throw SyntaxError(.unexpectedByte, at: place - octets.startIndex)
    }
    let converted = try Self.toASCII(Array(octets))
    do throws(SyntaxError) {
      if let place = converted.firstIndex(where: { !Self.isMailOctet($0) }) {
        throw SyntaxError(.unexpectedByte, at: place)
      }
      try self.init(dotted: converted[...])
    } catch {
      // Offsets count in the text as it was given, and the converted one is another.
      throw SyntaxError(error.reason, at: first - octets.startIndex)
    }
  }

  public init(parsing text: String, finalDot: Bool = false) throws(SyntaxError) {
    try self.init(parsing: Array(text.utf8), finalDot: finalDot)
  }

  /// Reads labels of any octets between dots, without escapes: what an SPF macro may expand to
  /// (RFC 7208 §7.3). A final dot is allowed.
  ///
  /// - Throws: `SyntaxError` for an empty label or a name too long.
  public init(anyOctets text: some Collection<UInt8>) throws(SyntaxError) {
    var octets = Array(text)
    if octets.count > 1, octets.last == .dot { octets.removeLast() }
    try self.init(dotted: octets[...])
  }

  /// Reads a name as a master file writes it (RFC 1035 §5.1): `\.` and `\DDD` stand for octets, a
  /// name without a final dot is relative to `origin`, and `@` is the origin itself.
  ///
  /// - Throws: `SyntaxError` at the octet.
  public init(
    presentation text: some Collection<UInt8>, origin: DomainName
  ) throws(SyntaxError) {
    var cursor = ByteCursor(Array(text))
    if cursor.bytes == [.at] {
      self = origin
      return
    }
    if cursor.bytes == [.dot] {
      self = .root
      return
    }
    var labels: [[UInt8]] = [[]]
    var isAbsolute = false
    while let byte = cursor.next() {
      switch byte {
      case .dot:
        guard labels.last?.isEmpty == false else {
          throw SyntaxError(.missing("label"), at: cursor.offset - 1)
        }
        isAbsolute = cursor.isAtEnd
        if !isAbsolute { labels.append([]) }
      case .backslash:
        labels[labels.count - 1].append(try cursor.takeMasterFileEscape())
      default:
        labels[labels.count - 1].append(byte)
      }
    }
    do throws(SyntaxError) {
      try self.init(labels: isAbsolute ? labels : labels + origin.labels.map(Array.init))
    } catch {
      // What is too long may lie in the origin, which the text does not hold.
      throw SyntaxError(error.reason, at: min(error.offset, cursor.end))
    }
  }

  private static func isMailOctet(_ byte: UInt8) -> Bool {
    byte.isAlphanumeric || byte == .hyphen || byte == .dot || byte == .underscore
  }

  /// IDNA2008 look-up (RFC 5891 §5) after the mapping of UTS 46, non-transitional. Symbols and
  /// emoji, which IDNA2008 does not allow, are refused.
  private static func toASCII(_ text: [UInt8]) throws(SyntaxError) -> [UInt8] {
    // Longer than any name that could fit in 255 octets, and short enough for linear work.
    guard text.count <= 1024 else { throw SyntaxError(.tooLong("domain name"), at: 1024) }
    guard !text.contains(0), String(validating: text, as: UTF8.self) != nil else {
      throw SyntaxError(.badValue("U-label"), at: text.firstIndex(where: \.isNonASCII) ?? 0)
    }
    var output: UnsafeMutablePointer<UInt8>?
    let flags = CInt(IDN2_NFC_INPUT.rawValue | IDN2_NONTRANSITIONAL.rawValue)
    let status = unsafe idn2_lookup_u8(text + [0], &output, flags)
    defer { unsafe idn2_free(output) }
    guard status == IDN2_OK.rawValue, let name = unsafe output else {
      throw SyntaxError(.badValue("U-label"), at: text.firstIndex(where: \.isNonASCII) ?? 0)
    }
    return unsafe Array(UnsafeBufferPointer(start: name, count: strnlen(name)))
  }

  private static func strnlen(_ text: UnsafeMutablePointer<UInt8>) -> Int {
    var count = 0
    while unsafe text[count] != 0 { count += 1 }
    return count
  }
}

extension ByteCursor {
  /// What follows a backslash in a master file: three decimal digits up to 255, or the octet
  /// itself (RFC 1035 §5.1).
  package mutating func takeMasterFileEscape() throws(SyntaxError) -> UInt8 {
    let start = offset
    guard let first = next() else { throw error(.unexpectedEnd) }
    guard first.isDigit else { return first }
    guard let second = next(), second.isDigit, let third = next(), third.isDigit,
      case let value = [first, second, third].reduce(0, { $0 * 10 + Int($1 &- 0x30) }),
      let octet = UInt8(exactly: value)
    else { throw SyntaxError(.badValue("escape"), at: start) }
    return octet
  }
}
