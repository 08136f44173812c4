public import Wire

/// What is known of a domain's MTA-STS policy at one moment (RFC 8461 §3.3, §5.1).
public struct STSFinding: Hashable, Sendable {
  /// The policy that holds: fetched now, or kept from before and not out of date. Nil where the
  /// domain has none, or none could be got and none was kept.
  public var policy: STSPolicy?
  /// What went wrong on the way, if anything: with a kept policy it is reported, and the kept
  /// policy holds.
  public var failure: TLSFailure?
  /// Each step with the rule that decided.
  public var evidence: [Evidence]

  /// A finding of these parts.
  public init(policy: STSPolicy?, failure: TLSFailure? = nil, evidence: [Evidence] = []) {
    self.policy = policy
    self.failure = failure
    self.evidence = evidence
  }
}

/// Where the decision learns of MTA-STS policies: `STSPolicyFinder`, or a table.
public protocol STSPolicySource: Sendable {
  /// The policy of `domain` at `now`, seconds since 1970. Never throws: trouble is in the finding.
  func policy(of domain: DomainName, now: UInt64) async -> STSFinding
}
