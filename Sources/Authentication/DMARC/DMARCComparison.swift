import Wire

/// One message by RFC 9989 and by RFC 7489, for those who move from one to the other.
public struct DMARCComparison: Hashable, Sendable {
  /// The verdict by tree walk (RFC 9989 §4.10).
  public var treeWalk: DMARCVerdict
  /// The verdict by public suffix list (RFC 7489 §3.2).
  public var publicSuffix: DMARCVerdict
  /// Where the two differ; empty where they agree.
  public var differences: [DMARCDifference]

  init(treeWalk: DMARCVerdict, publicSuffix: DMARCVerdict) {
    self.treeWalk = treeWalk
    self.publicSuffix = publicSuffix
    differences = DMARCDifference.Aspect.allCases.compactMap { aspect in
      let values = [treeWalk, publicSuffix].map { aspect.value(in: $0) }
      guard values[0] != values[1] else { return nil }
      return DMARCDifference(aspect: aspect, treeWalk: values[0], publicSuffix: values[1])
    }
  }
}

/// One respect in which the verdicts differ.
public struct DMARCDifference: Hashable, Sendable {
  /// What differs.
  public enum Aspect: String, Hashable, Sendable, CaseIterable {
    case result
    case organizationalDomain = "organizational domain"
    case policyDomain = "policy domain"
    case policy
    case disposition
    case spfAlignment = "SPF alignment"
    case dkimAlignment = "DKIM alignment"

    func value(in verdict: DMARCVerdict) -> String {
      switch self {
      case .result: verdict.result.rawValue
      case .organizationalDomain: verdict.organizationalDomain.map { "\($0)" } ?? "none"
      case .policyDomain: verdict.policyDomain.map { "\($0)" } ?? "none"
      case .policy: verdict.policy?.rawValue ?? "none chosen"
      case .disposition: verdict.disposition.rawValue
      case .spfAlignment: verdict.spfAligned ? "aligned" : "not aligned"
      case .dkimAlignment: verdict.dkimAligned ? "aligned" : "not aligned"
      }
    }
  }

  /// What differs.
  public let aspect: Aspect
  /// What the tree walk says of it.
  public let treeWalk: String
  /// What the list says of it.
  public let publicSuffix: String
}

extension DMARCDifference: CustomStringConvertible {
  public var description: String {
    "\(aspect.rawValue): \(treeWalk) by tree walk, \(publicSuffix) by public suffix list"
  }
}

extension DMARCVerdict {
  /// Says where the tree walk took a public suffix for an organization, as it does when a registry
  /// publishes a record without `psd`.
  mutating func warnOfPublicSuffix(in list: PublicSuffixList) {
    for index in perAuthorDomain.indices { perAuthorDomain[index].warnOfPublicSuffix(in: list) }
    guard let organizationalDomain, organizationalDomain != authorDomain,
      list.isPublicSuffix(organizationalDomain)
    else { return }
    warnings.append(
      "The organizational domain \(organizationalDomain) is a public suffix: its record should "
        + "say psd=y")
  }
}
