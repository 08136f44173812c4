import DNS
import Wire

/// Policy discovery (RFC 9989 §4.10.1, RFC 7489 §6.6.3).
extension DMARCEvaluation {
  /// The record that applies, and where it is, in `verdict.policyDomain`; nil where there is none
  /// or DNS failed, which the verdict then says.
  mutating func discoverPolicy() async -> DMARCRecord? {
    let own = await answer(at: author)
    if let record = own.record { return found(record, at: author) }
    if let failure = own.failure { return failed(at: author, failure) }
    switch discovery {
    case .treeWalk:
      return await discoverByWalk()
    case .publicSuffixList(let list):
      if case .several = own { return nothingApplies() }
      return await discover(above: author, by: list)
    }
  }

  private mutating func discoverByWalk() async -> DMARCRecord? {
    let walk = await walk(from: author)
    if let failure = walk.failure { return failed(at: failure.domain, failure.cause) }
    authorWalk = walk
    guard let inherited = walk.inheritedRecord else { return nothingApplies() }
    return found(inherited.record, at: inherited.domain)
  }

  /// RFC 7489 §6.6.3 steps 3 to 5.
  private mutating func discover(
    above author: DomainName, by list: PublicSuffixList
  ) async -> DMARCRecord? {
    guard let organization = list.registrableDomain(of: author), organization != author else {
      return nothingApplies()
    }
    let answer = await answer(at: organization)
    if let failure = answer.failure { return failed(at: organization, failure) }
    guard let record = answer.record else { return nothingApplies() }
    return found(record, at: organization)
  }

  private mutating func found(_ record: DMARCRecord, at domain: DomainName) -> DMARCRecord {
    verdict.policyDomain = domain
    return record
  }

  private mutating func nothingApplies() -> DMARCRecord? {
    conclude(.none, "No DMARC policy record applies to \(author).")
    return nil
  }

  private mutating func failed(at domain: DomainName, _ cause: LookupFailure) -> DMARCRecord? {
    conclude(.temperror, "The DMARC record at _dmarc.\(domain) could not be had: \(cause).")
    return nil
  }

  /// Finds the Organizational Domain of the author, unless nothing depends on it.
  ///
  /// Where it stays unknown because DNS failed, `align` sees that from the walk.
  mutating func findOrganization() async {
    if case .publicSuffixList(let list) = discovery {
      verdict.organizationalDomain = list.registrableDomain(of: author) ?? author
    } else if isSpared {
      // §4.10.2: the common domain is treated as the Organizational Domain.
      verdict.organizationalDomain = author
    } else {
      let walk: DMARCTreeWalk
      if let authorWalk { walk = authorWalk } else { walk = await self.walk(from: author) }
      authorWalk = walk
      warnOfTopLevelRecord(in: walk)
      if walk.failure == nil { verdict.organizationalDomain = walk.organizationalDomain }
    }
    note(.organization(of: author, verdict.organizationalDomain))
  }

  /// Whether the author has a record of its own and every identifier that passed is the Author
  /// Domain itself (§4.10.2).
  private var isSpared: Bool {
    let all = [identifiers.spf].compactMap { $0 } + identifiers.dkim
    let passed = all.filter { $0.outcome == .pass }
    return verdict.policyDomain == author && !passed.isEmpty
      && passed.allSatisfy { $0.domain == author }
  }

  private mutating func warnOfTopLevelRecord(in walk: DMARCTreeWalk) {
    guard let top = walk.found.last, top.domain.labelCount == 1, top.record.psd == .undeclared,
      top.domain != author
    else { return }
    verdict.warnings.append(
      "The record at _dmarc.\(top.domain) has no psd tag, so all of \(top.domain) counts as one "
        + "organization")
  }

  /// A DNS Tree Walk (§4.10). It ends at a failure: what stands above is then open.
  mutating func walk(from start: DomainName) async -> DMARCTreeWalk {
    var walk = DMARCTreeWalk(from: start)
    for target in DMARCTreeWalk.targets(from: start) {
      switch await answer(at: target) {
      case .record(let record):
        walk.found.append((target, record))
        if record.psd != .undeclared { return walk }
      case .failure(let cause):
        walk.failure = (target, cause)
        return walk
      case .none, .several:
        continue
      }
    }
    return walk
  }

  /// What stands at `_dmarc.` and a domain, named in the evidence once.
  private mutating func answer(at domain: DomainName) async -> DMARCAnswer {
    let answer = await lookups.answer(at: domain)
    guard noted.insert(domain).inserted else { return answer }
    note(.record(at: domain, answer))
    if case .several(let count) = answer {
      verdict.warnings.append("\(count) DMARC records at _dmarc.\(domain) are all discarded")
    }
    return answer
  }
}
