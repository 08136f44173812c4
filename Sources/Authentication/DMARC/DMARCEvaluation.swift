import DNS
import Wire

/// DMARC for one Author Domain, from policy discovery to disposition (RFC 9989 §5.3.2–§5.3.6).
struct DMARCEvaluation<DNS: Resolver> {
  let author: DomainName
  let identifiers: DMARCIdentifiers
  let discovery: DMARCDiscovery
  let identifierWalks: Int
  let sample: Int?
  var lookups: DMARCLookups<DNS>
  var verdict: DMARCVerdict
  /// What this verdict's evidence already names.
  var noted: Set<DomainName> = []
  /// The walk from the Author Domain, once it was done.
  var authorWalk: DMARCTreeWalk?
  /// The Organizational Domain of each identifier that was walked from, or the failure.
  var organizations: [DomainName: Result<DomainName, LookupFailure>] = [:]

  init(
    author: DomainName, identifiers: DMARCIdentifiers, discovery: DMARCDiscovery,
    identifierWalks: Int, sample: Int?, lookups: DMARCLookups<DNS>
  ) {
    self.author = author
    self.identifiers = identifiers
    self.discovery = discovery
    self.identifierWalks = identifierWalks
    self.sample = sample
    self.lookups = lookups
    verdict = DMARCVerdict(.none, authorDomain: author)
  }

  var usesTreeWalk: Bool { if case .treeWalk = discovery { true } else { false } }

  mutating func run() async {
    guard let record = await discoverPolicy() else { return }
    let use = record.use(knowsNP: usesTreeWalk)
    guard use != .unusable else { return refuse() }
    verdict.record = record
    verdict.isTesting = usesTreeWalk && record.isTesting
    warnOfIgnoredTags(in: record)
    await findOrganization()
    await align(by: record)
    decide()
    await choosePolicy(of: record, use: use)
    applyPolicy(of: record)
  }

  /// RFC 9989 §5.3.5, and §5.3.6 where DNS has failed.
  private mutating func decide() {
    let passed = verdict.alignments.filter(\.isAlignedPass)
    let open = verdict.alignments.first {
      $0.state == .unknown || $0.state == .aligned && $0.identifier.outcome == .temperror
    }
    if let first = passed.first {
      let name = first.mechanism == .spf ? "SPF" : "DKIM"
      conclude(.pass, "\(name) passed for \(first.identifier.domain), aligned with \(author).")
    } else if let open {
      let name = open.mechanism == .spf ? "SPF" : "DKIM"
      conclude(
        .temperror, "DNS trouble leaves open whether \(name) authenticates \(author).")
    } else {
      conclude(.fail, "Neither SPF nor DKIM passed for a domain aligned with \(author).")
    }
  }

  /// The record that applies asks for nothing that can be done (§4.10.1).
  private mutating func refuse() {
    let domain = verdict.policyDomain ?? author
    verdict.policyDomain = nil
    verdict.warnings.append("The record at _dmarc.\(domain) has no usable policy")
    conclude(.none, "The DMARC record at \(domain) has no valid policy and no report address.")
  }

  mutating func conclude(_ result: DMARCResult, _ reason: String) {
    verdict.result = result
    verdict.reason = reason
    note(.result(of: author, reason, result))
  }

  private mutating func warnOfIgnoredTags(in record: DMARCRecord) {
    let domain = verdict.policyDomain ?? author
    for tag in record.ignoredTags where usesTreeWalk || tag.reason != .historic {
      verdict.warnings.append("_dmarc.\(domain): \(tag)")
    }
  }

  mutating func note(_ event: DMARCStep.Event) {
    verdict.steps.append(DMARCStep(event: event, usesTreeWalk: usesTreeWalk))
  }
}
