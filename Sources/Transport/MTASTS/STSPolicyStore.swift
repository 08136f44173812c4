public import Wire

/// What is kept of a domain's policy between looks (RFC 8461 §3.3, §5.1).
public struct KeptSTSPolicy: Hashable, Sendable {
  /// The policy.
  public var policy: STSPolicy
  /// The `id` of the TXT record that led to it; nil where that was not to be had.
  public var recordID: String?
  /// When its body was last fetched over HTTPS, seconds since 1970: `max_age` counts from here.
  public var fetchedAt: UInt64

  /// A policy fetched at this time.
  public init(policy: STSPolicy, recordID: String?, fetchedAt: UInt64) {
    self.policy = policy
    self.recordID = recordID
    self.fetchedAt = fetchedAt
  }
}

/// Keeps policies: in memory, or on disk so that they survive a restart (the module `Store`).
public protocol STSPolicyStore: Sendable {
  /// What is kept of `domain`, out of date or not.
  func keptPolicy(of domain: DomainName) async throws -> KeptSTSPolicy?
  /// Keeps a policy; returns only when it would survive a crash.
  func keep(_ policy: KeptSTSPolicy, of domain: DomainName) async throws
}
