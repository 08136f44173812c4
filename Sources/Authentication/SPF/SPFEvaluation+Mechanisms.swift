internal import DNS
internal import Wire

extension SPFEvaluation {
  /// RFC 7208 §4.6.2, §5: whether a directive matches. An exception is thrown.
  mutating func matches(
    _ directive: SPFDirective, of record: SPFRecord, in domain: DomainName
  ) async throws(SPFStop) -> Bool {
    let text = record.octets[directive.range]
    let mechanism = directive.mechanism
    let isMatch: Bool
    switch mechanism {
    case .all:
      isMatch = true
      found = .client(values.client)
    case .ip4(let network), .ip6(let network):
      isMatch = network.contains(values.client)
      found = .client(values.client)
    default:
      termIsVoid = false
      try charge(for: text, of: domain)
      do {
        isMatch = try await asksDNS(mechanism, text, in: domain)
      } catch {
        addStep(.mechanism, domain, text, error.word, cites: mechanism.section)
        throw error
      }
    }
    addStep(
      .mechanism, domain, text, isMatch ? "match" : "no match", cites: mechanism.section)
    return isMatch
  }

  private mutating func asksDNS(
    _ mechanism: SPFMechanism, _ text: ArraySlice<UInt8>, in domain: DomainName
  ) async throws(SPFStop) -> Bool {
    switch mechanism {
    case .all, .ip4, .ip6:
      return false
    case .include(let spec):
      return try await include(spec, text, in: domain)
    case .a(let spec, let prefixes):
      guard case .name(let name) = try await target(of: spec, in: domain) else { return false }
      return try await hasClient(name, prefixes)
    case .mx(let spec, let prefixes):
      guard case .name(let name) = try await target(of: spec, in: domain) else { return false }
      return try await hasExchanger(name, prefixes)
    case .ptr(let spec):
      guard case .name(let name) = try await target(of: spec, in: domain) else { return false }
      return try await isValidated(below: name)
    case .exists(let spec):
      guard case .name(let name) = try await target(of: spec, in: domain) else { return false }
      // §5.7: A also for an IPv6 client.
      return try await !records(name, .a).isEmpty
    }
  }

  /// §5.2, by its table.
  private mutating func include(
    _ spec: SPFDomainSpec, _ text: ArraySlice<UInt8>, in domain: DomainName
  ) async throws(SPFStop) -> Bool {
    switch try await target(of: spec, in: domain) {
    case .nonASCIILocalPart:
      return false
    case .malformed:
      throw .permerror("\(text.printableText) of \(domain) does not lead to a domain name")
    case .name(let name):
      let conclusion = try await checkHost(name)
      guard conclusion.result != .none else {
        throw .permerror(
          "\(text.printableText) of \(domain) leads nowhere: \(name) has no SPF record")
      }
      found = .result(conclusion.result, name)
      return conclusion.result == .pass
    }
  }

  /// §5.3: whether the name has an address that shares the client's prefix.
  private mutating func hasClient(
    _ name: DomainName, _ prefixes: SPFPrefixLengths
  ) async throws(SPFStop) -> Bool {
    try await records(name, addressType).contains { record in
      record.address.flatMap(prefixes.network)?.contains(values.client) ?? false
    }
  }

  /// §5.4. No implicit MX; a null MX (RFC 7505) has no address.
  private mutating func hasExchanger(
    _ name: DomainName, _ prefixes: SPFPrefixLengths
  ) async throws(SPFStop) -> Bool {
    let exchangers = try await records(name, .mx)
    guard exchangers.count <= limits.mxNames else {
      throw .permerror("\(name) has more than \(limits.mxNames) MX records")
    }
    for case .mx(_, let exchange) in exchangers where !exchange.isRoot {
      if try await hasClient(exchange, prefixes) { return true }
    }
    return false
  }

  /// What is asked for hosts of the client's family (§5).
  var addressType: RecordType { values.client.isIPv4 ? .a : .aaaa }
}

extension SPFStop {
  /// The result it leads to.
  var word: String {
    switch self {
    case .temperror: SPFResult.temperror.rawValue
    case .permerror: SPFResult.permerror.rawValue
    }
  }
}
