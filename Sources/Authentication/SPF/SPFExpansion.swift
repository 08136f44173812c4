internal import DNS
internal import Wire

/// One run of an expander: what it has spent and found.
struct SPFExpansion<DNS: Resolver, Time: Clock<Duration>> {
  let expander: SPFExpander<DNS>
  /// Only `%{d}` and `%{o}` are ever taken from it.
  var values: SPFMacroValues
  let deadline: Deadline<Time>
  var lookups = 0
  var terms = 0
  var hasChargedReverseName = false
  var used: Set<DomainName> = []
  private(set) var lints: [SPFLint] = []

  init(expander: SPFExpander<DNS>, root: DomainName, deadline: Deadline<Time>) {
    self.expander = expander
    values = SPFMacroValues(
      sender: SPFSender(postmasterAt: root), client: .v4(0), helo: [], receiver: nil, now: 0,
      budget: SPFLimits().macroOctets)
    self.deadline = deadline
  }

  mutating func addLint(_ lint: SPFLint) {
    if !lints.contains(lint) && lints.count < 500 { lints.append(lint) }
  }

  /// The record of one domain and all below it.
  ///
  /// - Parameters:
  ///   - path: the domains on the way here; a name among them would be a loop.
  ///   - decides: whether a client that nothing matches gets its result here: the root, and what
  ///     redirects lead to from there. An included record only matches or does not.
  mutating func record(
    of domain: DomainName, path: [DomainName], decides: Bool
  ) async -> SPFTreeRecord {
    var node = SPFTreeRecord(domain: domain)
    let texts: [[UInt8]]
    switch await ask(domain, .txt) {
    case .failure(let problem):
      node.problem = problem
      node.isIncomplete = true
      return node
    case .success(let records):
      node.isVoid = records.isEmpty
      texts = records.compactMap(\.joinedText).filter(SPFRecord.isSPF)
    }
    guard let text = texts.first else {
      node.problem = "\(domain) has no SPF record"
      return node
    }
    node.text = text.printableText
    guard texts.count == 1 else {
      node.problem = "\(domain) has \(texts.count) SPF records where one is allowed"
      return node
    }
    do {
      let record = try SPFRecord(parsing: text)
      lint(record, domain, decides: decides)
      node.terms = await expand(record, domain, path: path + [domain], decides: decides)
    } catch {
      node.problem = "the SPF record of \(domain) is invalid: \(error)"
      node.syntaxError = error
    }
    return node
  }

  private mutating func lint(_ record: SPFRecord, _ domain: DomainName, decides: Bool) {
    if record.octets.count > 450 { addLint(.long(domain, octets: record.octets.count)) }
    if record.redirect != nil, record.hasAll { addLint(.redirectIgnored(domain)) }
    guard let all = record.directives.first(where: { $0.mechanism == .all }) else {
      if record.redirect == nil, decides { addLint(.noDefault(domain)) }
      return
    }
    if all.qualifier == .pass { addLint(.allPasses(domain)) }
    if all.qualifier == .neutral, decides { addLint(.allIsNeutral(domain)) }
  }

  private mutating func expand(
    _ record: SPFRecord, _ domain: DomainName, path: [DomainName], decides: Bool
  ) async -> [SPFTreeTerm] {
    var nodes: [SPFTreeTerm] = []
    var isBehindAll = false
    for directive in record.directives {
      guard takeTerm() else { return nodes + [Self.tooManyTerms] }
      var node = SPFTreeTerm(
        text: record.text(of: directive.range), mechanism: directive.mechanism,
        qualifier: directive.qualifier)
      node.isUnreachable = isBehindAll
      if isBehindAll {
        addLint(.unreachable(domain, term: node.text))
      } else {
        await fill(&node, directive.mechanism, domain, path: path)
      }
      if directive.mechanism == .all { isBehindAll = true }
      nodes.append(node)
    }
    if let redirect = record.redirect {
      var node = SPFTreeTerm(text: record.text(of: redirect.range))
      node.isUnreachable = isBehindAll
      if !isBehindAll {
        await follow(&node, redirect.value, domain, path: path, decides: decides)
      }
      nodes.append(node)
    }
    return nodes
  }

  private mutating func takeTerm() -> Bool {
    terms += 1
    return terms <= expander.maximumTerms
  }

  private static var tooManyTerms: SPFTreeTerm {
    var node = SPFTreeTerm(text: "…")
    node.problem = "further terms are not expanded"
    return node
  }
}
