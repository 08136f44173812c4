import DNS
import Wire

/// What one DNS Tree Walk has found (RFC 9989 §4.10).
struct DMARCTreeWalk: Sendable {
  let start: DomainName
  /// From the longest name to the shortest.
  var found: [(domain: DomainName, record: DMARCRecord)] = []
  /// Where DNS failed and the walk ended without a conclusion.
  var failure: (domain: DomainName, cause: LookupFailure)?

  init(from start: DomainName) { self.start = start }

  /// The names to be asked: the start, then its parents, of which those of more than seven labels
  /// are left out. At most eight.
  ///
  ///     a.mail.example.com, mail.example.com, example.com, com
  static func targets(from start: DomainName) -> [DomainName] {
    guard !start.isRoot else { return [] }
    let count = start.labelCount
    let shorter = (1..<max(1, min(count, 8))).reversed()
    return [start] + shorter.map { start.suffix(labels: $0) }
  }

  /// §4.10.2: where the organization of the start begins.
  var organizationalDomain: DomainName {
    for (domain, record) in found {
      if record.psd == .no { return domain }
      if record.psd == .yes, domain != start {
        return start.suffix(labels: domain.labelCount + 1)
      }
    }
    return found.last?.domain ?? start
  }

  /// §4.10.1, where the start has no record: that of the Organizational Domain, else that of the
  /// Public Suffix Domain. Records between are not used.
  var inheritedRecord: (domain: DomainName, record: DMARCRecord)? {
    let organization = organizationalDomain
    return found.first { $0.domain == organization } ?? found.first { $0.record.psd == .yes }
  }
}
