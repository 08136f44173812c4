import DNS
import Wire

/// Identifier Alignment (RFC 9989 §4.10.2, RFC 7489 §3.1).
extension DMARCEvaluation {
  /// Compares the identifiers that passed with the Author Domain. Those with a temporary error
  /// are looked at only where no other makes the message pass.
  mutating func align(by record: DMARCRecord) async {
    let candidates = candidates(by: record)
    var alignments: [Int: DMARCAlignment] = [:]
    for outcome in [DMARCIdentifier.Outcome.pass, .temperror] {
      for (index, candidate) in candidates.enumerated()
      where candidate.identifier.outcome == outcome {
        alignments[index] = await aligned(candidate)
      }
      if alignments.values.contains(where: \.isAlignedPass) { break }
    }
    verdict.alignments = candidates.indices.compactMap { alignments[$0] }
    verdict.alignments.forEach { note(.alignment($0)) }
  }

  /// SPF first, then each DKIM domain once for each outcome.
  private func candidates(by record: DMARCRecord) -> [DMARCAlignment] {
    let spf = [identifiers.spf].compactMap { $0 }.map {
      DMARCAlignment(mechanism: .spf, identifier: $0, mode: record.aspf, state: .notAligned)
    }
    var seen: Set<DMARCIdentifier> = []
    let dkim = identifiers.dkim.filter { seen.insert($0).inserted }.map {
      DMARCAlignment(mechanism: .dkim, identifier: $0, mode: record.adkim, state: .notAligned)
    }
    return spf + dkim
  }

  private mutating func aligned(_ candidate: DMARCAlignment) async -> DMARCAlignment {
    var alignment = candidate
    let domain = candidate.identifier.domain
    if domain == author {
      alignment.state = .aligned
      alignment.organizationalDomain = verdict.organizationalDomain
    } else if candidate.mode == .relaxed {
      switch await organization(of: domain) {
      case .success(let organization):
        alignment.organizationalDomain = organization
        alignment.state =
          organization != nil && organization == verdict.organizationalDomain
          ? .aligned : .notAligned
      case .failure:
        alignment.state = .unknown
      }
    }
    return alignment
  }

  /// The Organizational Domain of an identifier; nil where it cannot be the author's.
  ///
  /// An Organizational Domain is the name itself or stands above it, so a name that is not at or
  /// below the author's has another one, and no query is needed to know that.
  private mutating func organization(
    of domain: DomainName
  ) async -> Result<DomainName?, LookupFailure> {
    if case .publicSuffixList(let list) = discovery {
      return .success(list.registrableDomain(of: domain) ?? domain)
    }
    guard let organization = verdict.organizationalDomain else {
      // The author's walk has failed; yet names under another top level share nothing with it.
      guard let failure = authorWalk?.failure, domain.isAtOrBelow(author.suffix(labels: 1)) else {
        return .success(nil)
      }
      return .failure(failure.cause)
    }
    guard domain.isAtOrBelow(organization) else { return .success(nil) }
    if let known = organizations[domain] { return known.map { $0 } }
    guard organizations.count < identifierWalks else {
      verdict.warnings.append("\(domain) was not compared: too many identifiers")
      return .success(nil)
    }
    let walk = await walk(from: domain)
    let result: Result<DomainName, LookupFailure> =
      walk.failure.map { .failure($0.cause) } ?? .success(walk.organizationalDomain)
    organizations[domain] = result
    return result.map { $0 }
  }
}
