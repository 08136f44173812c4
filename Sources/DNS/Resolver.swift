public import Wire

/// What the verifiers ask of DNS.
///
/// Names are absolute: there is no search list. A resolver follows CNAME and DNAME itself, and may
/// be asked by many tasks at once. Every conformer passes `ResolverConformance` (in the tests).
public protocol Resolver: Sendable {
  /// Looks `name` up.
  ///
  /// "No such name" and "no such record" are answers, not failures (RFC 2308 §2). A look-up whose
  /// task is cancelled ends soon, by `LookupFailure.cancelled`: so whoever asks keeps his time.
  ///
  /// - Throws: `LookupFailure` where nothing is known: no verdict may be drawn from it.
  func lookup(_ name: DomainName, _ type: RecordType) async throws(LookupFailure) -> Answer
}

/// Why a look-up brought no answer.
public enum LookupFailure: Error, Hashable, Sendable {
  /// No server answered in time.
  case timeout
  /// A server answered with an error (SERVFAIL, REFUSED, …) or with nonsense; the text names it.
  case serverFailure(String)
  /// DNSSEC validation failed (RFC 4035 §4.3); the text says why.
  case bogus(String)
  /// A CNAME chain that is too long or goes in a circle.
  case aliasLoop
  /// The task that asked was cancelled.
  case cancelled
}

extension LookupFailure: CustomStringConvertible {
  public var description: String {
    switch self {
    case .timeout: "DNS time-out"
    case .serverFailure(let detail): "DNS server failure (\(detail))"
    case .bogus(let detail): "DNSSEC validation failed (\(detail))"
    case .aliasLoop: "CNAME loop"
    case .cancelled: "cancelled"
    }
  }
}

/// What DNS says of one name and type.
public struct Answer: Hashable, Sendable {
  /// What is there at the name, or that nothing is (RFC 2308 §2).
  public enum Outcome: Hashable, Sendable {
    /// At least one record of the type asked for, in the order received.
    case records([Record])
    /// The name exists, without records of this type (NODATA). An empty non-terminal is such.
    case noData
    /// The name does not exist and nothing stands below it (NXDOMAIN, RFC 8020); also the compact
    /// denial of RFC 9824, a NODATA whose NSEC lists NXNAME.
    case noSuchName
  }

  /// Validation by DNSSEC (RFC 4035 §4.3). Bogus data is a `LookupFailure`.
  public enum Security: Hashable, Sendable {
    /// Signed and validated from the trust anchor to here, aliases included.
    case secure
    /// Provably unsigned, or not validated at all.
    case insecure
  }

  /// What is there.
  public var outcome: Outcome
  /// Where the records stand: the name asked for, after its aliases.
  public var expandedName: DomainName
  /// How long, in seconds, the answer may be kept; for a negative one RFC 2308 §5 decides.
  public var ttl: UInt32
  /// Whether DNSSEC vouches for the whole answer.
  public var security: Security

  /// An answer; by default one that may not be kept and is not validated.
  public init(
    _ outcome: Outcome, expandedName: DomainName, ttl: UInt32 = 0, security: Security = .insecure
  ) {
    self.outcome = outcome
    self.expandedName = expandedName
    self.ttl = ttl
    self.security = security
  }

  /// The records; none for a negative answer.
  public var records: [Record] {
    if case .records(let records) = outcome { records } else { [] }
  }
}
