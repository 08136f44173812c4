public import Wire

/// One entry of an address list (`address`, RFC 5322 §3.4).
public enum Address: Hashable, Sendable {
  case mailbox(Mailbox)
  /// A named group of mailboxes, which may be empty: `Undisclosed recipients:;`
  case group(name: String, [Mailbox])

  /// The mailbox, or those of the group.
  public var mailboxes: [Mailbox] {
    switch self {
    case .mailbox(let mailbox): [mailbox]
    case .group(_, let members): members
    }
  }
}

/// The addresses of a `From`, `To`, `Cc` or `Reply-To` field (`address-list`, RFC 5322 §3.4, with
/// the obsolete forms of §4.4, widened to UTF-8 by RFC 6532).
///
///     Mary Smith <mary@x.test>, jdoe@example.org, A Group:Ed <c@a.test>,joe@where.test;
///
/// The grammar decides, never a guess: `a@b <c@d>`, where programs differ in which address they
/// show, is an error. Narrower than the standard in that control octets are refused everywhere,
/// the domain must be one (no final dot, no empty label), and a local part is not an encoded word
/// (RFC 2047 §5). At most 10 000 addresses, and 1000 words in one name.
public struct AddressList: Hashable, Sendable {
  /// As they are written; empty members of the list (`,,`) are left out.
  public let addresses: [Address]

  /// Reads the text behind the colon, folds included, without the final line end.
  ///
  /// - Throws: `SyntaxError` at the octet that breaks the grammar; `missing("address")` where there
  ///   is none.
  public init(parsing fieldValue: some Collection<UInt8>) throws(SyntaxError) {
    var parser = try AddressParser(fieldValue)
    addresses = try parser.takeAddressList()
    try parser.requireEnd()
  }

  /// Every mailbox in order, those in groups included.
  public var mailboxes: [Mailbox] { addresses.flatMap(\.mailboxes) }
}
