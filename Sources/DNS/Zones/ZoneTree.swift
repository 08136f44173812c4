internal import Wire

/// The names of some zones with their records, and what stands at each (RFC 1034 §4.3.2).
struct ZoneTree: Sendable {
  /// Records of one name and type; RFC 2181 §5 calls them an RRset.
  struct RecordSet {
    var records: [Record]
    /// The smallest of the records (RFC 2181 §5.2).
    var ttl: UInt32
  }

  struct Node {
    var sets: [RecordType: RecordSet] = [:]
  }

  /// What one name, without following it, brings for a type.
  enum Finding {
    case records(RecordSet)
    case alias(DomainName, ttl: UInt32)
    case noData
    case noSuchName
    /// A DNAME whose substitution is too long for a name (RFC 6672 §2.2).
    case tooLong
  }

  /// Every name that exists: owners and all names above them (RFC 4592 §2.2.2).
  private(set) var nodes: [DomainName: Node] = [:]
  // What most zones of a test or plan do not have is not searched for.
  private var hasDNAME = false
  private var hasSOA = false
  private var hasWildcard = false

  init(_ zones: [ZoneFile]) {
    // RFC 2181 §5: a set has no duplicates.
    var seen: Set<Content> = []
    for zone in zones {
      for entry in zone.entries {
        let isNew = seen.insert(Content(name: entry.name, record: entry.record)).inserted
        insert(entry, isNew: isNew)
      }
      // A hashed owner is no name, and a signature stands beside what it signs.
      for entry in zone.unread where ![.nsec3, .rrsig].contains(entry.type) {
        makeNode(entry.name)
      }
    }
  }

  private struct Content: Hashable {
    var name: DomainName
    var record: Record
  }

  private mutating func insert(_ entry: ZoneFile.Entry, isNew: Bool) {
    makeNode(entry.name)
    let type = entry.record.type
    if type == .dname { hasDNAME = true }
    if type == .soa { hasSOA = true }
    let empty = RecordSet(records: [], ttl: entry.ttl)
    let ttl = nodes[entry.name]?.sets[type]?.ttl ?? entry.ttl
    nodes[entry.name]?.sets[type, default: empty].ttl = min(ttl, entry.ttl)
    if isNew { nodes[entry.name]?.sets[type]?.records.append(entry.record) }
  }

  private mutating func makeNode(_ name: DomainName) {
    var name: DomainName? = name
    while let current = name, nodes[current] == nil {
      nodes[current] = Node()
      if current.isWildcard { hasWildcard = true }
      name = current.parent
    }
  }

  /// Looks at `name`; with `wildcards`, also at the wildcard that stands for it.
  func find(_ name: DomainName, _ type: RecordType, wildcards: Bool = true) -> Finding {
    if hasDNAME, let finding = substitution(for: name) { return finding }
    if let node = nodes[name] { return Self.look(at: node, type) }
    guard wildcards, hasWildcard, let node = wildcard(for: name) else { return .noSuchName }
    return Self.look(at: node, type)
  }

  /// The longest existing name above `name`, or `name` itself (RFC 4592 §3.3.1).
  func closestEncloser(of name: DomainName) -> DomainName {
    var name = name
    while nodes[name] == nil, let parent = name.parent { name = parent }
    return name
  }

  private func wildcard(for name: DomainName) -> Node? {
    guard let source = try? closestEncloser(of: name).prepending("*") else { return nil }
    return nodes[source]
  }

  private static func look(at node: Node, _ type: RecordType) -> Finding {
    if type != .cname, type != .nsec, let set = node.sets[.cname],
      case .cname(let target)? = set.records.first
    {
      return .alias(target, ttl: set.ttl)
    }
    if let set = node.sets[type] { return .records(set) }
    return isCompactDenial(node) ? .noSuchName : .noData
  }

  /// RFC 9824 §3.1: the name is there only for an NSEC that says it is not.
  private static func isCompactDenial(_ node: Node) -> Bool {
    guard node.sets.count == 1, case .other(_, let rdata)? = node.sets[.nsec]?.records.first,
      let proof = try? NSECRecord(rdata: rdata)
    else { return false }
    return proof.types.contains(.nxname)
  }

  /// A DNAME above `name` puts another suffix in its place (RFC 6672 §2.2); the highest one
  /// hides those below it.
  private func substitution(for name: DomainName) -> Finding? {
    for count in 0..<name.labelCount {
      let owner = name.suffix(labels: count)
      guard let set = nodes[owner]?.sets[.dname],
        case .other(_, let rdata)? = set.records.first
      else { continue }
      var cursor = ByteCursor(rdata)
      guard let target = try? cursor.takeWireName(compression: .refused) else { continue }
      let kept = name.labels.dropLast(count)
      guard let substitute = try? DomainName(labels: kept + target.labels) else {
        return .tooLong
      }
      return .alias(substitute, ttl: set.ttl)
    }
    return nil
  }

  /// How long it may be remembered that something is not there: the SOA above decides
  /// (RFC 2308 §5); without one, not at all.
  func negativeTTL(for name: DomainName) -> UInt32 {
    guard hasSOA else { return 0 }
    for owner in sequence(first: name, next: \.parent) {
      if let set = nodes[owner]?.sets[.soa], case .soa(let authority)? = set.records.first {
        return min(set.ttl, authority.minimum)
      }
    }
    return 0
  }
}
