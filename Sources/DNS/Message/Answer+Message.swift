package import Wire

extension Answer {
  /// What a full resolver's response says of `name` and `type`.
  ///
  /// CNAMEs are followed within the answer section (RFC 1034 §4.3.2); the response code and the
  /// authority section speak of where they end (RFC 6604 §3, RFC 2308 §2). A NODATA whose NSEC
  /// lists NXNAME says that the name does not exist (RFC 9824 §3.1).
  ///
  /// - Throws: `.serverFailure` for an error code, for nonsense, and for the answer to another
  ///   question; `.aliasLoop`.
  package init(
    response octets: [UInt8], to name: DomainName, _ type: RecordType, security: Security
  ) throws(LookupFailure) {
    let message: DNSMessage
    do {
      message = try DNSMessage(parsing: octets)
    } catch {
      throw .serverFailure("malformed response: \(error)")
    }
    try message.check(answers: name, type)
    let sets = AnswerSection(message.answers)
    let (end, chainTTL) = try sets.followAliases(from: name, type)
    if let set = sets.sets[.init(name: end, type: type)] {
      guard message.responseCode == 0 else {
        throw .serverFailure("NXDOMAIN beside records")
      }
      self.init(
        .records(set.records), expandedName: end, ttl: min(chainTTL, set.ttl), security: security)
    } else {
      let isDenied = message.responseCode == 3 || message.hasNXNAME(for: end)
      self.init(
        isDenied ? .noSuchName : .noData, expandedName: end,
        ttl: min(chainTTL, message.negativeTTL(for: end)), security: security)
    }
  }
}

extension DNSMessage {
  fileprivate func check(
    answers name: DomainName, _ type: RecordType
  ) throws(LookupFailure) {
    guard isResponse, operation == 0 else { throw .serverFailure("not a response") }
    guard !isTruncated else { throw .serverFailure("truncated response") }
    guard responseCode == 0 || responseCode == 3 else {
      let errors = extendedErrors.map { " (extended error \($0.code) \($0.text))" }
      throw .serverFailure(Self.name(ofCode: responseCode) + errors.joined())
    }
    guard questions == [Question(name: name, type: type, recordClass: 1)] else {
      throw .serverFailure("response to another question")
    }
  }

  package static func name(ofCode code: UInt16) -> String {
    let names = [
      "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN", "YXRRSET",
      "NXRRSET", "NOTAUTH", "NOTZONE",
    ]
    return Int(code) < names.count ? names[Int(code)] : "RCODE \(code)"
  }

  fileprivate func hasNXNAME(for name: DomainName) -> Bool {
    authorities.contains { authority in
      guard authority.name == name, case .other(.nsec, let rdata) = authority.record,
        let proof = try? NSECRecord(rdata: rdata)
      else { return false }
      return proof.types.contains(.nxname)
    }
  }

  /// RFC 2308 §5; zero without an SOA above the name.
  fileprivate func negativeTTL(for name: DomainName) -> UInt32 {
    for authority in authorities where name.isAtOrBelow(authority.name) {
      if case .soa(let soa) = authority.record { return min(authority.ttl, soa.minimum) }
    }
    return 0
  }
}

/// The answer section by name and type.
private struct AnswerSection {
  private(set) var sets: [DNSQuestion: (records: [Record], ttl: UInt32)] = [:]

  init(_ answers: [DNSMessage.ResourceRecord]) {
    for answer in answers {
      let key = DNSQuestion(name: answer.name, type: answer.record.type)
      sets[key, default: ([], answer.ttl)].records.append(answer.record)
      let ttl = sets[key]?.ttl ?? answer.ttl
      sets[key]?.ttl = min(ttl, answer.ttl)
    }
    for (key, set) in sets where set.records.count > 1 {
      sets[key]?.records = set.records.uniqued()
    }
  }

  /// Where the chain from `name` ends, and the smallest TTL on the way.
  func followAliases(
    from name: DomainName, _ type: RecordType
  ) throws(LookupFailure) -> (DomainName, UInt32) {
    var current = name
    var ttl = UInt32.max
    guard type != .cname else { return (current, ttl) }
    for _ in 0...ZoneResolver.maximumAliases {
      guard let set = sets[.init(name: current, type: .cname)] else { return (current, ttl) }
      guard set.records.count == 1, case .cname(let target)? = set.records.first else {
        throw .serverFailure("several CNAMEs at \(current)")
      }
      current = target
      ttl = min(ttl, set.ttl)
    }
    throw .aliasLoop
  }
}

extension [Record] {
  /// Without duplicates, in order (RFC 2181 §5).
  fileprivate func uniqued() -> [Record] {
    var seen: Set<Record> = []
    return filter { seen.insert($0).inserted }
  }
}
