import Wire

extension Mailbox {
  /// How many addresses are looked for in a display name.
  static let maximumDisplayNameAddresses = 16

  /// An address that the display name shows: the first that is not the mailbox's own, else the
  /// first; nil where the name looks like no address.
  ///
  ///     "ceo@bank.example" <x@evil.example>
  ///
  /// Many readers show the name alone, so such a name passes for the address.
  public var displayNameAddress: AddrSpec? {
    let shown = displayNameAddresses
    return shown.first { $0 != address } ?? shown.first
  }

  /// Every address that the display name shows, at most 16.
  ///
  /// It is looked for as a reader would see it: encoded words are decoded even where they are not
  /// allowed, at-signs and dots of other widths count, invisible characters do not. The domain has
  /// two labels or more.
  public var displayNameAddresses: [AddrSpec] {
    guard let displayName else { return [] }
    let text = Self.asSeen(EncodedWord.decodeEverywhere(displayName))
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    var addresses: [AddrSpec] = []
    for (left, right) in zip(parts, parts.dropFirst()) {
      guard let address = Self.address(between: left, and: right) else { continue }
      addresses.append(address)
      if addresses.count == Self.maximumDisplayNameAddresses { break }
    }
    return addresses
  }

  private static func address(
    between left: Substring.UnicodeScalarView, and right: Substring.UnicodeScalarView
  ) -> AddrSpec? {
    let local = left.suffix(
      from: left.lastIndex(where: isDelimiter).map(left.index(after:))
        ?? left.startIndex)
    var domain = right.prefix { !isDelimiter($0) && ($0.value >= 0x80 || isDomainOctet($0)) }
    while domain.last == "." { domain.removeLast() }
    guard !local.isEmpty,
      let name = try? DomainName(parsing: String(domain)), name.labelCount > 1
    else { return nil }
    return try? AddrSpec(localPart: Array(String(local).utf8), domain: .name(name))
  }

  /// The at-sign and its look-alikes: full-width, small.
  static let atSigns: [Unicode.Scalar] = ["@", "\u{FF20}", "\u{FE6B}"]

  /// Look-alikes of the at-sign and the dot replaced, what shows nothing taken away.
  private static func asSeen(_ text: String) -> String.UnicodeScalarView {
    var seen = String.UnicodeScalarView()
    for scalar in text.unicodeScalars where !scalar.isInvisible {
      switch scalar {
      case _ where atSigns.contains(scalar): seen.append("@")
      case "\u{FF0E}", "\u{FE52}", "\u{3002}", "\u{FF61}", "\u{2024}": seen.append(".")
      default: seen.append(scalar)
      }
    }
    return seen
  }

  private static func isDelimiter(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || "\"'<>()[],;:«»‹›“”„‘’‚".unicodeScalars.contains(scalar)
  }

  private static func isDomainOctet(_ scalar: Unicode.Scalar) -> Bool {
    let byte = UInt8(truncatingIfNeeded: scalar.value)
    return byte.isAlphanumeric || byte == .dot || byte == .hyphen || byte == .underscore
  }
}
