public import Wire

/// Which keys sign for which author domain.
///
///     example.com        authors at example.com itself
///     *.example.com      authors at any name below it, however deep
///
/// The domain itself counts before a wildcard, and the nearest wildcard before one further up; they
/// are never added to each other. A leading dot without the star is no pattern.
public struct SigningTable<Entry: Sendable>: Sendable {
  private var exact: [DomainName: Entry] = [:]
  private var below: [DomainName: Entry] = [:]

  /// An empty table: nothing is signed.
  public init() {}

  /// Adds an entry.
  ///
  /// - Returns: false where there is one for this pattern already; nothing is changed then.
  /// - Throws: `SyntaxError` where the pattern is none.
  public mutating func insert(_ entry: Entry, for pattern: String) throws(SyntaxError) -> Bool {
    if pattern.hasPrefix("*.") {
      let name = try DomainName(parsing: String(pattern.dropFirst(2)))
      guard below[name] == nil else { return false }
      below[name] = entry
    } else {
      let name = try DomainName(parsing: pattern)
      guard exact[name] == nil else { return false }
      exact[name] = entry
    }
    return true
  }

  /// What the table says for an author domain; nil for a stranger.
  public func entry(for domain: DomainName) -> Entry? {
    if let entry = exact[domain] { return entry }
    var name = domain.parent
    while let current = name, !current.isRoot {
      if let entry = below[current] { return entry }
      name = current.parent
    }
    return nil
  }
}
