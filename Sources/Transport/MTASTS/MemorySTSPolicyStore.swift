public import Wire

/// Keeps policies in memory, for a program that runs once: what it knew ends with it, so that each
/// start is a first look again (RFC 8461 §10.2).
public actor MemorySTSPolicyStore: STSPolicyStore {
  /// How many domains are kept; beyond, the policy fetched longest ago is forgotten.
  public let capacity: Int
  private var policies: [DomainName: KeptSTSPolicy] = [:]

  /// An empty store.
  public init(capacity: Int = 50_000) { self.capacity = max(1, capacity) }

  /// How many domains are kept.
  public var count: Int { policies.count }

  public func keptPolicy(of domain: DomainName) -> KeptSTSPolicy? { policies[domain] }

  public func keep(_ policy: KeptSTSPolicy, of domain: DomainName) {
    if policies[domain] == nil, policies.count >= capacity {
      let oldest = policies.min { $0.value.fetchedAt < $1.value.fetchedAt }
      if let oldest { policies[oldest.key] = nil }
    }
    policies[domain] = policy
  }
}
