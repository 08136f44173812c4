internal import Wire

extension HostDecision {
  /// The decision under what the message asks for itself (RFC 8689 §4.2).
  func applying(_ message: MessageTLS, _ judgement: HostJudgement) -> HostDecision {
    switch message {
    case .unspecified, .required(reversePathIsEmpty: true): self
    case .required: demandingTLS(judgement)
    case .optional: makingTLSOptional()
    }
  }

  /// §4.2.1: hosts that DNSSEC or MTA-STS vouches for (step 2), and a certificate that proves the
  /// host (step 4). A policy list is neither.
  private func demandingTLS(_ judgement: HostJudgement) -> HostDecision {
    guard case .allowed = permission else { return self }
    var decision = self
    let rule = judgement.published.rule
    let isListed = rule?.mechanism == .mtaSTS && rule?.covers(host) == true
    guard judgement.servers.areSecure || isListed else {
      decision.permission = .refused(
        .validationFailure, "REQUIRETLS: neither DNSSEC nor MTA-STS vouches for \(host)")
      decision.evidence.append(step("neither DNSSEC nor MTA-STS", "refused", "RFC 8689 §4.2.1"))
      return decision
    }
    guard requirement.serverName != nil else {
      decision.permission = .refused(
        .validationFailure, "REQUIRETLS: an address has no name to prove")
      decision.evidence.append(step("an address literal", "refused", "RFC 8689 §4.2.1"))
      return decision
    }
    if case .dane = requirement.level { return decision }
    decision.requirement = TLSRequirement(.webPKI, serverName: host, referenceNames: [host])
    decision.evidence.append(
      step("\(mechanism.rawValue)", "the web PKI must prove \(host)", "RFC 8689 §4.2.1"))
    return decision
  }

  /// §4.2.2: policies are followed, and their failure does not stop the message. The operator's
  /// own word is no published policy, and a host without address stays without.
  private func makingTLSOptional() -> HostDecision {
    guard mechanism != .override, !addresses.isEmpty else { return self }
    var decision = self
    decision.permission = .allowed
    if requirement.requiresTLS { decision.tested = requirement }
    decision.requirement = TLSRequirement(.opportunistic, serverName: requirement.serverName)
    if case .allowed = permission, !requirement.requiresTLS { return decision }
    if case .deferred(let failure, _) = permission { decision.testedFailure = failure }
    if case .refused(let failure, _) = permission { decision.testedFailure = failure }
    decision.evidence.append(
      step(mechanism.rawValue, "followed, and does not stop the message", "RFC 8689 §4.2.2"))
    return decision
  }

  private func step(_ found: String, _ outcome: String, _ cites: String) -> Evidence {
    Evidence(
      step: "message", subject: "\(host)", found: found, outcome: outcome, cites: cites)
  }
}
