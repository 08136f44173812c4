internal import DNS
internal import Wire

/// The names that the client's address points to (RFC 7208 §5.5), looked up once per check.
struct SPFReverseNames {
  /// The first ten (§4.6.4); none where the look-up failed.
  var names: [DomainName] = []
  var query: SPFQuery
  /// Whether a name points back to the client, where that has been asked.
  var isValidated: [DomainName: Bool] = [:]
}

extension SPFEvaluation {
  /// §5.5: whether a validated name of the client is at or below `target`.
  ///
  /// Names elsewhere could not match: their addresses are not asked for.
  mutating func isValidated(below target: DomainName) async throws(SPFStop) -> Bool {
    for name in try await reverseLookup().names where name.isAtOrBelow(target) {
      if try await validate(name) { return true }
    }
    return false
  }

  /// §7.3: what `%{p}` stands for; nil where no name is validated. The domain itself is preferred,
  /// then names below it, then any.
  mutating func validatedName(for domain: DomainName) async throws(SPFStop) -> DomainName? {
    if reverseNames == nil { try charge(for: Self.macro, of: domain) }
    let names = try await reverseLookup().names
    let preferred =
      names.filter { $0 == domain } + names.filter { $0 != domain && $0.isAtOrBelow(domain) }
      + names.filter { !$0.isAtOrBelow(domain) }
    for name in preferred where try await validate(name) { return name }
    return nil
  }

  private static var macro: ArraySlice<UInt8> { Array("%{p}".utf8)[...] }

  private mutating func reverseLookup() async throws(SPFStop) -> SPFReverseNames {
    if let reverseNames {
      try count(reverseNames.query)
      return reverseNames
    }
    let query = try await ask(values.client.reverseName, .ptr)
    var reverse = SPFReverseNames(query: query)
    for case .ptr(let name) in query.records.prefix(max(0, limits.ptrNames)) {
      reverse.names.append(name)
    }
    reverseNames = reverse
    try count(query)
    return reverse
  }

  /// §5.5: a name whose address look-up fails is skipped.
  private mutating func validate(_ name: DomainName) async throws(SPFStop) -> Bool {
    if let known = reverseNames?.isValidated[name] { return known }
    let query = try await ask(name, addressType)
    let isValidated = query.records.contains { $0.address == values.client }
    reverseNames?.isValidated[name] = isValidated
    try count(query)
    return isValidated
  }
}
