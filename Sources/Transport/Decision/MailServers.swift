internal import DNS
internal import Wire

/// The hosts that serve a destination, before anything is known of each (RFC 5321 §5.1).
struct MailServers {
  struct Server: Hashable {
    var preference: UInt16
    var host: DomainName
  }

  /// By preference; those of one preference in the canonical order of names, so that the same
  /// records always lead to the same decision. Whoever connects may shuffle them.
  var servers: [Server]
  /// Whether DNSSEC, or an operator, vouches for them.
  var areSecure: Bool
  /// Whether they come out of MX records.
  var areOfMX: Bool
  /// The destination after its aliases (RFC 7672 §2.2.1).
  var expandedName: DomainName
}

/// The first step of a decision: hosts, or a destination that is at its end here.
enum MailServerFinding {
  case servers(MailServers, [Evidence])
  case outcome(DeliveryDecision.Outcome, [Evidence])

  /// So many hosts are looked at: each costs several questions.
  static let maximumServers = 20

  init(
    _ domain: DomainName, _ result: Result<Answer, LookupFailure>, validates: Bool
  ) {
    switch result {
    case .failure(let failure): self = Self.deferred(domain, failure)
    case .success(let answer):
      let areSecure = validates && answer.security == .secure
      let security = areSecure ? "secure" : "insecure"
      switch answer.outcome {
      case .noSuchName:
        let step = Self.step(domain, "no such name", security, "RFC 5321 §5.1")
        self = .outcome(.undeliverable("\(domain) does not exist"), [step])
      case .noData:
        let step = Self.step(domain, "none", "\(security); the domain is its host", "RFC 5321 §5.1")
        let servers = MailServers(
          servers: [.init(preference: 0, host: domain)], areSecure: areSecure, areOfMX: false,
          expandedName: answer.expandedName)
        self = .servers(servers, [step])
      case .records(let records):
        self = Self.listed(domain, records, answer.expandedName, areSecure)
      }
    }
  }

  private static func listed(
    _ domain: DomainName, _ records: [Record], _ expandedName: DomainName, _ areSecure: Bool
  ) -> MailServerFinding {
    let all = records.compactMap { record -> MailServers.Server? in
      guard case .mx(let preference, let exchange) = record else { return nil }
      return .init(preference: preference, host: exchange)
    }
    let named = Set(all.filter { !$0.host.isRoot })
    guard !named.isEmpty else {
      let step = step(domain, "0 .", "null MX", "RFC 7505 §3")
      return .outcome(.undeliverable("\(domain) takes no mail (null MX)"), [step])
    }
    let sorted = named.sorted {
      ($0.preference, $0.host) < ($1.preference, $1.host)
    }
    // The same host twice: its better preference counts.
    var seen: Set<DomainName> = []
    let servers = sorted.filter { seen.insert($0.host).inserted }.prefix(maximumServers)
    let text = servers.map { "\($0.preference) \($0.host)" }.joined(separator: ", ")
    let more = named.count > servers.count ? ", of \(named.count) records" : ""
    let security = areSecure ? "secure" : "insecure"
    let alias = expandedName == domain ? "" : " at \(expandedName)"
    return .servers(
      MailServers(
        servers: Array(servers), areSecure: areSecure, areOfMX: true, expandedName: expandedName),
      [step(domain, text + alias + more, security, "RFC 7672 §2.2.1")])
  }

  /// RFC 7672 §2.1.2: delivery is delayed.
  private static func deferred(
    _ domain: DomainName, _ failure: LookupFailure
  ) -> MailServerFinding {
    var report: TLSFailure?
    if case .bogus = failure { report = .dnssecInvalid }
    let reason = "\(domain) MX: \(failure)"
    let step = step(domain, failure.description, "deferred", "RFC 7672 §2.1.2")
    return .outcome(.deferred(report, reason), [step])
  }

  private static func step(
    _ domain: DomainName, _ found: String, _ outcome: String, _ cites: String
  ) -> Evidence {
    Evidence(step: "mx", subject: "\(domain) MX", found: found, outcome: outcome, cites: cites)
  }
}
