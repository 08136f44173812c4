public import Wire

/// The policy lists that an operator trusts, each checked against its signature before it came
/// here.
public struct VerifiedPolicyLists: PolicyListSource, Hashable, Sendable {
  /// A list, and what it is called in evidence.
  public struct Source: Hashable, Sendable {
    /// A file or URL.
    public var name: String
    /// The list.
    public var list: PolicyList

    /// A list of this name.
    public init(name: String, list: PolicyList) {
      self.name = name
      self.list = list
    }
  }

  /// In the order in which they are asked.
  public var sources: [Source]

  /// These lists; by default none.
  public init(_ sources: [Source] = []) { self.sources = sources }

  /// The entry of the first list that has this domain and is not out of date.
  public func entry(for domain: DomainName, now: UInt64) -> PolicyListEntry? {
    finding(for: domain, now: now).entry
  }

  /// The same with its evidence; a list out of date gives no entry and says so.
  public func finding(for domain: DomainName, now: UInt64) -> PolicyListFinding {
    var finding = PolicyListFinding(entry: nil)
    for source in sources {
      guard !source.list.isExpired(at: now) else {
        finding.expiredLists.append(source.name)
        finding.add(source.name, "expired at \(source.list.expires)", "not trusted: out of date")
        continue
      }
      guard let entry = source.list.entry(for: domain, now: now) else {
        finding.add(source.name, "\(domain) is not listed", "no entry")
        continue
      }
      finding.add(source.name, "\(domain): \(entry)", "entry holds")
      finding.entry = entry
      break
    }
    return finding
  }
}

/// What policy lists say of a domain at one moment.
public struct PolicyListFinding: Hashable, Sendable {
  /// The entry that holds, or nil.
  public var entry: PolicyListEntry?
  /// Lists that were passed over because they are out of date: their operator must be told.
  public var expiredLists: [String]
  /// One step for each list that was asked.
  public var evidence: [Evidence]

  /// A finding of these parts.
  public init(
    entry: PolicyListEntry?, expiredLists: [String] = [], evidence: [Evidence] = []
  ) {
    self.entry = entry
    self.expiredLists = expiredLists
    self.evidence = evidence
  }

  fileprivate mutating func add(_ subject: String, _ found: String, _ outcome: String) {
    evidence.append(
      Evidence(
        step: "policy list", subject: subject, found: found, outcome: outcome,
        cites: "policy-0.1.schema.json"))
  }
}
