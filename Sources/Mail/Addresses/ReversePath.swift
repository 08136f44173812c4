public import Wire

/// Where delivery failures go (`Reverse-path`, RFC 5321 §4.1.2): the argument of MAIL FROM and the
/// value of `Return-Path`.
///
///     <>    <user@example.com>    <@relay.example:"john doe"@example.com>
public enum ReversePath: Hashable, Sendable {
  /// `<>`, as notifications have it.
  case null
  case mailbox(AddrSpec)

  /// Reads a path, with or without its angle brackets; blanks and folds around it are skipped, a
  /// source route is read and ignored.
  ///
  /// The grammar is that of SMTP: no comments, no blanks inside. An empty text is an error: the
  /// null path is `<>`.
  ///
  /// - Throws: `SyntaxError` at the octet that breaks the grammar.
  public init(parsing text: some Collection<UInt8>) throws(SyntaxError) {
    var cursor = ByteCursor(Array(text))
    try cursor.requireUTF8()
    cursor.skipFoldingWhitespace()
    let isInBrackets = cursor.take(.lessThan)
    if isInBrackets, cursor.take(.greaterThan) {
      self = .null
    } else {
      if isInBrackets, cursor.peek == .at { try Self.skipRoute(&cursor) }
      self = .mailbox(try Self.takeMailbox(&cursor))
      if isInBrackets, !cursor.take(.greaterThan) { throw cursor.unexpected }
    }
    cursor.skipFoldingWhitespace()
    try cursor.requireEnd()
  }

  /// Reads the parameter of MAIL FROM from a string (RFC 5321 §4.1.2).
  ///
  /// - Throws: `SyntaxError` at the octet that breaks the grammar.
  public init(parsing text: String) throws(SyntaxError) { try self.init(parsing: text.utf8) }

  /// `A-d-l ":"`
  private static func skipRoute(_ cursor: inout ByteCursor) throws(SyntaxError) {
    var count = 0
    repeat {
      guard cursor.take(.at) else { throw cursor.unexpected }
      let start = cursor.offset
      let name = cursor.take { $0.isAtext || $0 == .dot }
      do { _ = try DomainName(parsing: name) } catch { throw error.shifted(by: start) }
      count += 1
      guard count <= AddressParser.maximumRouteLength else { throw cursor.error(.tooLong("route")) }
    } while cursor.take(.comma)
    guard cursor.take(.colon) else { throw cursor.unexpected }
  }

  /// `Mailbox` of RFC 5321: read as `addr-spec`, then confined to where no `CFWS` was.
  private static func takeMailbox(_ cursor: inout ByteCursor) throws(SyntaxError) -> AddrSpec {
    let start = cursor.offset
    guard let first = cursor.peek, first.isAtext || first == .doubleQuote else {
      throw cursor.isAtEnd ? cursor.error(.missing("path")) : cursor.unexpected
    }
    let local = try takeLocalPart(&cursor)
    guard cursor.take(.at) else {
      throw cursor.isAtEnd ? cursor.error(.missing("domain")) : cursor.unexpected
    }
    let place = cursor.offset
    let domain: MailDomain
    if cursor.take(.leftBracket) {
      let literal = cursor.take { $0.isVisible && !(0x5B...0x5D).contains($0) }
      guard !literal.isEmpty, cursor.take(.rightBracket) else { throw cursor.unexpected }
      domain = .literal(literal.text)
    } else {
      let name = cursor.take { $0.isAtext || $0 == .dot }
      do { domain = .name(try DomainName(parsing: name)) } catch { throw error.shifted(by: place) }
    }
    do { return try AddrSpec(localPart: local, domain: domain) } catch {
      throw SyntaxError(.badValue("local part"), at: start)
    }
  }

  /// `Dot-string / Quoted-string`
  private static func takeLocalPart(_ cursor: inout ByteCursor) throws(SyntaxError) -> [UInt8] {
    let start = cursor.offset
    if cursor.peek == .doubleQuote {
      let content = try cursor.takeQuotedString()
      guard !cursor.bytes[start..<cursor.offset].contains(where: \.isControl) else {
        throw SyntaxError(.badValue("local part"), at: start)
      }
      return content
    }
    let dotString = cursor.take { $0.isAtext || $0 == .dot }
    let atoms = dotString.split(separator: .dot, omittingEmptySubsequences: false)
    guard !atoms.contains(where: \.isEmpty) else {
      throw SyntaxError(.badValue("local part"), at: start)
    }
    return Array(dotString)
  }
}

extension ReversePath: CustomStringConvertible {
  /// The path in angle brackets, without a route.
  public var description: String {
    switch self {
    case .null: "<>"
    case .mailbox(let address): "<\(address)>"
    }
  }
}
