public import Wire

/// A STARTTLS Everywhere policy list, version 0.1: which mail domains are known to take mail by
/// TLS, and at which servers (EFF's `policy-0.1.schema.json`).
///
///     { "version": "0.1", "timestamp": 1401093333, "expires": 1404677353, "policy-aliases": {},
///       "policies": { "example.com": { "mode": "enforce", "mxs": [".example.com"] } } }
///
/// The list that EFF published expired on 2020-06-03; what is kept is the format, for lists that
/// operators sign themselves.
public struct PolicyList: Hashable, Sendable {
  /// What stands at a mail domain.
  public enum Policy: Hashable, Sendable {
    /// The entry itself.
    case entry(PolicyListEntry)
    /// The name of an entry in `aliases`.
    case alias(String)
  }

  /// When the list was made, in seconds since 1970. It never goes back from one list to the next.
  public var timestamp: UInt64
  /// When the list stops being valid, in seconds since 1970.
  public var expires: UInt64
  /// Who made the list, as it says.
  public var author: String?
  /// Entries that several domains share, by name.
  public var aliases: [String: PolicyListEntry]
  /// What is said of each mail domain. Domains below one are not meant with it.
  public var policies: [DomainName: Policy]

  /// A list of these parts.
  public init(
    timestamp: UInt64, expires: UInt64, author: String? = nil,
    aliases: [String: PolicyListEntry] = [:], policies: [DomainName: Policy]
  ) {
    self.timestamp = timestamp
    self.expires = expires
    self.author = author
    self.aliases = aliases
    self.policies = policies
  }

  /// Whether the list is out of date at `now`, in seconds since 1970: from the second of `expires`
  /// on.
  public func isExpired(at now: UInt64) -> Bool { now >= expires }

  /// The entry of exactly this domain, its alias resolved; nil where it is not listed, and from an
  /// expired list always.
  public func entry(for domain: DomainName, now: UInt64) -> PolicyListEntry? {
    isExpired(at: now) ? nil : listedEntry(for: domain)
  }

  /// The entry of exactly this domain, whether or not the list is out of date.
  public func listedEntry(for domain: DomainName) -> PolicyListEntry? {
    switch policies[domain] {
    case .entry(let entry): entry
    case .alias(let name): aliases[name]
    case nil: nil
    }
  }

  /// Whether the list may take the place of `kept`: its timestamp is the same or later. An older
  /// one, however well signed, is a replay.
  public func mayReplace(_ kept: PolicyList) -> Bool { timestamp >= kept.timestamp }
}
