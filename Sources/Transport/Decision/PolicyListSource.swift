public import Wire

/// Where the decision learns what a STARTTLS Everywhere policy list says of a domain.
public protocol PolicyListSource: Sendable {
  /// What the list says of exactly this domain at `now`, seconds since 1970; nil where it is silent
  /// or out of date.
  func entry(for domain: DomainName, now: UInt64) -> PolicyListEntry?
}

/// What a policy list says of one domain: which hosts, and whether a breach stops mail.
public struct PolicyListEntry: Hashable, Sendable {
  /// Whether mail must not go to hosts that do not satisfy it; false for the mode `testing`.
  public var isEnforced: Bool
  /// Which hosts may serve the domain.
  public var mxPatterns: [MXPattern]

  /// An entry of these parts.
  public init(isEnforced: Bool, mxPatterns: [MXPattern]) {
    self.isEnforced = isEnforced
    self.mxPatterns = mxPatterns
  }
}
