internal import DNS
internal import Wire

/// What the DNS says of one key.
enum DKIMKeyAnswer: Sendable {
  case key(DKIMKey)
  case failure(DKIMFailure)
}

/// Gets the keys that signatures name (RFC 6376 §3.6.2).
struct DKIMKeyLookup<Source: Resolver>: Sendable {
  let resolver: Source
  let cache: DKIMKeyCache

  /// Asks for all names at once; each name is asked for only once.
  func keys(_ names: Set<DomainName>) async -> [DomainName: DKIMKeyAnswer] {
    // One name is the usual case, and needs no task of its own.
    if names.count == 1, let name = names.first { return [name: await key(name)] }
    return await withTaskGroup(of: (DomainName, DKIMKeyAnswer).self) { group in
      for name in names {
        group.addImmediateTask { (name, await key(name)) }
      }
      var answers: [DomainName: DKIMKeyAnswer] = [:]
      for await (name, answer) in group { answers[name] = answer }
      return answers
    }
  }

  func key(_ name: DomainName) async -> DKIMKeyAnswer {
    do {
      return choose(from: try await resolver.lookup(name, .txt).records)
    } catch {
      return .failure(.keyLookupFailed(error))
    }
  }

  /// §3.6.2.2 leaves several records undefined. A record that is no key record is passed over
  /// where one that is stands beside it; two that are cannot be told apart, so neither counts.
  func choose(from records: [Record]) -> DKIMKeyAnswer {
    var found: DKIMKey?
    var failure = DKIMFailure.keyNotFound
    for text in records.lazy.compactMap(\.joinedText) {
      do throws(SyntaxError) {
        let key = try cache.key(text)
        guard found == nil else { return .failure(.severalKeys) }
        found = key
      } catch {
        failure = .keySyntax(error)
      }
    }
    return found.map(DKIMKeyAnswer.key) ?? .failure(failure)
  }
}
