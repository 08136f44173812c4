public import Wire

/// What TLS the mail servers of one destination must show (RFC 7672 §2, RFC 8461 §5).
public struct DeliveryDecision: Hashable, Sendable {
  /// What becomes of the destination as a whole.
  public enum Outcome: Hashable, Sendable {
    /// `hosts` are to be tried in their order.
    case hosts
    /// Nothing can be tried now; the text says why (RFC 7672 §2.1.2).
    case deferred(TLSFailure?, String)
    /// The destination takes no mail: a null MX (RFC 7505 §3), no such domain, no address.
    case undeliverable(String)
  }

  /// The destination: a mail domain, or a host that an operator routes to; an address literal
  /// stands here as its text.
  public var domain: DomainName
  /// The destination as it was asked for, with its port.
  public var destination: DeliveryDestination
  /// What becomes of it.
  public var outcome: Outcome
  /// Its mail servers by preference, those that may not be used among them.
  public var hosts: [HostDecision]
  /// Whether DNSSEC vouches for the list of hosts, or an operator named the host.
  public var hostsAreSecure: Bool
  /// Whether the resolver validates. Where it does not, DANE was off, and an attacker on the path
  /// can choose every host: say so loudly.
  public var resolverValidates: Bool
  /// What the message asks of TLS; under REQUIRETLS the session must see the keyword as well
  /// (RFC 8689 §4.2.1).
  public var message: MessageTLS
  /// What went wrong with the domain's MTA-STS policy, for reports; mail may go all the same.
  public var policyFailure: TLSFailure?
  /// The steps that concern the destination; each host has its own.
  public var evidence: [Evidence]

  /// A decision of these parts.
  public init(
    destination: DeliveryDestination, outcome: Outcome, hosts: [HostDecision] = [],
    hostsAreSecure: Bool = false, resolverValidates: Bool = false,
    message: MessageTLS = .unspecified, policyFailure: TLSFailure? = nil, evidence: [Evidence] = []
  ) {
    domain = destination.name
    self.destination = destination
    self.outcome = outcome
    self.hosts = hosts
    self.hostsAreSecure = hostsAreSecure
    self.resolverValidates = resolverValidates
    self.message = message
    self.policyFailure = policyFailure
    self.evidence = evidence
  }
}
