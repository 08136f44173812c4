public import Wire

/// An MTA-STS policy (RFC 8461 §3.2).
///
///     version: STSv1
///     mode: enforce
///     mx: mail.example.com
///     mx: *.example.net
///     max_age: 604800
public struct STSPolicy: Hashable, Sendable {
  /// What a sender does with a host that does not satisfy the policy (§5).
  public enum Mode: String, Hashable, Sendable, CaseIterable {
    /// It does not deliver there.
    case enforce
    /// It delivers, and reports.
    case testing
    /// It acts as though there were no policy.
    case none
  }

  /// How the policy is applied.
  public var mode: Mode
  /// Which hosts may serve the domain; none only under mode `none`.
  public var mxPatterns: [MXPattern]
  /// How long the policy holds from its fetch, in seconds: at most 31,557,600.
  public var maxAge: UInt32

  /// A policy of these parts.
  public init(mode: Mode, mxPatterns: [MXPattern], maxAge: UInt32) {
    self.mode = mode
    self.mxPatterns = mxPatterns
    self.maxAge = maxAge
  }

  /// Whether one of the patterns covers `host` (§4.1).
  public func covers(_ host: DomainName) -> Bool { mxPatterns.contains { $0.covers(host) } }
}
