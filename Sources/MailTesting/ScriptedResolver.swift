public import DNS
internal import Synchronization
public import Wire

/// A resolver that answers from a script, fails where told to, and writes down each question.
///
/// A name that the script lists, or that stands above a listed one, exists; any other does not.
public final class ScriptedResolver: Resolver {
  /// What happens when a name is asked for.
  public enum Script: Sendable {
    case records([Record])
    case failure(LookupFailure)
  }

  private let scripts: [DomainName: [Script]]
  private let existing: Set<DomainName>
  private let log = Mutex<[(name: DomainName, type: RecordType)]>([])

  /// - Parameter scripts: several for one name: the records of a failing name are still given
  ///   where they are of the type asked for and stand before the failure.
  public init(_ scripts: [DomainName: [Script]]) {
    self.scripts = scripts
    existing = Set(
      scripts.keys.flatMap { name in
        sequence(first: name) { $0.parent }
      })
  }

  /// TXT records only, by name as text; a name that is no domain name is a mistake in the test.
  public convenience init(txt: [String: [String]]) {
    var scripts: [DomainName: [Script]] = [:]
    for (name, texts) in txt {
      guard let name = try? DomainName(parsing: name) else {
        preconditionFailure("not a domain name: \(name)")
      }
      scripts[name] = [.records(texts.map { .txt([Array($0.utf8)]) })]
    }
    self.init(scripts)
  }

  /// Every question so far, in order.
  public var questions: [(name: DomainName, type: RecordType)] { log.withLock { $0 } }

  public func lookup(
    _ name: DomainName, _ type: RecordType
  ) async throws(LookupFailure) -> Answer {
    log.withLock { $0.append((name, type)) }
    for script in scripts[name] ?? [] {
      switch script {
      case .failure(let failure): throw failure
      case .records(let records):
        let wanted = records.filter { $0.type == type }
        if !wanted.isEmpty { return Answer(.records(wanted), expandedName: name, ttl: 60) }
      }
    }
    return Answer(existing.contains(name) ? .noData : .noSuchName, expandedName: name, ttl: 60)
  }
}
