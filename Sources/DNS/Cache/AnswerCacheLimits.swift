/// How much an `AnswerCache` keeps, and how long at most.
public struct AnswerCacheLimits: Hashable, Sendable {
  /// Answers and failures together; the one unused for longest makes way.
  public var entries = 10_000
  /// Seconds for records (RFC 8767 §4 speaks of days; keys and policies are wanted fresher).
  public var recordSeconds: UInt32 = 86_400
  /// Seconds for NODATA and NXDOMAIN: one to three hours in RFC 2308 §5.
  public var negativeSeconds: UInt32 = 10_800
  /// Seconds for a failure; zero keeps none, and more than 300 count as 300 (RFC 2308 §7).
  public var failureSeconds: UInt32 = 5

  /// The defaults.
  public init() {}

  /// Seconds; zero for what is not kept.
  func lifetime(of result: LookupResult) -> UInt32 {
    switch result {
    case .success(let answer):
      if case .records = answer.outcome {
        min(answer.ttl, recordSeconds)
      } else {
        min(answer.ttl, negativeSeconds)
      }
    case .failure(.cancelled): 0
    case .failure: min(failureSeconds, 300)
    }
  }
}
