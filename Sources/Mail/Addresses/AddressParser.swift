import Wire

/// The rules of RFC 5322 §3.4 and §4.4, read once from left to right.
///
/// A phrase and a local part begin alike; so the words are read first, and the special octet
/// behind them (`<`, `@`, `:`) says what they were. Nothing is read twice.
struct AddressParser {
  static let maximumAddresses = 10_000
  static let maximumRouteLength = 100

  private(set) var cursor: ByteCursor
  private var count = 0

  init(_ text: some Collection<UInt8>) throws(SyntaxError) {
    cursor = ByteCursor(Array(text))
    try cursor.requireUTF8()
  }

  func requireEnd() throws(SyntaxError) { try cursor.requireEnd() }

  /// `address-list / obs-addr-list`
  mutating func takeAddressList() throws(SyntaxError) -> [Address] {
    var addresses: [Address] = []
    repeat {
      if let address = try takeAddress() { addresses.append(address) }
    } while cursor.take(.comma)
    guard !addresses.isEmpty || !cursor.isAtEnd else { throw cursor.error(.missing("address")) }
    return addresses
  }

  /// `address`; nil where there is only `CFWS`.
  mutating func takeAddress() throws(SyntaxError) -> Address? {
    let words = try WordList(&cursor)
    guard cursor.peek == .colon, !words.isEmpty else {
      return try takeMailbox(after: words).map(Address.mailbox)
    }
    let name = try words.phrase(in: cursor)
    _ = cursor.take(.colon)
    let members = try takeGroupList()
    guard cursor.take(.semicolon) else { throw cursor.unexpected }
    _ = try cursor.takeCFWS()
    try countAddress()
    return .group(name: name, members)
  }

  /// `group-list`: a group holds mailboxes only, so the colon of another one fits no rule.
  private mutating func takeGroupList() throws(SyntaxError) -> [Mailbox] {
    var members: [Mailbox] = []
    repeat {
      let words = try WordList(&cursor)
      if let mailbox = try takeMailbox(after: words) { members.append(mailbox) }
    } while cursor.take(.comma)
    return members
  }

  /// `mailbox`, whose first words have been read; nil where there is nothing.
  private mutating func takeMailbox(after words: WordList) throws(SyntaxError) -> Mailbox? {
    let mailbox: Mailbox
    switch cursor.peek {
    case .lessThan: mailbox = try takeNameAddr(after: words)
    case .at: mailbox = try cursor.takeAddrSpec(after: words).mailbox()
    default:
      guard words.isEmpty else {
        throw cursor.isAtEnd || cursor.peek == .comma
          ? cursor.error(.missing("addr-spec")) : cursor.unexpected
      }
      return nil
    }
    try countAddress()
    return mailbox
  }

  private mutating func countAddress() throws(SyntaxError) {
    count += 1
    guard count <= Self.maximumAddresses else { throw cursor.error(.tooLong("address list")) }
  }

  /// `name-addr`, whose display name has been read.
  private mutating func takeNameAddr(after words: WordList) throws(SyntaxError) -> Mailbox {
    let name = words.isEmpty ? nil : try words.phrase(in: cursor)
    guard cursor.take(.lessThan) else { throw cursor.unexpected }
    let before = try cursor.takeCFWS()
    var route: [MailDomain] = []
    let hasRoute = cursor.peek == .at || cursor.peek == .comma
    if hasRoute { route = try takeRoute() }
    let localPart = try WordList(&cursor)
    var parsed = try cursor.takeAddrSpec(after: localPart)
    guard cursor.take(.greaterThan) else { throw cursor.unexpected }
    let after = try cursor.takeCFWS()
    parsed.isObsolete = parsed.isObsolete || hasRoute
    parsed.hasComments =
      parsed.hasComments || words.hasComments || before.firstComment != nil
      || after.firstComment != nil
    return parsed.mailbox(named: name, route: route)
  }

  /// `obs-route`, its colon included.
  private mutating func takeRoute() throws(SyntaxError) -> [MailDomain] {
    var domains: [MailDomain] = []
    repeat {
      _ = try cursor.takeCFWS()
      guard cursor.take(.at) else { continue }
      domains.append(try cursor.takeMailDomain().domain)
      guard domains.count <= Self.maximumRouteLength else { throw cursor.error(.tooLong("route")) }
    } while cursor.take(.comma)
    guard !domains.isEmpty, cursor.take(.colon) else { throw cursor.unexpected }
    return domains
  }
}

/// An `addr-spec` and how it was written.
struct ParsedAddrSpec {
  var address: AddrSpec
  var isObsolete: Bool
  var hasComments: Bool

  func mailbox(named name: String? = nil, route: [MailDomain] = []) -> Mailbox {
    Mailbox(
      displayName: name, address: address, route: route, usesObsoleteSyntax: isObsolete,
      hasComments: hasComments)
  }
}

extension ByteCursor {
  /// `addr-spec`, whose local part has been read, up to and with the `CFWS` behind it.
  mutating func takeAddrSpec(after words: WordList) throws(SyntaxError) -> ParsedAddrSpec {
    let start = words.start ?? offset
    guard peek == .at else {
      throw words.isEmpty || isAtEnd ? error(.missing("addr-spec")) : unexpected
    }
    let local = try words.localPart(in: self)
    _ = take(.at)
    let domain = try takeMailDomain()
    do {
      return ParsedAddrSpec(
        address: try AddrSpec(localPart: local.octets, domain: domain.domain),
        isObsolete: local.isObsolete || domain.isObsolete,
        hasComments: words.hasComments || domain.hasComments)
    } catch {
      throw SyntaxError(.badValue("local part"), at: start)
    }
  }
}
