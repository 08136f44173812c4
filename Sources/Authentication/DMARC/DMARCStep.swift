internal import DNS
internal import Wire

/// One step of an evaluation, as it happened. Words are made of it only when somebody reads them:
/// most verdicts are never explained.
struct DMARCStep: Hashable, Sendable {
  enum Event: Hashable, Sendable {
    /// What stood at `_dmarc.` and the domain.
    case record(at: DomainName, DMARCAnswer)
    case organization(of: DomainName, DomainName?)
    case alignment(DMARCAlignment)
    case policy(at: DomainName, DMARCPolicyTag, DMARCPolicy)
    case disposition(of: DomainName, DMARCPolicy, DMARCDisposition)
    case result(of: DomainName, String, DMARCResult)
    case authorDomain(found: String, outcome: String, cites: String)
    case override(DMARCOverride, DMARCDisposition)
  }

  let event: Event
  /// By RFC 9989; else by RFC 7489.
  var usesTreeWalk = true

  var evidence: Evidence {
    switch event {
    case .record(let domain, let answer): record(at: domain, answer)
    case .organization(let author, let found):
      step(
        "organizational domain", "\(author)", found.map { "\($0)" } ?? "unknown",
        found == nil ? "DNS failure" : "found", "§4.10.2", "§3.2")
    case .alignment(let alignment): comparison(alignment)
    case .policy(let domain, let tag, let policy):
      step("policy", "_dmarc.\(domain)", tag.rawValue, policy.rawValue, "§4.10.1", "§6.3")
    case .disposition(let author, let policy, let disposition):
      step(
        "disposition", "\(author)", "policy \(policy.rawValue)", disposition.rawValue,
        "§5.3.6, §4.7", "§6.6.4")
    case .result(let author, let reason, let result):
      step("result", "\(author)", reason, result.rawValue, "§5.3.5", "§6.6.2")
    case .authorDomain(let found, let outcome, let cites):
      Evidence(
        step: "dmarc author domain", subject: "From", found: found, outcome: outcome, cites: cites)
    case .override(let override, let disposition):
      Evidence(
        step: "dmarc override", subject: override.reason.rawValue, found: override.comment ?? "",
        outcome: "disposition \(disposition.rawValue)", cites: "RFC 9989 §5.4, RFC 9990 §3.1.6")
    }
  }

  private func record(at domain: DomainName, _ answer: DMARCAnswer) -> Evidence {
    let (found, outcome) =
      switch answer {
      case .record(let record): (record.text, "record")
      case .none(let others): (others == 0 ? "nothing" : "\(others) other records", "no record")
      case .several(let count): ("\(count) records", "all discarded")
      case .failure(let cause): ("\(cause)", "DNS failure")
      }
    return step(
      "record", "_dmarc.\(domain) TXT", found, outcome,
      answer.failure == nil ? "§4.10" : "§5.3.6", "§6.6.3")
  }

  private func comparison(_ alignment: DMARCAlignment) -> Evidence {
    let identifier = alignment.identifier
    let mode = alignment.mode == .strict ? "strict" : "relaxed"
    let found = alignment.organizationalDomain.map { "organizational domain \($0)" } ?? mode
    let outcome =
      switch alignment.state {
      case .aligned: "aligned (\(mode))"
      case .notAligned: "not aligned (\(mode))"
      case .unknown: "unknown: DNS failure"
      }
    return step(
      "alignment",
      "\(alignment.mechanism.rawValue)=\(identifier.outcome.rawValue) \(identifier.domain)",
      found, outcome, "§4.10.2", "§3.1")
  }

  /// The sections are those of RFC 9989 and of RFC 7489.
  private func step(
    _ step: String, _ subject: String, _ found: String, _ outcome: String,
    _ section: String, _ historicSection: String
  ) -> Evidence {
    Evidence(
      step: "dmarc \(step)", subject: subject, found: found, outcome: outcome,
      cites: usesTreeWalk ? "RFC 9989 \(section)" : "RFC 7489 \(historicSection)")
  }
}
