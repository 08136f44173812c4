internal import Wire

/// What a destination's MTA-STS policy, or else a policy list, asks of its hosts.
struct PublishedPolicy {
  /// One of the two, in one shape.
  struct Rule {
    var mechanism: HostDecision.Mechanism
    var isEnforced: Bool
    var patterns: [MXPattern]

    func covers(_ host: DomainName) -> Bool { patterns.contains { $0.covers(host) } }
    var cites: String { mechanism == .mtaSTS ? "RFC 8461 §4.1" : "STARTTLS Everywhere" }
  }

  /// MTA-STS where there is a policy that is not `none`, else the list's entry.
  var rule: Rule?
  /// What went wrong on the way to the policy.
  var failure: TLSFailure?
  var evidence: [Evidence] = []

  init() {}

  init(_ finding: STSFinding, entry: PolicyListEntry?, domain: DomainName) {
    failure = finding.failure
    evidence = finding.evidence
    if let policy = finding.policy, policy.mode != .none {
      rule = Rule(
        mechanism: .mtaSTS, isEnforced: policy.mode == .enforce, patterns: policy.mxPatterns)
    } else if let entry {
      rule = Rule(
        mechanism: .policyList, isEnforced: entry.isEnforced, patterns: entry.mxPatterns)
      evidence.append(
        Evidence(
          step: "policy list", subject: "\(domain)",
          found: entry.mxPatterns.map(\.description).joined(separator: ", "),
          outcome: entry.isEnforced ? "enforce" : "testing", cites: "STARTTLS Everywhere"))
    }
  }
}
