public import Wire

/// The result of DMARC, spelled as Authentication-Results spells it (RFC 9989 §9.2).
public enum DMARCResult: String, Hashable, Sendable, CaseIterable {
  /// No policy record applies to the Author Domain, or none that can be used.
  case none
  /// An aligned identifier passed (RFC 9989 §4.4).
  case pass
  /// A policy applies, and no aligned identifier passed.
  case fail
  /// DNS failed, so that neither pass nor fail can be said (§5.3.6).
  case temperror
  /// The From field gives no Author Domain, or more than are looked at.
  case permerror
}

/// What the Domain Owner's policy makes of one message, test mode and overrides considered.
public enum DMARCDisposition: String, Hashable, Sendable, Comparable, CaseIterable {
  case none, quarantine, reject

  private var severity: Int {
    switch self {
    case .none: 0
    case .quarantine: 1
    case .reject: 2
    }
  }

  /// The milder one is less.
  public static func < (left: DMARCDisposition, right: DMARCDisposition) -> Bool {
    left.severity < right.severity
  }

  init(_ policy: DMARCPolicy) {
    switch policy {
    case .none: self = .none
    case .quarantine: self = .quarantine
    case .reject: self = .reject
    }
  }

  /// One level below: what `t=y` expects (RFC 9989 §4.7).
  var milder: DMARCDisposition { self == .reject ? .quarantine : .none }

  /// What a receiver that knows nothing else of the message must do: treat `reject` as
  /// `quarantine` (RFC 9989 §7.4).
  public var withoutOtherKnowledge: DMARCDisposition { min(self, .quarantine) }
}

/// Why a policy was not applied as published (RFC 9990 §3.1.6).
public struct DMARCOverride: Hashable, Sendable {
  /// Spelled as in aggregate reports.
  public enum Reason: String, Hashable, Sendable, CaseIterable {
    case localPolicy = "local_policy"
    case mailingList = "mailing_list"
    case other
    case policyTestMode = "policy_test_mode"
    case trustedForwarder = "trusted_forwarder"
    /// RFC 7489 only: the message was outside the sample of `pct`.
    case sampledOut = "sampled_out"
  }

  /// The word for reports.
  public var reason: Reason
  /// More about it, for the owner of the domain.
  public var comment: String?

  /// An override for this reason.
  public init(_ reason: Reason, comment: String? = nil) {
    self.reason = reason
    self.comment = comment
  }
}

/// How one identifier that passed, or may yet pass, stands to the Author Domain.
public struct DMARCAlignment: Hashable, Sendable {
  /// What authenticated the identifier (RFC 9989 §4.4).
  public enum Mechanism: String, Hashable, Sendable {
    case spf, dkim
  }

  /// How the two domains stand to each other.
  public enum State: Hashable, Sendable {
    case aligned
    case notAligned
    /// A DNS failure hides an Organizational Domain.
    case unknown
  }

  /// What authenticated it.
  public var mechanism: Mechanism
  /// The domain compared, and whether it passed.
  public var identifier: DMARCIdentifier
  /// What the record asks for.
  public var mode: DMARCAlignmentMode
  /// Whether it is aligned.
  public var state: State
  /// The identifier's own; nil where it was not needed or not found.
  public var organizationalDomain: DomainName?

  /// Whether it makes the message pass.
  public var isAlignedPass: Bool { state == .aligned && identifier.outcome == .pass }
}

/// What DMARC says of one message.
public struct DMARCVerdict: Hashable, Sendable {
  /// The result for the Author Domain.
  public var result: DMARCResult
  /// The domain of the From field; of several the one that decided. Nil where there is none.
  public var authorDomain: DomainName?
  /// That of the Author Domain; nil where no policy was found, or where DNS failed and the
  /// result did not depend on it.
  public var organizationalDomain: DomainName?
  /// The policy that applies to the Author Domain, before `t`; nil without a record, and where a
  /// failure leaves open which it is.
  public var policy: DMARCPolicy?
  /// The tag that the policy stands in: `p`, `sp` or `np`.
  public var policyTag: DMARCPolicyTag?
  /// Where the record that applies was found.
  public var policyDomain: DomainName?
  /// The record that applies.
  public var record: DMARCRecord?
  /// Whether SPF passed for an aligned domain.
  public var spfAligned: Bool { alignments.contains { $0.mechanism == .spf && $0.isAlignedPass } }
  /// Whether a DKIM signature passed for an aligned domain.
  public var dkimAligned: Bool {
    alignments.contains { $0.mechanism == .dkim && $0.isAlignedPass }
  }
  /// Every identifier that was compared with the Author Domain: SPF first, then DKIM in order.
  public var alignments: [DMARCAlignment] = []
  /// What the policy asks for after `t`, `pct` and overrides; `none` unless the result is `fail`.
  ///
  /// It is the owner's wish. A receiver MUST NOT reject for it alone (RFC 9989 §7.4):
  /// see `withoutOtherKnowledge`.
  public var disposition = DMARCDisposition.none
  /// `t=y` in the record that applies; never by RFC 7489, which does not know it.
  public var isTesting = false
  /// Why the disposition is milder than the policy, in the order in which it became so.
  public var overrides: [DMARCOverride] = []
  /// The one that decided.
  public var override: DMARCOverride? { overrides.last }
  /// The result in one plain sentence.
  public var reason: String?
  /// Where the From field names several domains: the verdict on each that was looked at.
  public var perAuthorDomain: [DMARCVerdict] = []
  /// Mistakes and oddities of records, for people.
  public var warnings: [String] = []
  /// Each look-up, comparison and decision, in order.
  public var evidence: [Evidence] { steps.map(\.evidence) }
  var steps: [DMARCStep] = []

  /// A verdict without a policy.
  public init(_ result: DMARCResult, authorDomain: DomainName? = nil, reason: String? = nil) {
    self.result = result
    self.authorDomain = authorDomain
    self.reason = reason
  }

  /// The same verdict with a milder disposition, for a reason to be reported to the owner
  /// (RFC 9989 §5.4). The result stays; a verdict other than `fail`, or one that asks for no more
  /// than `disposition` already, stays as it is.
  ///
  ///     verdict.applying(DMARCOverride(.trustedForwarder, comment: "arc=pass as[2].d=lists.example"))
  public func applying(
    _ override: DMARCOverride, disposition milder: DMARCDisposition = .none
  ) -> DMARCVerdict {
    guard result == .fail, disposition > milder else { return self }
    var verdict = self
    verdict.disposition = milder
    verdict.overrides.append(override)
    verdict.steps.append(DMARCStep(event: .override(override, milder)))
    return verdict
  }
}
