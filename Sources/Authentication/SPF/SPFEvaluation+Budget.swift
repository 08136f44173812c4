internal import DNS
internal import Wire

extension SPFEvaluation {
  /// What a domain-spec stands for in this check.
  enum Target {
    case name(DomainName)
    /// No name can be made of it (RFC 7208 §4.8 leaves the meaning open).
    case malformed
    /// It holds `%{l}` or `%{s}`, and the local-part is not US-ASCII (RFC 8616 §4).
    case nonASCIILocalPart
  }

  /// The name that a term means: its domain-spec expanded, or the domain itself (§4.8).
  mutating func target(
    of spec: SPFDomainSpec?, in domain: DomainName
  ) async throws(SPFStop) -> Target {
    guard let spec else { return .name(domain) }
    if let name = spec.fixedName { return .name(name) }
    if values.sender.hasNonASCIILocalPart, spec.macros.uses(.l) || spec.macros.uses(.s) {
      found = .text("the local-part is not US-ASCII")
      return .nonASCIILocalPart
    }
    let text = try await expand(spec.macros, in: domain)
    if let name = DomainName(spfTarget: text) { return .name(name) }
    found = .text("not a domain name: \(text.prefix(255).printableText)")
    return .malformed
  }

  mutating func expand(
    _ macros: SPFMacroString, in domain: DomainName
  ) async throws(SPFStop) -> [UInt8] {
    if macros.uses(.p) { values.validatedName = try await validatedName(for: domain) }
    do {
      return try macros.expanded(with: &values, domain: domain)
    } catch {
      throw .permerror("the macros of \(domain) stand for more text than is read")
    }
  }

  /// §4.6.4: counts a term, or the first `%{p}`, against the limit.
  mutating func charge(
    for text: ArraySlice<UInt8>, of domain: DomainName, as kind: SPFStep.Kind = .mechanism
  ) throws(SPFStop) {
    guard !isDecided else { return }
    lookups += 1
    guard lookups <= limits.lookups else {
      let reason = "more than \(limits.lookups) terms ask DNS: \(text.printableText) of \(domain)"
      addStep(kind, domain, text, "permerror", cites: "RFC 7208 §4.6.4")
      throw .permerror(reason)
    }
  }

  /// One question. Time that has run out ends the check; other failures are the caller's.
  mutating func ask(
    _ name: DomainName, _ type: RecordType
  ) async throws(SPFStop) -> SPFQuery {
    try requireTime()
    var query = SPFQuery(name: name, type: type, outcome: .answer(.noData))
    do {
      let answer = try await resolver.lookup(name, type)
      // Aliases and signatures may come along; only what was asked for counts.
      let records = answer.records.filter { $0.type == type }
      query.outcome = .answer(
        answer.outcome == .noSuchName ? .noSuchName : records.isEmpty ? .noData : .records(records))
    } catch {
      query.outcome = .failure(error)
    }
    if queries.count < Self.queriesPerStep { queries.append(query) }
    // At the deadline a question that waits is cancelled: time is then the reason to give.
    try requireTime()
    if case .failure(.cancelled) = query.outcome { throw .temperror("the check was cancelled") }
    return query
  }

  /// The records; a failure is `temperror` (§5), an empty answer is void (§4.6.4).
  mutating func records(
    _ name: DomainName, _ type: RecordType
  ) async throws(SPFStop) -> [Record] {
    let query = try await ask(name, type)
    if case .failure(let failure) = query.outcome {
      throw .temperror("the look-up of \(query.typeName) \(name) failed: \(failure)")
    }
    try count(query)
    return query.records
  }

  /// Counts the term at hand as void, once.
  mutating func count(_ query: SPFQuery) throws(SPFStop) {
    guard query.isVoid, !isDecided, !termIsVoid else { return }
    termIsVoid = true
    voidLookups += 1
    guard voidLookups <= limits.voidLookups else {
      throw .permerror(
        "more than \(limits.voidLookups) terms get no answer: \(query.typeName) \(query.name)")
    }
  }

  private func requireTime() throws(SPFStop) {
    guard !deadline.isPast else {
      throw .temperror("the check took longer than \(limits.duration)")
    }
  }

  /// Takes down what came of a term. A record may hold 20,000 terms; the first hundreds explain it.
  mutating func addStep(
    _ kind: SPFStep.Kind, _ domain: DomainName, _ text: ArraySlice<UInt8>, _ outcome: String,
    cites: String
  ) {
    defer {
      queries = []
      found = nil
    }
    guard steps.count < Self.maximumSteps else { return }
    steps.append(
      SPFStep(
        kind: kind, domain: domain, text: text, found: found ?? .queries(queries), outcome: outcome,
        cites: cites))
  }

  private static var maximumSteps: Int { 500 }
  private static var queriesPerStep: Int { 32 }
}
