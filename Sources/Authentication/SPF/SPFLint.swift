public import Wire

/// Something in published SPF records that is wrong, wasteful or dangerous.
public enum SPFLint: Hashable, Sendable {
  /// RFC 7208 §4.6.4: over ten, so that clients that match late or never get `permerror`.
  case tooManyLookups(Int)
  /// RFC 7208 §4.6.4: over two.
  case tooManyVoidLookups(Int)
  /// RFC 7208 §4.6.4: over ten exchangers: `mx` is `permerror`.
  case tooManyExchangers(DomainName, Int)
  /// `+all`: the whole world may send.
  case allPasses(DomainName)
  /// `?all`: nothing is said of the others.
  case allIsNeutral(DomainName)
  /// RFC 7208 §5.5, §7.2: `ptr` and `%{p}` are not to be published.
  case ptr(DomainName, term: String)
  /// RFC 7208 §4.7: neither `all` nor `redirect`.
  case noDefault(DomainName)
  /// RFC 7208 §5.1: terms behind `all` are never tested.
  case unreachable(DomainName, term: String)
  /// RFC 7208 §6.1: `redirect` beside `all`.
  case redirectIgnored(DomainName)
  /// The record of this domain is used more than once; each use is charged.
  case duplicateInclude(DomainName)
  /// RFC 7208 §3.4: records over 450 octets may not fit a small DNS answer.
  case long(DomainName, octets: Int)
}

extension SPFLint: CustomStringConvertible {
  /// One sentence for people, without a full stop.
  public var description: String {
    switch self {
    case .tooManyLookups(let count):
      "\(count) terms ask DNS where 10 are allowed: receivers answer permerror"
    case .tooManyVoidLookups(let count):
      "\(count) terms get no answer where 2 are allowed: receivers answer permerror"
    case .tooManyExchangers(let domain, let count):
      "\(domain) has \(count) MX records where mx may use 10: receivers answer permerror"
    case .allPasses(let domain):
      "+all in the record of \(domain) lets every host send"
    case .allIsNeutral(let domain):
      "?all in the record of \(domain) refuses nobody"
    case .ptr(let domain, let term):
      "\(term) in the record of \(domain) uses reverse DNS, which is slow and not to be published"
    case .noDefault(let domain):
      "the record of \(domain) ends without all or redirect"
    case .unreachable(let domain, let term):
      "\(term) in the record of \(domain) stands behind all and is never tested"
    case .redirectIgnored(let domain):
      "redirect in the record of \(domain) is ignored because of all"
    case .duplicateInclude(let domain):
      "the record of \(domain) is used more than once, and charged each time"
    case .long(let domain, let octets):
      "the record of \(domain) has \(octets) octets; over 450 may not fit a DNS answer"
    }
  }
}
