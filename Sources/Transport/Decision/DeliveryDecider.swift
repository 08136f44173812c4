public import DNS
internal import Wire

/// Decides what TLS each mail server of a destination must show: DANE, else MTA-STS, else a policy
/// list, else opportunistic TLS.
///
/// A stronger mechanism that fails is never rescued by a weaker one (RFC 8461 §2): a host whose
/// TLSA look-up fails is not used, whatever the other policies say. A plain value: make one at
/// start-up and share it.
public struct DeliveryDecider<DNS: Resolver>: Sendable {
  /// What answers; `options` say whether it validates.
  public var resolver: DNS
  /// Where MTA-STS policies come from.
  public var policies: any STSPolicySource
  /// A STARTTLS Everywhere list, if there is one.
  public var policyList: (any PolicyListSource)?
  /// What the operator decides.
  public var options: DeliveryOptions

  /// A decider of these parts.
  public init(
    resolver: DNS, policies: any STSPolicySource, policyList: (any PolicyListSource)? = nil,
    options: DeliveryOptions
  ) {
    self.resolver = resolver
    self.policies = policies
    self.policyList = policyList
    self.options = options
  }

  /// The decision for one destination. Never throws: trouble is in its outcome.
  ///
  /// - Parameters:
  ///   - message: what the message asks of TLS (RFC 8689).
  ///   - now: seconds since 1970.
  public func decide(
    _ destination: DeliveryDestination, message: MessageTLS = .unspecified, now: UInt64
  ) async -> DeliveryDecision {
    var evidence: [Evidence] = []
    if !options.resolverValidates { evidence.append(Self.notValidating) }
    switch await servers(of: destination) {
    case .outcome(let outcome, let steps):
      return decision(destination, message, outcome, evidence: evidence + steps)
    case .servers(let servers, let steps):
      evidence += steps
      let override = options.overrides[destination.name]
      if override == .daneOnly, !servers.areSecure {
        return decision(
          destination, message, .deferred(.daneRequired, "DANE is demanded, the MX is insecure"),
          evidence: evidence)
      }
      let findings = await findings(for: servers, destination, override)
      let published = await published(
        destination, servers, findings, override, message, now: now)
      evidence += published.evidence
      let judgement = HostJudgement(
        destination: destination, servers: servers, override: override,
        insecureMX: options.insecureMX, published: published)
      let hosts = zip(servers.servers, findings).map {
        judgement.judge($0, $1).applying(message, judgement)
      }
      return DeliveryDecision(
        destination: destination, outcome: Self.outcome(of: hosts, message), hosts: hosts,
        hostsAreSecure: servers.areSecure, resolverValidates: options.resolverValidates,
        message: message, policyFailure: published.failure, evidence: evidence)
    }
  }

  private func servers(of destination: DeliveryDestination) async -> MailServerFinding {
    switch destination.target {
    case .domain(let domain):
      let result: Result<Answer, LookupFailure>
      do { result = .success(try await resolver.lookup(domain, .mx)) } catch {
        result = .failure(error)
      }
      return MailServerFinding(domain, result, validates: options.resolverValidates)
    case .host, .address:
      let servers = MailServers(
        servers: [.init(preference: 0, host: destination.name)], areSecure: true, areOfMX: false,
        expandedName: destination.name)
      return .servers(servers, [])
    }
  }

  /// One finding for each server, in their order.
  private func findings(
    for servers: MailServers, _ destination: DeliveryDestination,
    _ override: DeliveryOptions.Override?
  ) async -> [TLSAFinding] {
    if case .address(let address) = destination.target {
      return [TLSAFinding(.notApplicable, addresses: [address], evidence: [])]
    }
    let isOverridden = override != nil && override != .daneOnly
    let asksForTLSA =
      options.resolverValidates && !isOverridden
      && (servers.areSecure || options.insecureMX != .may)
    let search = TLSALookup(resolver: resolver)
    if let only = servers.servers.first, servers.servers.count == 1 {
      return [await Self.find(search, only.host, destination.port, asksForTLSA)]
    }
    return await withTaskGroup(of: (Int, TLSAFinding).self) { group in
      for (index, server) in servers.servers.enumerated() {
        group.addImmediateTask {
          (index, await Self.find(search, server.host, destination.port, asksForTLSA))
        }
      }
      var findings: [Int: TLSAFinding] = [:]
      for await (index, finding) in group { findings[index] = finding }
      return servers.servers.indices.compactMap { findings[$0] }
    }
  }

  private static func find(
    _ search: TLSALookup<DNS>, _ host: DomainName, _ port: UInt16, _ asksForTLSA: Bool
  ) async -> TLSAFinding {
    // RFC 5321 §2.3.5, §5.1: an MX names a host; an address there is not connected to.
    if (try? IPAddress(parsing: host.description)) != nil {
      let step = Evidence(
        step: "address", subject: "\(host)", found: "an address where a host is due",
        outcome: "not used", cites: "RFC 7672 §2.2")
      return TLSAFinding(.noAddress, evidence: [step])
    }
    return await search.find(host, port: port, asksForTLSA: asksForTLSA)
  }

  /// MTA-STS and the list are asked only where they can change something: some host without DANE,
  /// or hosts that DNSSEC does not vouch for.
  private func published(
    _ destination: DeliveryDestination, _ servers: MailServers, _ findings: [TLSAFinding],
    _ override: DeliveryOptions.Override?, _ message: MessageTLS, now: UInt64
  ) async -> PublishedPolicy {
    // RFC 8461 §3.4: no policy for address literals.
    if case .address = destination.target { return PublishedPolicy() }
    // RFC 8689 §4.2.1: under REQUIRETLS a policy may have to vouch for the hosts.
    let isNeeded = override == nil || (message.demandsTLS && !servers.areSecure)
    let everyHostHasDANE = findings.allSatisfy { finding in
      switch finding.result {
      case .records(_, let selection): !selection.usable.isEmpty
      case .failed, .noAddress: true
      case .notApplicable: false
      }
    }
    guard isNeeded, !(everyHostHasDANE && servers.areSecure) else { return PublishedPolicy() }
    let finding = await policies.policy(of: destination.name, now: now)
    return PublishedPolicy(
      finding, entry: policyList?.entry(for: destination.name, now: now),
      domain: destination.name)
  }

  private func decision(
    _ destination: DeliveryDestination, _ message: MessageTLS, _ outcome: DeliveryDecision.Outcome,
    evidence: [Evidence]
  ) -> DeliveryDecision {
    DeliveryDecision(
      destination: destination, outcome: outcome, resolverValidates: options.resolverValidates,
      message: message, evidence: evidence)
  }

  /// Hosts where one may be used; else a delay where that may change; else the end.
  private static func outcome(
    of hosts: [HostDecision], _ message: MessageTLS
  ) -> DeliveryDecision.Outcome {
    var refusal: (TLSFailure?, String)?
    var delay: (TLSFailure?, String)?
    for host in hosts {
      switch host.permission {
      case .allowed: return .hosts
      case .deferred(let failure, let reason): delay = delay ?? (failure, reason)
      // No address: RFC 5321 §5.1 takes it for an error that stays.
      case .refused(let failure, let reason):
        if refusal == nil || refusal?.0 == nil { refusal = (failure, reason) }
      }
    }
    if let delay { return .deferred(delay.0, delay.1) }
    guard let refusal else { return .undeliverable("no mail server") }
    // RFC 8461 §5: a policy may change; under REQUIRETLS the sender is told (RFC 8689 §4.2.1).
    if refusal.0 != nil, !message.demandsTLS { return .deferred(refusal.0, refusal.1) }
    return .undeliverable(refusal.1)
  }

  private static var notValidating: Evidence {
    Evidence(
      step: "dnssec", subject: "resolver", found: "it does not validate",
      outcome: "DANE IS OFF: who is on the path can redirect mail and strip TLS",
      cites: "RFC 7672 §2.1.1")
  }
}
