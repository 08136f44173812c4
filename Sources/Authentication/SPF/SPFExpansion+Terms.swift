internal import DNS
internal import Wire

extension SPFExpansion {
  /// What a question brought: records, perhaps none, or why it is not known.
  enum Found {
    case success([Record])
    case failure(String)
  }

  /// What one directive lists and charges.
  mutating func fill(
    _ node: inout SPFTreeTerm, _ mechanism: SPFMechanism, _ domain: DomainName,
    path: [DomainName]
  ) async {
    switch mechanism {
    case .all:
      break
    case .ip4(let network), .ip6(let network):
      node.networks = [network]
    case .include(let spec):
      await follow(&node, spec, domain, path: path, decides: false)
    case .a(let spec, let prefixes):
      guard charge(&node, spec, domain), let name = node.target else { return }
      node.isVoid = await addAddresses(of: name, prefixes, to: &node) == 0
    case .mx(let spec, let prefixes):
      guard charge(&node, spec, domain), let name = node.target else { return }
      await addExchangers(of: name, prefixes, to: &node)
    case .ptr(let spec):
      addLint(.ptr(domain, term: node.text))
      _ = charge(&node, spec, domain)
    case .exists(let spec):
      guard charge(&node, spec, domain), let name = node.target else { return }
      if case .success(let records) = await ask(name, .a, for: &node) {
        node.isVoid = records.isEmpty
      }
    }
  }

  /// `include` and `redirect`.
  mutating func follow(
    _ node: inout SPFTreeTerm, _ spec: SPFDomainSpec, _ domain: DomainName, path: [DomainName],
    decides: Bool
  ) async {
    guard charge(&node, spec, domain), let name = node.target else { return }
    guard !path.contains(name) else {
      node.problem = "a loop: \(name) is being expanded already"
      return
    }
    guard path.count < expander.maximumDepth else {
      node.problem = "not followed: \(expander.maximumDepth) records deep"
      return
    }
    guard name.labelCount > 1 else {
      node.problem = "\(name) is not a name of two labels or more"
      return
    }
    if !used.insert(name).inserted { addLint(.duplicateInclude(name)) }
    let record = await record(of: name, path: path, decides: decides)
    node.isVoid = record.isVoid
    node.records = [record]
  }

  /// Counts the term and finds its name; false where nothing is to be asked.
  private mutating func charge(
    _ node: inout SPFTreeTerm, _ spec: SPFDomainSpec?, _ domain: DomainName
  ) -> Bool {
    node.lookups = 1
    if let spec, spec.macros.uses(.p) {
      addLint(.ptr(domain, term: node.text))
      if !hasChargedReverseName { node.lookups = 2 }
      hasChargedReverseName = true
    }
    lookups += node.lookups
    guard lookups <= expander.maximumLookups else {
      node.problem = "not followed: \(expander.maximumLookups) terms have asked DNS"
      return false
    }
    guard let spec else {
      node.target = domain
      return true
    }
    node.dependsOnMessage = spec.dependsOnMessage
    guard !spec.dependsOnMessage else { return false }
    node.target =
      spec.fixedName
      ?? (try? spec.macros.expanded(with: &values, domain: domain))
      .flatMap(DomainName.init(spfTarget:))
    if node.target == nil { node.problem = "not a domain name" }
    return node.target != nil
  }

  /// Adds the addresses of both families; returns how many there are, or nil after a failure.
  private mutating func addAddresses(
    of name: DomainName, _ prefixes: SPFPrefixLengths, to node: inout SPFTreeTerm
  ) async -> Int? {
    var count: Int? = 0
    for type in [RecordType.a, .aaaa] {
      switch await ask(name, type, for: &node) {
      case .failure:
        count = nil
      case .success(let records):
        let networks = records.compactMap { $0.address.flatMap(prefixes.network) }
        node.networks += networks
        count = count.map { $0 + networks.count }
      }
    }
    return count
  }

  private mutating func addExchangers(
    of name: DomainName, _ prefixes: SPFPrefixLengths, to node: inout SPFTreeTerm
  ) async {
    guard case .success(let records) = await ask(name, .mx, for: &node) else { return }
    node.isVoid = records.isEmpty
    for case .mx(_, let exchange) in records { node.hosts.append(exchange) }
    let limit = SPFLimits().mxNames
    guard records.count <= limit else {
      addLint(.tooManyExchangers(name, records.count))
      node.problem = "\(name) has more than \(limit) MX records"
      return
    }
    for host in node.hosts where !host.isRoot {
      if await addAddresses(of: host, prefixes, to: &node) == 0 { node.isVoid = true }
    }
  }

  private func ask(
    _ name: DomainName, _ type: RecordType, for node: inout SPFTreeTerm
  ) async -> Found {
    let found = await ask(name, type)
    if case .failure(let problem) = found {
      node.problem = problem
      node.isIncomplete = true
    }
    return found
  }

  func ask(_ name: DomainName, _ type: RecordType) async -> Found {
    let lateness = "the expansion took longer than \(expander.duration)"
    guard !deadline.isPast else { return .failure("not asked: \(lateness)") }
    do {
      let records = try await expander.resolver.lookup(name, type).records
      return .success(records.filter { $0.type == type })
    } catch {
      if error == .cancelled, deadline.isPast { return .failure("given up: \(lateness)") }
      let query = SPFQuery(name: name, type: type, outcome: .failure(error))
      return .failure(query.description)
    }
  }
}
