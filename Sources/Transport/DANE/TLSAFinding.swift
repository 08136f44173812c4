internal import DNS
public import Wire

/// What the search for one mail server's addresses and TLSA records found (RFC 7672 §2.2).
public struct TLSAFinding: Hashable, Sendable {
  /// What follows for the host: the four actions of RFC 7672 §2.2, and a host without address.
  public enum Result: Hashable, Sendable {
    /// Secure records: the TLSA base domain, and the records sorted.
    case records(base: DomainName, TLSASelection)
    /// None that DNSSEC vouches for: DANE does not apply.
    case notApplicable
    /// A question on the way was not answered: the host counts as unreachable (§2.1.2).
    case failed(TLSFailure?, String)
    /// The host has no address (§2.2.2, "Not found").
    case noAddress
  }

  /// What follows.
  public var result: Result
  /// The host's addresses: IPv6, then IPv4, each as they came.
  public var addresses: [IPAddress]
  /// Whether the host's name is an alias.
  public var isAlias: Bool
  /// Each step with the rule that decided.
  public var evidence: [Evidence]

  init(
    _ result: Result, addresses: [IPAddress] = [], isAlias: Bool = false, evidence: [Evidence]
  ) {
    self.result = result
    self.addresses = addresses
    self.isAlias = isAlias
    self.evidence = evidence
  }
}
