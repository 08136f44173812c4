/// One step on the way to a verdict: what was looked at, what came of it, and the rule that
/// decided.
///
/// The command line, JSON and later the dashboard all print these, so that every verdict can be
/// explained.
public struct Evidence: Hashable, Sendable {
  /// The check, in a word or three: `spf mechanism`, `dkim key`, `dmarc policy`.
  public var step: String
  /// What was looked at: a name asked of DNS, a header field, a term of a record.
  public var subject: String
  /// What was there: the record, the number of octets hashed, the signature's value.
  public var found: String
  /// What follows from it: `match`, `pass`, `key usable`.
  public var outcome: String
  /// The standard and section that decided: `RFC 7208 §5.2`.
  public var cites: String

  /// A step of these parts.
  public init(
    step: String, subject: String, found: String, outcome: String, cites: String
  ) {
    self.step = step
    self.subject = subject
    self.found = found
    self.outcome = outcome
    self.cites = cites
  }
}
