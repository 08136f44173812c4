public import DNS
public import Wire

/// Finds a mail server's addresses, then its TLSA records: RFC 7672 §2.2.2 and §2.2.3.
///
/// Addresses come first: where they are insecure, no TLSA record is asked for, since many servers
/// of unsigned zones do not answer such questions (§2.2.2). Where they are secure, the name that
/// aliases lead to is the first candidate and the host's own name the second. Where they are
/// insecure and the name is an alias, the CNAME record alone is asked for: a secure one makes the
/// host's own name a candidate. A candidate's TLSA record may itself be found through aliases; the
/// base domain stays the candidate (§2.2.3).
public struct TLSALookup<DNS: Resolver>: Sendable {
  /// What answers; its `secure` must mean validated here or by somebody trusted.
  public var resolver: DNS

  /// A search that asks `resolver`.
  public init(resolver: DNS) { self.resolver = resolver }

  /// What is found for one host. Never throws: trouble is in the finding.
  ///
  /// - Parameter asksForTLSA: false where DANE is not to be used: only addresses are asked for.
  public func find(
    _ host: DomainName, port: UInt16 = 25, asksForTLSA: Bool = true
  ) async -> TLSAFinding {
    async let ipv6 = lookup(host, .aaaa)
    let ipv4 = await lookup(host, .a)
    let addresses = HostAddresses(host, ipv6: await ipv6, ipv4: ipv4)
    var evidence = addresses.evidence
    switch addresses.outcome {
    case .none: return TLSAFinding(.noAddress, evidence: evidence)
    case .failed(let failure, let type):
      let result = Self.failed(failure, asking: host, type)
      return TLSAFinding(result, evidence: evidence)
    case .found(let list, let security, let expandedName):
      let isAlias = expandedName != host
      guard asksForTLSA else {
        return TLSAFinding(
          .notApplicable, addresses: list, isAlias: isAlias, evidence: evidence)
      }
      let candidates: [DomainName]
      switch (security, isAlias) {
      case (.secure, false): candidates = [host]
      case (.secure, true): candidates = [expandedName, host]
      case (.insecure, false): candidates = []
      case (.insecure, true):
        switch await isSecureAlias(host, &evidence) {
        case .success(let isSecure): candidates = isSecure ? [host] : []
        case .failure(let failure):
          let result = Self.failed(failure, asking: host, .cname)
          return TLSAFinding(result, addresses: list, isAlias: true, evidence: evidence)
        }
      }
      let result = await records(of: candidates, port, &evidence)
      return TLSAFinding(result, addresses: list, isAlias: isAlias, evidence: evidence)
    }
  }

  /// §2.1.3: only a question for the CNAME itself tells whether the alias's own zone is signed.
  private func isSecureAlias(
    _ host: DomainName, _ evidence: inout [Evidence]
  ) async -> Result<Bool, LookupFailure> {
    let result = await lookup(host, .cname)
    let isSecure = result.map { $0.security == .secure && !$0.records.isEmpty }
    evidence.append(
      Evidence(
        step: "alias", subject: "\(host) CNAME", found: Self.text(result) { "\($0.count) record" },
        outcome: (try? isSecure.get()).map { $0 ? "secure" : "insecure" } ?? "no answer",
        cites: "RFC 7672 §2.2.2"))
    return isSecure
  }

  /// §2.2.3: the first candidate with a secure TLSA record is the base domain.
  private func records(
    of candidates: [DomainName], _ port: UInt16, _ evidence: inout [Evidence]
  ) async -> TLSAFinding.Result {
    if candidates.isEmpty {
      evidence.append(
        Evidence(
          step: "tlsa", subject: "_\(port)._tcp", found: "addresses without DNSSEC",
          outcome: "not asked for", cites: "RFC 7672 §2.2.2"))
    }
    for base in candidates {
      guard let name = try? base.prepending("_\(port)", "_tcp") else {
        evidence.append(Self.tooLong(base))
        continue
      }
      let result = await lookup(name, .tlsa)
      evidence.append(Self.evidence(name, result))
      switch result {
      case .failure(let failure): return Self.failed(failure, asking: name, .tlsa)
      case .success(let answer):
        let records = answer.records.compactMap { record -> TLSARecord? in
          if case .tlsa(let tlsa) = record { tlsa } else { nil }
        }
        guard answer.security == .secure, !records.isEmpty else { continue }
        let selection = TLSASelection(records)
        evidence += selection.excluded.map(Self.evidence)
        return .records(base: base, selection)
      }
    }
    return .notApplicable
  }

  private func lookup(
    _ name: DomainName, _ type: RecordType
  ) async -> Result<Answer, LookupFailure> {
    do { return .success(try await resolver.lookup(name, type)) } catch { return .failure(error) }
  }

  /// A failed look-up is `dnssec-invalid` to a report where validation failed, or where the answer
  /// was needed for DANE alone (RFC 8460 §4.3.2.1).
  static func failed(
    _ failure: LookupFailure, asking name: DomainName, _ type: RecordType
  ) -> TLSAFinding.Result {
    let isOfDANE = type == .tlsa || type == .cname
    let report: TLSFailure? =
      switch failure {
      case .bogus: .dnssecInvalid
      case .cancelled: nil
      case .timeout, .serverFailure, .aliasLoop: isOfDANE ? .dnssecInvalid : nil
      }
    return .failed(report, "\(name) \(type): \(failure)")
  }

  private static func text(
    _ result: Result<Answer, LookupFailure>, _ records: ([Record]) -> String
  ) -> String {
    switch result {
    case .failure(let failure): failure.description
    case .success(let answer):
      switch answer.outcome {
      case .records(let list): records(list)
      case .noData: "no such record"
      case .noSuchName: "no such name"
      }
    }
  }

  private static func evidence(
    _ name: DomainName, _ result: Result<Answer, LookupFailure>
  ) -> Evidence {
    let found = text(result) { records in
      let texts = records.prefix(8).map { record -> String in
        if case .tlsa(let tlsa) = record { tlsa.excerpt } else { "" }
      }
      return texts.joined(separator: "; ") + (records.count > 8 ? "; …" : "")
    }
    let security = (try? result.get())?.security
    return Evidence(
      step: "tlsa", subject: "\(name) TLSA", found: found,
      outcome: security.map { $0 == .secure ? "secure" : "insecure" } ?? "host unreachable",
      cites: security == nil ? "RFC 7672 §2.1.2" : "RFC 7672 §2.2.3")
  }

  private static func evidence(_ excluded: TLSASelection.Excluded) -> Evidence {
    Evidence(
      step: "tlsa record", subject: excluded.record.excerpt, found: "\(excluded.reason)",
      outcome: "left out", cites: excluded.reason.cites)
  }

  private static func tooLong(_ base: DomainName) -> Evidence {
    Evidence(
      step: "tlsa", subject: "\(base)", found: "the name with its prefix is too long for DNS",
      outcome: "no record can exist", cites: "RFC 1035 §2.3.4")
  }
}
