public import DNS
import Wire

/// Evaluates DMARC on what SPF and DKIM found (RFC 9989 §5.3, or RFC 7489 §6.6 by choice). A plain
/// value: make one at start-up and share it.
public struct DMARCVerifier<DNS: Resolver>: Sendable {
  /// Where records are asked for.
  public var resolver: DNS
  /// How the Organizational Domain is found.
  public var discovery: DMARCDiscovery
  /// How much one message may cost.
  public var limits: DMARCLimits

  /// A verifier; by default it walks the tree (RFC 9989 §4.10).
  public init(
    resolver: DNS, discovery: DMARCDiscovery = .treeWalk, limits: DMARCLimits = DMARCLimits()
  ) {
    self.resolver = resolver
    self.discovery = discovery
    self.limits = limits
  }

  /// Never throws: DNS trouble that could change the result is `temperror`.
  ///
  /// With several Author Domains each is evaluated, up to the limit, and the worst decides: a
  /// failure with the strictest disposition, then `temperror`, `permerror`, `none`; `pass` only
  /// where every one passes and none was left out (RFC 9989 §11.5). With no Author Domain there
  /// is no DMARC (§5.3.1): `permerror`.
  ///
  /// - Parameters:
  ///   - identifiers: the author, and what SPF and DKIM found.
  ///   - sample: by RFC 7489 §6.6.4 a number from 0 to 99, drawn for this message; a policy with
  ///     `pct` is applied where it is less than that. Nil applies every policy in full, whatever
  ///     `pct` says, as RFC 9989 appendix A.6 does; that exceeds what RFC 7489 allows.
  public func evaluate(
    _ identifiers: DMARCIdentifiers, sample: Int? = nil
  ) async -> DMARCVerdict {
    var lookups = DMARCLookups(resolver: resolver)
    return await evaluate(identifiers, by: discovery, sample: sample, lookups: &lookups)
  }

  /// Evaluates by both ways of discovery and tells where they differ. What both ask is asked once.
  public func compare(
    _ identifiers: DMARCIdentifiers, with list: PublicSuffixList, sample: Int? = nil
  ) async -> DMARCComparison {
    var lookups = DMARCLookups(resolver: resolver)
    var treeWalk = await evaluate(
      identifiers, by: .treeWalk, sample: sample, lookups: &lookups)
    treeWalk.warnOfPublicSuffix(in: list)
    let publicSuffix = await evaluate(
      identifiers, by: .publicSuffixList(list), sample: sample, lookups: &lookups)
    return DMARCComparison(treeWalk: treeWalk, publicSuffix: publicSuffix)
  }

  private func evaluate(
    _ identifiers: DMARCIdentifiers, by discovery: DMARCDiscovery, sample: Int?,
    lookups: inout DMARCLookups<DNS>
  ) async -> DMARCVerdict {
    var seen: Set<DomainName> = []
    let authors = identifiers.authorDomains.filter { !$0.isRoot && seen.insert($0).inserted }
    var verdicts: [DMARCVerdict] = []
    for author in authors.prefix(max(1, limits.authorDomains)) {
      var evaluation = DMARCEvaluation(
        author: author, identifiers: identifiers, discovery: discovery,
        identifierWalks: limits.identifierWalks, sample: sample, lookups: lookups)
      await evaluation.run()
      lookups = evaluation.lookups
      verdicts.append(evaluation.verdict)
    }
    return DMARCVerdict(combining: verdicts, of: authors)
  }
}

extension DMARCVerdict {
  /// One verdict for all Author Domains (RFC 9989 §5.3.1, §11.5).
  init(combining verdicts: [DMARCVerdict], of authors: [DomainName]) {
    guard let worst = verdicts.max(by: { $0.rank < $1.rank }) else {
      self.init(.permerror, reason: "The From field gives no domain to evaluate.")
      steps = [
        DMARCStep(
          event: .authorDomain(
            found: "no domain", outcome: "permerror", cites: "RFC 9989 §5.3.1"))
      ]
      return
    }
    self = worst
    guard authors.count > 1 else { return }
    perAuthorDomain = verdicts
    steps =
      [
        DMARCStep(
          event: .authorDomain(
            found: "\(authors.count) domains", outcome: "the worst of \(verdicts.count) decides",
            cites: "RFC 9989 §11.5"))
      ] + verdicts.flatMap(\.steps)
    guard authors.count > verdicts.count else { return }
    warnings.append("\(authors.count - verdicts.count) author domains were not evaluated")
    if worst.rank < DMARCVerdict(.permerror).rank { becomeIncomplete(of: authors) }
  }

  /// What was not evaluated may fail, so nothing of the best verdict is kept (§11.5).
  private mutating func becomeIncomplete(of authors: [DomainName]) {
    var verdict = DMARCVerdict(
      .permerror, authorDomain: authors[perAuthorDomain.count],
      reason: "The From field names \(authors.count) domains, more than are evaluated.")
    verdict.perAuthorDomain = perAuthorDomain
    verdict.warnings = warnings
    verdict.steps = steps
    self = verdict
  }

  /// The higher decides.
  private var rank: Int {
    switch result {
    case .pass: 0
    case .none: 1
    case .permerror: 2
    case .temperror: 3
    case .fail:
      switch disposition {
      case .none: 4
      case .quarantine: 5
      case .reject: 6
      }
    }
  }
}
