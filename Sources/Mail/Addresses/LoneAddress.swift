import Wire

/// The one address of a field that breaks the grammar of RFC 5322 §3.4 so that no reader can find
/// another address in it.
///
///     =?utf-8?Q?Doe,_John?= <john@x.example>
///     John [Sales] <john@x.example>
///
/// Names like these, and names in ISO-8859-1 as they are, come from many honest senders. The field
/// ends in `<local@domain>`, blanks and folds aside, and
/// - holds one `@`, one `<` and one `>` in all, quotes and comments included;
/// - has no control octets but those of folds, and no look-alike of an `@`;
/// - has no backslash outside quotes and comments, and leaves neither of them open before the `<`:
///   for the grammar there would be no address at all;
/// - has no encoded word in which these octets may be found by a reader that decodes too early;
/// - is US-ASCII inside the brackets: atoms between dots without a question mark (which is of
///   encoded words), and a domain name.
///
/// What stands before it is a name, commas and colons included: without an `@` it is no address.
package struct LoneAddress: Hashable, Sendable {
  package let mailbox: Mailbox

  /// - Returns: nil for any other field; one that follows the grammar may be among them.
  package init?(in fieldValue: some Collection<UInt8>) {
    let octets = Array(fieldValue)
    guard Self.isFreeOfControls(octets), octets.count(where: { $0 == .at }) == 1,
      octets.count(where: { $0 == .lessThan }) == 1,
      octets.count(where: { $0 == .greaterThan }) == 1
    else { return nil }
    let value = octets[...].trimmingFoldingWhitespace
    guard value.last == .greaterThan, let bracket = value.firstIndex(of: .lessThan),
      let address = Self.address(value[(bracket + 1)...].dropLast())
    else { return nil }
    let name = value[..<bracket].filter { $0 != .carriageReturn && $0 != .lineFeed }
    guard Self.isInTheOpen(octets), !Self.mayHideAddress(name) else { return nil }
    let shown = EncodedWord.decodeEverywhere(name[...].trimmingFoldingWhitespace.text)
    mailbox = Mailbox(displayName: shown.isEmpty ? nil : shown, address: address)
  }

  private static func isFreeOfControls(_ octets: [UInt8]) -> Bool {
    var cursor = ByteCursor(octets)
    while !cursor.isAtEnd {
      cursor.skipFoldingWhitespace()
      if cursor.next()?.isControl == true { return false }
    }
    return true
  }

  private static func address(_ text: ArraySlice<UInt8>) -> AddrSpec? {
    let parts = text.split(separator: .at, omittingEmptySubsequences: false)
    guard parts.count == 2, let local = parts.first, let domain = parts.last,
      local.split(separator: .dot, omittingEmptySubsequences: false).allSatisfy(isPlainAtom),
      !domain.contains(where: \.isNonASCII), let name = try? DomainName(parsing: domain)
    else { return nil }
    return try? AddrSpec(localPart: Array(local), domain: .name(name))
  }

  private static func isPlainAtom(_ atom: ArraySlice<UInt8>) -> Bool {
    !atom.isEmpty
      && atom.allSatisfy { $0.isAtext && !$0.isNonASCII && $0 != UInt8(ascii: "?") }
  }

  /// Whether the `<` stands outside quoted strings and comments, and no backslash does.
  private static func isInTheOpen(_ octets: [UInt8]) -> Bool {
    var cursor = ByteCursor(octets)
    guard cursor.skip(to: .lessThan) else { return false }
    cursor.rewind(to: 0)
    return !cursor.skip(to: .backslash)
  }

  /// Whether a reader that decodes or normalises the name may find what looks like an address.
  ///
  /// Encoded words count however badly they are written: with blanks inside, or without an end.
  private static func mayHideAddress(_ name: [UInt8]) -> Bool {
    if holdsLookAlike(name.text) { return true }
    let parts = name.split(separator: UInt8(ascii: "?"), omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() where part.last == .equals && index + 3 < parts.count {
      let encoding = parts[index + 2]
      guard encoding.equalsIgnoringCase("q") || encoding.equalsIgnoringCase("b") else { continue }
      guard let octets = EncodedWord.looselyDecoded(parts[index + 3], encoding),
        Charset.hasASCII(named: parts[index + 1].lowercasedASCIIText),
        !octets.contains(where: { $0.isControl || isDelimiter($0) }), !holdsLookAlike(octets.text)
      else { return true }
    }
    return false
  }

  private static func isDelimiter(_ byte: UInt8) -> Bool {
    byte == .at || byte == .lessThan || byte == .greaterThan
  }

  private static func holdsLookAlike(_ text: String) -> Bool {
    text.unicodeScalars.contains { Mailbox.atSigns.contains($0) }
  }
}
