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

  /// The destination: a mail domain, or a host that an operator routes to.
  public var domain: DomainName
  /// What becomes of it.
  public var outcome: Outcome
  /// Its mail servers by preference, those that may not be used among them.
  public var hosts: [HostDecision]
  /// Whether DNSSEC vouches for the list of hosts.
  public var hostsAreSecure: Bool
  /// The steps that concern the destination; each host has its own.
  public var evidence: [Evidence]

  /// A decision of these parts.
  public init(
    domain: DomainName, outcome: Outcome, hosts: [HostDecision] = [], hostsAreSecure: Bool = false,
    evidence: [Evidence] = []
  ) {
    self.domain = domain
    self.outcome = outcome
    self.hosts = hosts
    self.hostsAreSecure = hostsAreSecure
    self.evidence = evidence
  }
}
