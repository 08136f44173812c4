public import Wire

/// Where the decision learns what a STARTTLS Everywhere policy list says of a domain.
public protocol PolicyListSource: Sendable {
  /// What the list says of exactly this domain at `now`, seconds since 1970; nil where it is silent
  /// or out of date.
  func entry(for domain: DomainName, now: UInt64) -> PolicyListEntry?
}
