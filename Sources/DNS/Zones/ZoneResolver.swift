public import Wire

/// A resolver that answers from zones, and from nothing else.
///
/// Follows CNAME and DNAME (RFC 6672) across its zones, and synthesizes from wildcards
/// (RFC 4592). A name in none of them does not exist. Delegations are not looked at: records
/// below one are answered as if they stood in the zone that delegates.
public struct ZoneResolver: Resolver {
  let tree: ZoneTree
  /// What every answer claims to be; zones read from files are not validated.
  let security: Answer.Security

  /// - Parameters:
  ///   - zones: all that exists.
  ///   - security: what every answer claims to be: `.secure` for trying what will hold once a zone
  ///     is signed.
  public init(zones: [ZoneFile], security: Answer.Security = .insecure) {
    tree = ZoneTree(zones)
    self.security = security
  }

  /// How many aliases may follow each other.
  package static let maximumAliases = 16

  public func lookup(
    _ name: DomainName, _ type: RecordType
  ) async throws(LookupFailure) -> Answer {
    var current = name
    var ttl = UInt32.max
    for _ in 0...Self.maximumAliases {
      let outcome: Answer.Outcome
      switch tree.find(current, type) {
      case .alias(let target, let aliasTTL):
        current = target
        ttl = min(ttl, aliasTTL)
        continue
      case .records(let set):
        ttl = min(ttl, set.ttl)
        outcome = .records(set.records)
      case .noData:
        ttl = min(ttl, tree.negativeTTL(for: current))
        outcome = .noData
      case .noSuchName:
        ttl = min(ttl, tree.negativeTTL(for: current))
        outcome = .noSuchName
      case .tooLong:
        throw .serverFailure("YXDOMAIN")
      }
      return Answer(outcome, expandedName: current, ttl: ttl, security: security)
    }
    throw .aliasLoop
  }
}
