public import Wire

/// What SPF says of one SMTP session: both identities, each judged apart (RFC 7208 §2.3, §2.4).
public struct SPFVerdict: Hashable, Sendable {
  /// The outcome for MAIL FROM (RFC 7208 §2.4).
  public var mailFrom: SPFCheck
  /// The outcome for HELO (RFC 7208 §2.3).
  public var helo: SPFCheck

  /// A verdict of both outcomes.
  public init(mailFrom: SPFCheck, helo: SPFCheck) {
    self.mailFrom = mailFrom
    self.helo = helo
  }
}

/// The outcome of one `check_host()` (RFC 7208 §4), and how it came about.
///
/// Texts are printable US-ASCII, with U+FFFD for any other octet of a record.
public struct SPFCheck: Hashable, Sendable {
  /// Which identity was checked.
  public var identity: SPFIdentity
  /// The result of the check (RFC 7208 §2.6).
  public var result: SPFResult
  /// The domain that was judged; nil where the identity holds none that could be.
  public var domain: DomainName?
  /// The local-part of the sender as given; `postmaster` where there is none (§4.3).
  public var localPart: [UInt8]
  /// The domain's own record as published, also where it is broken; nil where there is none.
  public var record: String?
  /// The directive that decided, as published, perhaps in a record that `redirect` names:
  /// `ip4:192.0.2.0/24`. `default` where none matched; nil where none was reached.
  public var mechanism: String?
  /// Terms charged against the limit of ten (§4.6.4), with the one that broke it.
  public var lookups: Int
  /// Terms that got an empty answer (§4.6.4), with the one that broke the limit.
  public var voidLookups: Int
  /// Why the message was refused, in the words of whoever published the record (§6.2).
  ///
  /// The sender's text, not ours: it may mislead or hold a malicious link (§11.5.2). Printable
  /// US-ASCII, of `SPFLimits.explanationOctets` at most.
  public var explanation: String?
  /// The octet at which a record is broken, where that is the reason for `permerror`.
  public var syntaxError: SyntaxError?
  /// For all results but `pass` and `neutral`: the reason, in one sentence.
  public var reason: String?
  package var steps: [SPFStep] = []

  /// An outcome; the parts not given are empty.
  public init(
    identity: SPFIdentity, result: SPFResult, domain: DomainName?,
    localPart: [UInt8] = Array("postmaster".utf8), record: String? = nil,
    mechanism: String? = nil, lookups: Int = 0, voidLookups: Int = 0,
    explanation: String? = nil, syntaxError: SyntaxError? = nil, reason: String? = nil
  ) {
    self.identity = identity
    self.result = result
    self.domain = domain
    self.localPart = localPart
    self.record = record
    self.mechanism = mechanism
    self.lookups = lookups
    self.voidLookups = voidLookups
    self.explanation = explanation
    self.syntaxError = syntaxError
    self.reason = reason
  }

  /// Every record and term in the order of evaluation, and last the result.
  public var evidence: [Evidence] {
    let name = domain?.description ?? "no domain"
    let last = Evidence(
      step: "spf result", subject: "\(identity.rawValue) \(name)",
      found: reason ?? mechanism ?? "", outcome: result.rawValue, cites: "RFC 7208 §2.6")
    return steps.map(\.evidence) + [last]
  }
}
