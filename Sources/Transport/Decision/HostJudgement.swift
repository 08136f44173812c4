internal import Wire

/// What is known of a destination when its hosts are judged one by one.
///
/// DANE is a matter of each host (RFC 7672 §2.2.1), MTA-STS of the domain (RFC 8461 §3.2). A host
/// with TLSA records behind secure MX records is judged by DANE alone: DNSSEC has vouched for both
/// its place in the list and its key, which is what the policy would add. Behind insecure MX
/// records DANE proves only that the host is who it says (RFC 7672 §2.2.1: not to be taken for
/// secure delivery), so that an enforced policy still decides whether the host may serve.
struct HostJudgement {
  let destination: DeliveryDestination
  let servers: MailServers
  let override: DeliveryOptions.Override?
  let insecureMX: DeliveryOptions.InsecureMXPolicy
  let published: PublishedPolicy

  func judge(_ server: MailServers.Server, _ finding: TLSAFinding) -> HostDecision {
    var decision = HostDecision(
      host: server.host, preference: server.preference, addresses: finding.addresses,
      permission: .allowed, mechanism: .opportunistic,
      requirement: TLSRequirement(.opportunistic, serverName: serverName(server.host)),
      evidence: finding.evidence)
    switch finding.result {
    case .noAddress:
      decision.permission = .refused(nil, "\(server.host) has no address")
    case .failed(let failure, let reason):
      // RFC 7672 §2.1.2: as though unreachable. What a session had to show stays unknown, so TLS.
      decision.permission = .deferred(failure, reason)
      decision.mechanism = failure == nil ? .opportunistic : .dane
      decision.requirement.level = .encrypted
    case .records(let base, let selection):
      applyDANE(base, selection, to: &decision)
    case .notApplicable:
      if let override { apply(override, to: &decision) } else { applyPublished(to: &decision) }
    }
    return decision
  }

  /// RFC 6066 §3: an address is no server name.
  private func serverName(_ host: DomainName) -> DomainName? {
    if case .address = destination.target { nil } else { host }
  }

  private func applyDANE(
    _ base: DomainName, _ selection: TLSASelection, to decision: inout HostDecision
  ) {
    if !servers.areSecure { applyPublished(to: &decision) }
    if case .refused = decision.permission { return }
    let authenticates = servers.areSecure || insecureMX == .dane
    if authenticates, !selection.usable.isEmpty {
      decision.mechanism = .dane
      decision.requirement = TLSRequirement(
        .dane(selection.usable), serverName: base,
        referenceNames: referenceNames(base, decision.host))
      return
    }
    if override == .daneOnly {
      decision.mechanism = .override
      decision.permission = .deferred(.daneRequired, "\(base) has no usable TLSA record")
      return
    }
    // §2.2: TLS, whoever the peer is; a policy may ask for more, and never for less.
    if servers.areSecure { applyPublished(to: &decision) }
    if case .refused = decision.permission { return }
    guard !decision.requirement.requiresTLS else { return }
    decision.mechanism = .dane
    decision.requirement = TLSRequirement(.encrypted, serverName: base)
  }

  /// RFC 7672 §3.2.2: the base domain first; behind a secure MX the next-hop domain, as it is and
  /// after its aliases, and the host as the MX record names it.
  private func referenceNames(_ base: DomainName, _ host: DomainName) -> [DomainName] {
    var names = [base]
    let others =
      servers.areOfMX && !servers.areSecure
      ? [host] : [destination.name, servers.expandedName, host]
    for name in others where !names.contains(name) { names.append(name) }
    return names
  }

  private func applyPublished(to decision: inout HostDecision) {
    guard let rule = published.rule else { return }
    let host = decision.host
    let isCovered = rule.covers(host)
    decision.mechanism = rule.mechanism
    decision.evidence.append(
      Evidence(
        step: rule.mechanism == .mtaSTS ? "mta-sts host" : "policy list host", subject: "\(host)",
        found: rule.patterns.prefix(8).map(\.description).joined(separator: ", "),
        outcome: isCovered ? "covered" : "not covered", cites: rule.cites))
    let requirement = TLSRequirement(.webPKI, serverName: host, referenceNames: [host])
    switch (rule.isEnforced, isCovered) {
    case (true, true): decision.requirement = requirement
    case (true, false):
      decision.requirement = requirement
      decision.permission = .refused(.validationFailure, "the policy does not list \(host)")
    case (false, let isCovered):
      decision.tested = requirement
      decision.testedFailure = isCovered ? nil : .validationFailure
    }
  }

  private func apply(_ override: DeliveryOptions.Override, to decision: inout HostDecision) {
    let host = decision.host
    decision.mechanism = .override
    let name = serverName(host)
    switch override {
    case .may: break
    case .encrypt: decision.requirement = TLSRequirement(.encrypted, serverName: name)
    case .daneOnly:
      decision.permission = .deferred(.daneRequired, "\(host) has no secure TLSA record")
    case .verify(let names):
      decision.requirement = TLSRequirement(
        .webPKI, serverName: name, referenceNames: names.isEmpty ? [host] : names)
    case .secure(let names):
      decision.requirement = TLSRequirement(
        .webPKI, serverName: name, referenceNames: names.isEmpty ? [destination.name] : names)
    }
    decision.evidence.append(
      Evidence(
        step: "override", subject: "\(destination)", found: override.description,
        outcome: "decides", cites: "operator"))
  }
}

extension DeliveryOptions.Override: CustomStringConvertible {
  /// As Postfix writes it: `may`, `encrypt`, `dane-only`, `secure match=a.example:b.example`.
  public var description: String {
    switch self {
    case .may: "may"
    case .encrypt: "encrypt"
    case .daneOnly: "dane-only"
    case .verify(let names): "verify" + Self.match(names)
    case .secure(let names): "secure" + Self.match(names)
    }
  }

  private static func match(_ names: [DomainName]) -> String {
    names.isEmpty ? "" : " match=" + names.map(\.description).joined(separator: ":")
  }
}
