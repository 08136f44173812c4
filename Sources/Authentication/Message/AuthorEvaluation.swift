internal import DNS
internal import Wire

/// DMARC on one message, with what only the whole message tells: flaws of the From field, and
/// overrides by ARC and by trust in the client.
struct AuthorEvaluation {
  let author: AuthorField
  let spf: SPFVerdict?
  let dkim: [DKIMVerdict]
  let arc: ARCVerdict
  let client: IPAddress?
  let policy: AuthenticationPolicy

  func evaluate(_ lookups: some Resolver) async -> (DMARCVerdict, DMARCComparison?) {
    let verifier = DMARCVerifier(
      resolver: lookups, discovery: policy.discovery, limits: policy.dmarc)
    var verdict = await verifier.evaluate(identifiers)
    var comparison: DMARCComparison?
    if policy.comparesDiscoveries, let list = policy.publicSuffixes {
      comparison = await verifier.compare(identifiers, with: list)
    }
    if case .treeWalk = policy.discovery, let list = policy.publicSuffixes {
      verdict.warnOfPublicSuffix(in: list)
    }
    if let flaw = author.flaw { verdict.blame(flaw) }
    if let override = override(verdict) { verdict = verdict.applying(override) }
    return (verdict, comparison)
  }

  private var identifiers: DMARCIdentifiers {
    let path = spf.flatMap { spf in
      spf.mailFrom.domain.map {
        DMARCIdentifier(domain: $0, outcome: outcome(of: spf.mailFrom.result))
      }
    }
    let signatures = dkim.compactMap { verdict in
      verdict.signature.map {
        DMARCIdentifier(
          domain: $0.signature.signingDomain, outcome: outcome(of: verdict.result))
      }
    }
    return DMARCIdentifiers(authorDomains: author.domains, spf: path, dkim: signatures)
  }

  private func outcome(of result: SPFResult) -> DMARCIdentifier.Outcome {
    switch result {
    case .pass: .pass
    case .temperror: .temperror
    default: .fail
    }
  }

  private func outcome(of result: DKIMResult) -> DMARCIdentifier.Outcome {
    switch result {
    case .pass: .pass
    case .temperror: .temperror
    default: .fail
    }
  }

  private func override(_ verdict: DMARCVerdict) -> DMARCOverride? {
    guard verdict.result == .fail, author.flaw == nil, let domain = verdict.authorDomain else {
      return nil
    }
    if let client = client?.unmapped,
      let network = policy.trustedForwarders.first(where: { $0.contains(client) })
    {
      return DMARCOverride(.trustedForwarder, comment: "client in \(network)")
    }
    return ARCOverride(arc: arc, trustedSealers: policy.trustedSealers).override(for: domain)
  }
}

extension DMARCVerdict {
  /// A From field on which readers differ never passes: whatever was authenticated need not be
  /// what is shown (RFC 9989 §11.5). A failure found for any of its domains stands.
  fileprivate mutating func blame(_ flaw: String) {
    steps.append(
      DMARCStep(
        event: .authorDomain(
          found: flaw,
          outcome: result == .fail || result == .temperror ? result.rawValue : "permerror",
          cites: "RFC 9989 §5.3.1")))
    guard result != .fail, result != .temperror else {
      warnings.append(flaw)
      return
    }
    result = .permerror
    reason = flaw
  }
}
