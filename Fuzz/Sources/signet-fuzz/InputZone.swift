import DNS
import Wire

/// DNS as the input describes it: lines of name, type and value, read as kindly as possible so
/// that most inputs mean something.
///
///     example.com TXT v=spf1 mx -all
///     example.com MX mail.example.com
struct InputZone: Resolver {
  private struct Question: Hashable {
    let name: DomainName
    let type: RecordType
  }

  private var records: [Question: [Record]] = [:]
  private var names: Set<DomainName> = []

  init(_ lines: some Sequence<ArraySlice<UInt8>>) {
    for line in lines {
      let parts = line.split(separator: .blank, maxSplits: 2)
      guard parts.count == 3, let name = try? DomainName(anyOctets: parts[0]) else { continue }
      names.insert(name)
      guard let record = Self.record(parts[1], parts[2]) else { continue }
      records[Question(name: name, type: record.type), default: []].append(record)
    }
  }

  private static func record(_ type: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) -> Record? {
    let name = try? DomainName(anyOctets: value)
    switch type.text {
    case "A": return (try? IPAddress(parsing: value)).flatMap { $0.isIPv4 ? .a($0) : nil }
    case "AAAA": return (try? IPAddress(parsing: value)).flatMap { $0.isIPv4 ? nil : .aaaa($0) }
    case "MX": return name.map { .mx(preference: 10, exchange: $0) }
    case "PTR": return name.map { .ptr($0) }
    default: return .txt([Array(value)])
    }
  }

  func lookup(_ name: DomainName, _ type: RecordType) async throws(LookupFailure) -> Answer {
    if let found = records[Question(name: name, type: type)] {
      return Answer(.records(found), expandedName: name)
    }
    if name.labels.first?.elementsEqual("timeout".utf8) == true { throw .timeout }
    return Answer(names.contains(name) ? .noData : .noSuchName, expandedName: name)
  }
}
