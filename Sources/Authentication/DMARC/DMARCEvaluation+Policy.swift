import DNS
import Wire

/// The choice of the policy and what it comes to (RFC 9989 §4.10.1, §4.7; RFC 7489 §6.6.4).
extension DMARCEvaluation {
  mutating func choosePolicy(of record: DMARCRecord, use: DMARCRecordUse) async {
    guard let policy = use == .asNone ? DMARCPolicy.none : record.p else { return }
    if use == .asNone {
      verdict.warnings.append(
        "The record at _dmarc.\(verdict.policyDomain ?? author) has a missing or invalid policy "
          + "and counts as p=none")
    }
    guard use == .asPublished, verdict.policyDomain != author else { return take(policy, .p) }
    let inherited: (DMARCPolicy, DMARCPolicyTag) = record.sp.map { ($0, .sp) } ?? (policy, .p)
    guard usesTreeWalk, let np = record.np, np != inherited.0 else {
      return take(inherited.0, inherited.1)
    }
    switch await lookups.exists(author) {
    case .success(true): take(inherited.0, inherited.1)
    case .success(false): take(np, .np)
    case .failure(let cause): leaveOpen(cause)
    }
  }

  private mutating func take(_ policy: DMARCPolicy, _ tag: DMARCPolicyTag) {
    verdict.policy = policy
    verdict.policyTag = tag
    note(.policy(at: verdict.policyDomain ?? author, tag, policy))
  }

  /// Whether the author exists decides between two policies, and DNS does not say.
  private mutating func leaveOpen(_ cause: LookupFailure) {
    let reason = "Whether \(author) exists could not be found out: \(cause)."
    if verdict.result == .fail {
      conclude(.temperror, reason)
    } else {
      verdict.warnings.append(reason)
    }
  }

  /// The disposition of a failure: the policy, milder by test mode or outside the sample.
  mutating func applyPolicy(of record: DMARCRecord) {
    guard verdict.result == .fail, let policy = verdict.policy else { return }
    verdict.disposition = DMARCDisposition(policy)
    if verdict.isTesting {
      verdict = verdict.applying(
        DMARCOverride(.policyTestMode, comment: "t=y"),
        disposition: verdict.disposition.milder)
    }
    if !usesTreeWalk, let sample, let pct = record.pct, sample >= pct {
      verdict = verdict.applying(
        DMARCOverride(.sampledOut, comment: "pct=\(pct)"),
        disposition: verdict.disposition.milder)
    }
    note(.disposition(of: author, policy, verdict.disposition))
  }
}
