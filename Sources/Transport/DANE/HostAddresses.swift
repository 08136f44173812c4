internal import DNS
internal import Wire

/// The A and AAAA answers of one host taken together (RFC 7672 §2.2.2).
///
/// Where one family fails and the other has addresses: a bogus answer fails the host ("errors …
/// for any query in the process MUST result in delaying", §2.2.2), since somebody tampers with it
/// or its zone is broken. A time-out or SERVFAIL does not: it does not prevent "network address
/// resolution" (§2.1.2), servers that answer AAAA with errors are many, and nothing is lost, for
/// whether TLSA is asked for depends on the answer that came, and TLSA has to be answered itself.
struct HostAddresses {
  enum Outcome {
    /// Whether DNSSEC vouches for them, and the name at which they stand.
    case found([IPAddress], security: Answer.Security, expandedName: DomainName)
    case none
    case failed(LookupFailure, RecordType)
  }

  let outcome: Outcome
  private(set) var evidence: [Evidence] = []

  init(
    _ host: DomainName, ipv6: Result<Answer, LookupFailure>, ipv4: Result<Answer, LookupFailure>
  ) {
    evidence.append(Self.evidence(host, .aaaa, ipv6))
    evidence.append(Self.evidence(host, .a, ipv4))
    outcome = Self.join(ipv6, ipv4)
  }

  private static func join(
    _ ipv6: Result<Answer, LookupFailure>, _ ipv4: Result<Answer, LookupFailure>
  ) -> Outcome {
    for (result, type) in [(ipv6, RecordType.aaaa), (ipv4, .a)] {
      switch result {
      case .failure(.bogus(let reason)): return .failed(.bogus(reason), type)
      case .failure(.cancelled): return .failed(.cancelled, type)
      default: break
      }
    }
    let answers = [ipv6, ipv4].compactMap { try? $0.get() }.filter { !$0.records.isEmpty }
    // A or AAAA secure suffices; the name of that answer is then the expanded one.
    if let first = answers.first(where: { $0.security == .secure }) ?? answers.first {
      let addresses = answers.flatMap { $0.records.compactMap(\.address) }
      return .found(addresses, security: first.security, expandedName: first.expandedName)
    }
    if case .failure(let failure) = ipv6 { return .failed(failure, .aaaa) }
    if case .failure(let failure) = ipv4 { return .failed(failure, .a) }
    return .none
  }

  private static func evidence(
    _ host: DomainName, _ type: RecordType, _ result: Result<Answer, LookupFailure>
  ) -> Evidence {
    let subject = type == .a ? "\(host) A" : "\(host) AAAA"
    switch result {
    case .failure(let failure):
      return Evidence(
        step: "address", subject: subject, found: failure.description, outcome: "no answer",
        cites: "RFC 7672 §2.1.2")
    case .success(let answer):
      let alias = answer.expandedName == host ? "" : " at \(answer.expandedName)"
      let texts = answer.records.compactMap(\.address).map(\.description)
      return Evidence(
        step: "address", subject: subject,
        found: texts.isEmpty ? "none" : texts.joined(separator: " ") + alias,
        outcome: answer.security == .secure ? "secure" : "insecure", cites: "RFC 7672 §2.2.2")
    }
  }
}
