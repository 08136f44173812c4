public import Wire

/// What was decided for one mail server of a destination.
public struct HostDecision: Hashable, Sendable {
  /// Whether mail may be offered to the host.
  public enum Permission: Hashable, Sendable {
    /// Yes, if its session meets `requirement`.
    case allowed
    /// Not now: the next host, or later (RFC 7672 §2.1.2). The failure is what a report calls it.
    case deferred(TLSFailure?, String)
    /// Not at all: a policy does not list the host (RFC 8461 §4.1).
    case refused(TLSFailure?, String)
  }

  /// The standard that set the requirement.
  public enum Mechanism: String, Hashable, Sendable, CaseIterable {
    /// RFC 7672.
    case dane
    /// RFC 8461.
    case mtaSTS = "mta-sts"
    /// A STARTTLS Everywhere policy list.
    case policyList = "policy-list"
    /// The operator's own word for this destination.
    case override
    /// None: TLS where it is offered.
    case opportunistic
  }

  /// The host as the MX record names it; an address literal stands here as its text.
  public var host: DomainName
  /// Of its MX record; 0 for a destination without MX (RFC 5321 §5.1).
  public var preference: UInt16
  /// Its addresses, IPv6 and IPv4 as they came.
  public var addresses: [IPAddress]
  /// Whether mail may be offered to it.
  public var permission: Permission
  /// What decided.
  public var mechanism: Mechanism
  /// What its TLS session must show.
  public var requirement: TLSRequirement
  /// What a policy in testing mode asks for: a failure is reported and mail goes all the same
  /// (RFC 8461 §5).
  public var tested: TLSRequirement?
  /// What fails already under a policy that does not stop mail: it does not list the host.
  public var testedFailure: TLSFailure?
  /// Each step with the rule that decided.
  public var evidence: [Evidence]

  /// A decision of these parts.
  public init(
    host: DomainName, preference: UInt16, addresses: [IPAddress], permission: Permission,
    mechanism: Mechanism, requirement: TLSRequirement, tested: TLSRequirement? = nil,
    testedFailure: TLSFailure? = nil, evidence: [Evidence] = []
  ) {
    self.host = host
    self.preference = preference
    self.addresses = addresses
    self.permission = permission
    self.mechanism = mechanism
    self.requirement = requirement
    self.tested = tested
    self.testedFailure = testedFailure
    self.evidence = evidence
  }
}
