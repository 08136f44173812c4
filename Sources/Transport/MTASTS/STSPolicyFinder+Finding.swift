internal import DNS
internal import Wire

extension STSPolicyFinder {
  /// What a fetch under one `id` failed with.
  struct FetchFailure {
    var recordID: String?
    var failedAt: UInt64
    var failure: PolicyFetchFailure
  }

  /// The whole look: what is kept, what the TXT record says, and the fetch where one is due.
  func find(_ domain: DomainName, now: UInt64, isRefresh: Bool) async -> STSFinding {
    var finding = STSFinding(policy: nil)
    let kept = await kept(domain, now, &finding)
    guard let name = try? domain.prepending("_mta-sts") else {
      finding.add(domain, "a name too long for _mta-sts", "no policy", "RFC 8461 §3.1")
      return finding
    }
    let id = await recordID(at: name, &finding)
    finding.policy = kept?.policy
    guard id != nil || kept != nil else { return finding }
    guard isRefresh || isFetchDue(kept, id, domain, now) else {
      let found = id.map { "id \($0), as kept" } ?? "no record, policy kept"
      finding.add(name, found, "kept policy holds", "RFC 8461 §5.1")
      return finding
    }
    await fetch(domain, id, now, kept, &finding)
    return finding
  }

  /// An ask that ended before its answer came: what is kept holds.
  func findingWithoutAnswer(of domain: DomainName, now: UInt64) async -> STSFinding {
    var finding = STSFinding(policy: nil, failure: .stsPolicyFetchError)
    finding.policy = await kept(domain, now, &finding)?.policy
    let outcome = finding.policy == nil ? "no policy known" : "kept policy holds"
    finding.add(domain, "no answer in \(limits.wait)", outcome, "RFC 8461 §3.3")
    return finding
  }

  private func kept(
    _ domain: DomainName, _ now: UInt64, _ finding: inout STSFinding
  ) async -> KeptSTSPolicy? {
    do {
      guard let kept = try await store.keptPolicy(of: domain) else { return nil }
      guard kept.holds(at: now) else {
        finding.add(
          domain, "kept policy, fetched at \(kept.fetchedAt)", "out of date", "RFC 8461 §3.2")
        return nil
      }
      let age = now > kept.fetchedAt ? now - kept.fetchedAt : 0
      finding.add(
        domain, "kept policy, \(kept.policy.mode.rawValue), fetched \(age) s ago", "holds",
        "RFC 8461 §5.1")
      return kept
    } catch {
      finding.add(domain, "the policy cache: \(error)", "cannot be read", "RFC 8461 §3.3")
      return nil
    }
  }

  private func recordID(at name: DomainName, _ finding: inout STSFinding) async -> String? {
    let answer: Answer
    do { answer = try await resolver.lookup(name, .txt) } catch {
      finding.add(name, "\(error)", "not known whether there is a policy", "RFC 8461 §5.1")
      return nil
    }
    switch STSRecord.choose(among: answer.records.compactMap(\.joinedText)) {
    case .record(let record):
      finding.add(name, "\(record)", "policy announced", "RFC 8461 §3.1")
      return record.id
    case .none:
      finding.add(name, "no v=STSv1 record", "no policy announced", "RFC 8461 §3.1")
    case .several(let count):
      finding.add(name, "\(count) v=STSv1 records", "no policy announced", "RFC 8461 §3.1")
    case .invalid(let error):
      finding.add(name, "record with \(error)", "no policy announced", "RFC 8461 §3.1")
    }
    return nil
  }

  private func isFetchDue(
    _ kept: KeptSTSPolicy?, _ id: String?, _ domain: DomainName, _ now: UInt64
  ) -> Bool {
    guard let kept else { return true }
    if let id, id != kept.recordID { return true }
    // §10.2: regardless of the state of the TXT record.
    return now >= refreshTime(of: kept, domain)
  }

  private func fetch(
    _ domain: DomainName, _ id: String?, _ now: UInt64, _ kept: KeptSTSPolicy?,
    _ finding: inout STSFinding
  ) async {
    if let last = failures[domain], last.recordID == id,
      now >= last.failedAt, now - last.failedAt < limits.retryInterval
    {
      finding.fail(domain, last.failure, "; not tried again before five minutes have passed")
      return
    }
    do {
      let policy = try await fetchedPolicy(domain, &finding)
      failures[domain] = nil
      if let kept, kept.policy.mode == .enforce, policy.mode != .enforce {
        finding.add(domain, "mode \(policy.mode.rawValue)", "weaker than kept", "RFC 8461 §8.3")
      }
      finding.policy = policy
      await keep(KeptSTSPolicy(policy: policy, recordID: id, fetchedAt: now), domain, &finding)
    } catch {
      if failures.count >= limits.rememberedDomains { failures.removeAll() }
      failures[domain] = FetchFailure(recordID: id, failedAt: now, failure: error)
      finding.fail(domain, error, "")
    }
  }

  private func fetchedPolicy(
    _ domain: DomainName, _ finding: inout STSFinding
  ) async throws(PolicyFetchFailure) -> STSPolicy {
    let file = try await fetcher.fetchPolicy(of: domain)
    let policy: STSPolicy
    do { policy = try STSPolicy(parsing: file.body) } catch {
      throw PolicyFetchFailure(.stsPolicyInvalid, "\(error)")
    }
    finding.add(
      domain, "policy file of \(file.body.count) octets, mode \(policy.mode.rawValue)",
      "policy fetched", "RFC 8461 §3.3")
    if !file.isPlainText {
      finding.add(
        domain, "media type \(file.contentType ?? "absent")", "not text/plain, accepted",
        "RFC 8461 §3.2")
    }
    return policy
  }

  private func keep(
    _ policy: KeptSTSPolicy, _ domain: DomainName, _ finding: inout STSFinding
  ) async {
    do { try await store.keep(policy, of: domain) } catch {
      finding.add(domain, "the policy cache: \(error)", "policy not kept", "RFC 8461 §3.3")
    }
  }
}

extension FetchedPolicy {
  /// Whether the media type is `text/plain`, whatever its parameters (RFC 8461 §3.2).
  public var isPlainText: Bool {
    let type = Array((contentType ?? "").utf8).prefix { $0 != .semicolon }
    return type.trimmingFoldingWhitespace.equalsIgnoringCase("text/plain")
  }
}

extension STSFinding {
  fileprivate mutating func add(
    _ subject: DomainName, _ found: String, _ outcome: String, _ cites: String
  ) {
    evidence.append(
      Evidence(
        step: "mta-sts policy", subject: "\(subject)", found: found, outcome: outcome, cites: cites)
    )
  }

  /// The policy that is kept, if one is, goes on holding (§3.3).
  fileprivate mutating func fail(
    _ domain: DomainName, _ failure: PolicyFetchFailure, _ more: String
  ) {
    self.failure = failure.failure
    let outcome = policy == nil ? "no policy" : "kept policy holds"
    add(domain, "\(failure.failure.rawValue): \(failure.reason)\(more)", outcome, "RFC 8461 §3.3")
  }
}
