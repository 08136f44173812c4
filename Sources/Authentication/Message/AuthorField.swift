internal import Mail
internal import Wire

/// Who a message says it is from (RFC 5322 §3.6.2), and whether all readers would agree.
struct AuthorField: Sendable {
  /// In order and without repetition; domain literals are none.
  let domains: [DomainName]
  /// Why the message has no single author that every reader sees, in one sentence; nil if it has.
  ///
  /// A From that breaks the grammar is no flaw where it holds one address only (`LoneAddress`).
  let flaw: String?

  init(_ header: MessageHeader) {
    let fields = header.fields(named: "from")
    var domains: [DomainName] = []
    var flaw: String?
    for field in fields {
      let value = header.value(of: field)
      do throws(SyntaxError) {
        let mailboxes = try AddressList(parsing: value).mailboxes
        domains += mailboxes.compactMap(\.address.domain.name)
        if mailboxes.contains(where: { $0.address.domain.name == nil }) || mailboxes.isEmpty {
          flaw = "From holds an address without a domain name"
        }
      } catch {
        if let domain = LoneAddress(in: value)?.mailbox.address.domain.name
          ?? Self.onlyDomain(in: value)
        {
          domains.append(domain)
        } else {
          flaw = "From cannot be read: \(error)"
          domains += Self.namesLooselyFound(in: value)
        }
      }
    }
    if fields.isEmpty { flaw = "the message has no From field" }
    if fields.count > 1 { flaw = "the message has \(fields.count) From fields" }
    if let place = Self.ambiguity(of: header) { flaw = place }
    var seen: Set<DomainName> = []
    self.domains = domains.filter { seen.insert($0).inserted }
    self.flaw = flaw
  }

  /// What makes readers see different fields, or another body than the one that is signed.
  private static func ambiguity(of header: MessageHeader) -> String? {
    guard !header.defects.isEmpty else { return nil }
    if header.hidesField(named: "from") {
      return "a line that only some readers see is a From field"
    }
    if let end = header.earlyEnd {
      return "a bare CR or LF makes some readers end the header at byte \(end)"
    }
    for case .missingColon(let offset) in header.defects
    where offset > 0 || !header.beginsWithMboxLine {
      return "a line without a colon makes some readers end the header at byte \(offset)"
    }
    return header.defects.count < MessageHeader.maximumDefects
      ? nil : "the header breaks its grammar in too many places"
  }

  /// The one domain that every address in a field that breaks the grammar has, whichever of them
  /// a reader shows: `a@bank.example <a@bank.example>`. Encoded words are looked into as well. A
  /// single address is `LoneAddress`'s to judge.
  private static func onlyDomain(in value: ArraySlice<UInt8>) -> DomainName? {
    let line = value.filter { $0 != .carriageReturn && $0 != .lineFeed }
    guard !line.contains(where: { $0.isControl && $0 != .tab }),
      line.count(where: { $0 == .at }) > 1
    else { return nil }
    let shown = Array(EncodedWord.decodeEverywhere(line.text).utf8)
    // A look-alike of the at-sign would hide a further address.
    guard !["\u{FF20}", "\u{FE6B}"].contains(where: shown.text.contains) else { return nil }
    var domains: Set<DomainName> = []
    for text in [line, shown] {
      let count = text.count { $0 == .at }
      let names = namesLooselyFound(in: text[...])
      guard count <= 10, names.count == count else { return nil }
      domains.formUnion(names)
    }
    return domains.count == 1 ? domains.first : nil
  }

  /// The names behind each `@` of a field that breaks the grammar: some reader may show one of
  /// them, so their policies count. At most ten.
  private static func namesLooselyFound(in value: ArraySlice<UInt8>) -> [DomainName] {
    let parts = value.split(separator: .at, omittingEmptySubsequences: false).dropFirst()
    return parts.prefix(10).compactMap { part in
      let name = part.prefix {
        $0.isAlphanumeric || $0.isNonASCII || $0 == .dot || $0 == .hyphen || $0 == .underscore
      }
      return try? DomainName(parsing: name, finalDot: true)
    }
  }
}
