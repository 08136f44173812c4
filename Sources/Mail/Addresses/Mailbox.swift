public import Wire

/// An address with the name of whom it reaches (`mailbox`, RFC 5322 §3.4).
///
///     "Joe Q. Public" <john.q.public@example.com>
public struct Mailbox: Hashable, Sendable {
  /// For people only: encoded words (RFC 2047) are decoded, quotes and folds taken away. It may
  /// hold control characters and direction overrides; `escapingControls` makes it fit to print.
  public let displayName: String?
  /// The address itself, without angle brackets.
  public let address: AddrSpec
  /// The source route of `obs-angle-addr` (§4.4), which SHOULD be ignored.
  public let route: [MailDomain]
  /// Whether the address itself was written in a form of §4.4: a route, blanks or comments around
  /// dots, several quoted strings, a backslash in a literal. Readers disagree on those.
  public let usesObsoleteSyntax: Bool
  /// Whether there were comments, which some readers take for names or addresses.
  public let hasComments: Bool

  /// A mailbox from its parts.
  public init(
    displayName: String? = nil, address: AddrSpec, route: [MailDomain] = [],
    usesObsoleteSyntax: Bool = false, hasComments: Bool = false
  ) {
    self.displayName = displayName
    self.address = address
    self.route = route
    self.usesObsoleteSyntax = usesObsoleteSyntax
    self.hasComments = hasComments
  }

  /// Reads one mailbox, as in `Sender` (RFC 5322 §3.6.2): no group, no list, no final line end.
  ///
  /// - Throws: `SyntaxError` at the octet that breaks the grammar.
  public init(parsing fieldValue: some Collection<UInt8>) throws(SyntaxError) {
    var parser = try AddressParser(fieldValue)
    guard case .mailbox(let mailbox) = try parser.takeAddress() else {
      throw SyntaxError(.missing("mailbox"), at: 0)
    }
    try parser.requireEnd()
    self = mailbox
  }
}
