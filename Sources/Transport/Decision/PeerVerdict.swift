public import Wire

/// What a peer's certificate chain was found to prove, under one requirement.
public struct PeerVerdict: Hashable, Sendable {
  /// Whether the peer proved what the requirement demands.
  public enum Result: Hashable, Sendable {
    /// It did; the text says by what: `DANE-EE 3 1 1`, `web PKI, mx.example.com`.
    case authenticated(by: String)
    /// Nothing was demanded, so nothing was looked at.
    case notDemanded
    /// It did not: the reason for reports, and in words for people.
    case failed(TLSFailure, String)
  }

  /// What came out.
  public var result: Result
  /// Each step with the rule that decided.
  public var evidence: [Evidence]

  /// A verdict of these parts.
  public init(_ result: Result, evidence: [Evidence] = []) {
    self.result = result
    self.evidence = evidence
  }

  /// Whether mail may go over the session.
  public var isAcceptable: Bool {
    if case .failed = result { false } else { true }
  }
}
