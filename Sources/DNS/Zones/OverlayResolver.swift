public import Wire

/// A resolver that answers as if planned records were already published: those over what another
/// resolver says.
///
/// A planned set of one name and type replaces the published set of that name and type, also
/// within chains of aliases. A name with planned records exists, and so do the names above it.
/// A planned wildcard stands in where the base knows neither the name nor a name between
/// (RFC 4592 §3.3.1).
///
/// One thing cannot be seen from outside: where the base's answer comes from its own wildcard, it
/// is given also for a name that planned records of other types would take out of the wildcard.
///
/// An answer is as secure as its least secure part; planned records count as `ZoneResolver`'s
/// `security` says.
public struct OverlayResolver<Base: Resolver>: Resolver {
  private let planned: ZoneResolver
  private let base: Base

  /// A resolver that asks `base` for all that `overlay` does not say.
  public init(overlay: ZoneResolver, base: Base) {
    planned = overlay
    self.base = base
  }

  public func lookup(
    _ name: DomainName, _ type: RecordType
  ) async throws(LookupFailure) -> Answer {
    var current = name
    var ttl = UInt32.max
    var security = Answer.Security.secure
    for _ in 0...ZoneResolver.maximumAliases {
      let step = try await step(current, type)
      ttl = min(ttl, step.ttl)
      if step.security == .insecure { security = .insecure }
      switch step.result {
      case .alias(let target):
        current = target
      case .outcome(let outcome, let expandedName):
        return Answer(outcome, expandedName: expandedName, ttl: ttl, security: security)
      }
    }
    throw .aliasLoop
  }

  /// What one name brings, and from where.
  private struct Step {
    enum Result {
      case alias(DomainName)
      case outcome(Answer.Outcome, DomainName)
    }
    var result: Result
    var ttl: UInt32
    var security: Answer.Security
  }

  private func step(
    _ name: DomainName, _ type: RecordType
  ) async throws(LookupFailure) -> Step {
    let finding = planned.tree.find(name, type, wildcards: false)
    if let step = try plannedStep(finding, name) { return step }
    let answer = try await publishedStep(name, type)
    guard case .outcome(.noSuchName, name) = answer.result else { return answer }
    if planned.tree.nodes[name] != nil {
      return Step(
        result: .outcome(.noData, name), ttl: answer.ttl, security: answer.security)
    }
    return try await wildcardStep(name, type) ?? answer
  }

  /// What a finding in the overlay settles; nil where the base has its say.
  private func plannedStep(
    _ finding: ZoneTree.Finding, _ name: DomainName
  ) throws(LookupFailure) -> Step? {
    switch finding {
    case .records(let set):
      Step(
        result: .outcome(.records(set.records), name), ttl: set.ttl, security: planned.security)
    case .alias(let target, let ttl):
      Step(result: .alias(target), ttl: ttl, security: planned.security)
    case .tooLong:
      throw .serverFailure("YXDOMAIN")
    case .noData, .noSuchName:
      nil
    }
  }

  /// The base's answer. Where aliases are in it, only the first is taken, since the overlay may
  /// hold what comes next, even if the base fails there.
  private func publishedStep(
    _ name: DomainName, _ type: RecordType
  ) async throws(LookupFailure) -> Step {
    let failure: LookupFailure
    do {
      let answer = try await base.lookup(name, type)
      if answer.expandedName != name, let alias = try await publishedAlias(name) { return alias }
      return Step(
        result: .outcome(answer.outcome, answer.expandedName), ttl: answer.ttl,
        security: answer.security)
    } catch {
      failure = error
    }
    switch failure {
    case .serverFailure, .bogus, .aliasLoop:
      if type != .cname, let alias = try? await publishedAlias(name) { return alias }
      throw failure
    case .timeout, .cancelled:
      throw failure
    }
  }

  private func publishedAlias(_ name: DomainName) async throws(LookupFailure) -> Step? {
    let answer = try await base.lookup(name, .cname)
    guard case .cname(let target)? = answer.records.first, answer.expandedName == name else {
      return nil
    }
    return Step(result: .alias(target), ttl: answer.ttl, security: answer.security)
  }

  /// The planned wildcard for a name that nobody has, unless the base has the name that would be
  /// its closest encloser.
  private func wildcardStep(
    _ name: DomainName, _ type: RecordType
  ) async throws(LookupFailure) -> Step? {
    let encloser = planned.tree.closestEncloser(of: name)
    guard let source = try? encloser.prepending("*"), planned.tree.nodes[source] != nil else {
      return nil
    }
    let between = name.suffix(labels: encloser.labelCount + 1)
    if between != name, try await base.lookup(between, type).outcome != .noSuchName { return nil }
    let finding = planned.tree.find(source, type, wildcards: false)
    if let step = try plannedStep(finding, name) { return step }
    return Step(result: .outcome(.noData, name), ttl: 0, security: planned.security)
  }
}
