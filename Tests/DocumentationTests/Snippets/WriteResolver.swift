// listing
import DNS
import Wire

struct DictionaryResolver: Resolver {
  var records: [DomainName: [Record]]

  func lookup(
    _ name: DomainName, _ type: RecordType
  ) async throws(LookupFailure) -> Answer {
    var current = name
    for _ in 0...8 {
      let found = records[current, default: []]
      let matching = found.filter { $0.type == type }
      if !matching.isEmpty {
        return Answer(.records(matching), expandedName: current, ttl: 60)
      }
      if case .cname(let target)? = found.first(where: { $0.type == .cname }) {
        current = target
        continue
      }
      let exists = records.keys.contains { $0.isAtOrBelow(current) }
      return Answer(exists ? .noData : .noSuchName, expandedName: current, ttl: 60)
    }
    throw .aliasLoop
  }
}
// end

// listing
struct LoggingResolver<Base: Resolver>: Resolver {
  let base: Base
  let log: @Sendable (String) -> Void

  func lookup(
    _ name: DomainName, _ type: RecordType
  ) async throws(LookupFailure) -> Answer {
    do throws(LookupFailure) {
      let answer = try await base.lookup(name, type)
      switch answer.outcome {
      case .records(let records): log("\(name) \(type): \(records.count) records")
      case .noData: log("\(name) \(type): no such record")
      case .noSuchName: log("\(name) \(type): no such name")
      }
      return answer
    } catch {
      log("\(name) \(type): \(error)")
      throw error
    }
  }
}
// end

// listing
func resolver(
  over upstream: some Resolver, log: @escaping @Sendable (String) -> Void
) -> some Resolver {
  AnswerCache(LoggingResolver(base: upstream, log: log), clock: ContinuousClock())
}
// end
