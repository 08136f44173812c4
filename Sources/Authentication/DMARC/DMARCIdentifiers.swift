public import Wire

/// What is known of a message before DMARC: who it says it is from, and what SPF and DKIM found.
public struct DMARCIdentifiers: Hashable, Sendable {
  /// The domains of the From field, as A-labels, in order; normally exactly one
  /// (RFC 9989 §5.3.1).
  public var authorDomains: [DomainName]
  /// The MAIL FROM identity; for a null reverse path that of `postmaster` at the HELO name
  /// (§3.2.4). A pass of the HELO identity alone never stands here (§4.4.2). Nil where SPF was
  /// not checked.
  public var spf: DMARCIdentifier?
  /// One for each DKIM signature that was checked, in any order: its `d=` and what came of it.
  public var dkim: [DMARCIdentifier]

  /// What DMARC is to judge; without SPF and signatures nothing is authenticated.
  public init(
    authorDomains: [DomainName], spf: DMARCIdentifier? = nil, dkim: [DMARCIdentifier] = []
  ) {
    self.authorDomains = authorDomains
    self.spf = spf
    self.dkim = dkim
  }
}

/// A domain that SPF or DKIM has tried to authenticate (RFC 9989 §3.2.1).
public struct DMARCIdentifier: Hashable, Sendable {
  /// What the mechanism found, as far as DMARC asks.
  public enum Outcome: String, Hashable, Sendable {
    case pass
    /// Any other definite result: `fail`, `softfail`, `neutral`, `none`, `policy`, `permerror`.
    case fail
    /// Nothing is known yet; a later attempt may pass.
    case temperror
  }

  /// The domain that SPF or DKIM speaks of.
  public var domain: DomainName
  /// What it says.
  public var outcome: Outcome

  /// An identifier with its outcome.
  public init(domain: DomainName, outcome: Outcome) {
    self.domain = domain
    self.outcome = outcome
  }
}

/// How DMARC finds the Organizational Domain and the policy.
public enum DMARCDiscovery: Sendable {
  /// The DNS Tree Walk (RFC 9989 §4.10).
  case treeWalk
  /// The public suffix list (RFC 7489 §3.2, §6.6.3).
  case publicSuffixList(PublicSuffixList)
}

/// What one evaluation may cost.
public struct DMARCLimits: Hashable, Sendable {
  /// Author Domains looked at; with more the evaluation is incomplete (RFC 9989 §11.5).
  public var authorDomains = 5
  /// Tree walks for identifiers, for each Author Domain. Only a name at or below the author's
  /// Organizational Domain, but other than the author's, costs a walk; those beyond the limit
  /// count as not aligned.
  public var identifierWalks = 5

  /// The defaults.
  public init() {}
}
