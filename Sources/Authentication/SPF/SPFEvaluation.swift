internal import DNS
internal import Wire

/// Why a check ends before a directive has matched.
enum SPFStop: Error {
  /// The sentence says what DNS or the clock did.
  case temperror(String)
  case permerror(String, SyntaxError? = nil)
}

/// What `check_host()` returns for one domain.
struct SPFConclusion {
  var result: SPFResult
  /// The directive that matched, as published, or `default`.
  var mechanism: String?
  var reason: String?
  /// `exp` of the record whose directive matched, and the domain of that record.
  var explanation: SPFModifier?
  var domain: DomainName
}

/// One `check_host()` with all its recursion (RFC 7208 §4): what it may spend and has spent.
struct SPFEvaluation<DNS: Resolver, Time: Clock<Duration>> {
  let resolver: DNS
  let limits: SPFLimits
  var values: SPFMacroValues
  let deadline: Deadline<Time>

  var lookups = 0
  var voidLookups = 0
  /// Whether the term at hand has been counted as void: §4.6.4 counts terms, not questions.
  var termIsVoid = false
  /// Once the result stands, what `exp` asks of DNS is not counted (§4.6.4).
  var isDecided = false
  var reverseNames: SPFReverseNames?
  var steps: [SPFStep] = []
  /// Asked for the term at hand, and not yet in a step.
  var queries: [SPFQuery] = []
  /// What the outcome of the term at hand rests on, where not on those.
  var found: SPFStep.Found?
  /// The record of the domain under judgement, as published.
  var ownRecord: [UInt8]?

  init(
    resolver: DNS, limits: SPFLimits, values: SPFMacroValues, deadline: Deadline<Time>
  ) {
    self.resolver = resolver
    self.limits = limits
    self.values = values
    self.deadline = deadline
  }

  mutating func run(as identity: SPFIdentity) async -> SPFCheck {
    let domain = values.sender.domain
    var check = SPFCheck(
      identity: identity, result: .none, domain: domain, localPart: values.sender.localPart)
    do {
      let conclusion = try await checkHost(domain)
      check.result = conclusion.result
      check.mechanism = conclusion.mechanism
      check.reason = conclusion.reason
      if conclusion.result == .fail {
        check.explanation = await explanation(of: conclusion)
      }
    } catch {
      switch error {
      case .temperror(let reason):
        (check.result, check.reason) = (.temperror, reason)
      case .permerror(let reason, let syntaxError):
        (check.result, check.reason) = (.permerror, reason)
        check.syntaxError = syntaxError
      }
    }
    check.record = ownRecord?.printableText
    check.lookups = lookups
    check.voidLookups = voidLookups
    check.steps = steps
    return check
  }

  /// RFC 7208 §4.3 to §4.7, for the sender's domain and for those that its record names.
  /// `SPFLimits.lookups` bounds the recursion.
  mutating func checkHost(_ domain: DomainName) async throws(SPFStop) -> SPFConclusion {
    guard domain.labelCount > 1 else {
      return SPFConclusion(
        result: .none, reason: "\(domain) is not a name of two labels or more", domain: domain)
    }
    guard let record = try await record(of: domain) else {
      return SPFConclusion(
        result: .none, reason: "\(domain) has no SPF record", domain: domain)
    }
    for directive in record.directives
    where try await matches(directive, of: record, in: domain) {
      return conclusion(of: directive, in: record, domain)
    }
    // With `all` in the record this is not reached: `redirect` is then ignored, as §6.1 asks.
    if let redirect = record.redirect {
      return try await follow(redirect, of: record, in: domain)
    }
    return SPFConclusion(result: .neutral, mechanism: "default", domain: domain)
  }

  private func conclusion(
    of directive: SPFDirective, in record: SPFRecord, _ domain: DomainName
  ) -> SPFConclusion {
    let text = record.text(of: directive.range)
    var conclusion = SPFConclusion(
      result: directive.qualifier.result, mechanism: text, explanation: record.explanation,
      domain: domain)
    switch conclusion.result {
    case .fail:
      conclusion.reason = "\(domain) does not authorize \(values.client) (\(text))"
    case .softfail:
      conclusion.reason = "\(domain) probably does not authorize \(values.client) (\(text))"
    default:
      break
    }
    return conclusion
  }

  /// §4.4, §4.5: the one SPF record of the name; nil where there is none.
  private mutating func record(of domain: DomainName) async throws(SPFStop) -> SPFRecord? {
    let query = try await ask(domain, .txt)
    if case .failure(let failure) = query.outcome {
      addStep(.record, domain, [], "temperror", cites: "RFC 7208 §4.4")
      throw .temperror("the look-up of TXT \(domain) failed: \(failure)")
    }
    // The first look-up belongs to no term; those of `include` and `redirect` have been charged.
    if lookups > 0 { try count(query) }
    let candidates = query.records.compactMap(\.joinedText).filter(SPFRecord.isSPF)
    guard let octets = candidates.first else {
      addStep(.record, domain, [], "none", cites: "RFC 7208 §4.5")
      return nil
    }
    if ownRecord == nil { ownRecord = octets }
    guard candidates.count == 1 else {
      addStep(.record, domain, octets[...], "permerror", cites: "RFC 7208 §4.5")
      throw .permerror("\(domain) has \(candidates.count) SPF records where one is allowed")
    }
    do {
      let record = try SPFRecord(parsing: octets)
      addStep(.record, domain, octets[...], "valid", cites: "RFC 7208 §4.6")
      return record
    } catch {
      addStep(.record, domain, octets[...], "permerror", cites: "RFC 7208 §4.6")
      throw .permerror("the SPF record of \(domain) is invalid: \(error)", error)
    }
  }

  /// §6.1.
  private mutating func follow(
    _ redirect: SPFModifier, of record: SPFRecord, in domain: DomainName
  ) async throws(SPFStop) -> SPFConclusion {
    let text = record.octets[redirect.range]
    termIsVoid = false
    try charge(for: text, of: domain, as: .redirect)
    switch try await target(of: redirect.value, in: domain) {
    case .nonASCIILocalPart:
      addStep(.redirect, domain, text, "no match", cites: "RFC 8616 §4")
      return SPFConclusion(result: .neutral, mechanism: "default", domain: domain)
    case .malformed:
      addStep(.redirect, domain, text, "permerror", cites: "RFC 7208 §6.1")
      throw .permerror("\(text.printableText) of \(domain) does not lead to a domain name")
    case .name(let name):
      addStep(.redirect, domain, text, "followed to \(name)", cites: "RFC 7208 §6.1")
      let conclusion = try await checkHost(name)
      guard conclusion.result != .none else {
        throw .permerror(
          "\(text.printableText) of \(domain) leads nowhere: \(name) has no SPF record")
      }
      return conclusion
    }
  }
}
