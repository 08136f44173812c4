public import DNS
public import Wire

/// Writes DNS messages (RFC 1035 §4), right ones and wrong ones, without compression.
public struct ResponseWriter: Sendable {
  public var identifier: UInt16
  public var flags: UInt16
  public var question: (name: DomainName, type: RecordType)?
  public var answers: [(name: DomainName, ttl: UInt32, record: Record)] = []
  public var authorities: [(name: DomainName, ttl: UInt32, record: Record)] = []

  /// A full resolver's good response: QR, RD and RA are set.
  public init(identifier: UInt16, question: (name: DomainName, type: RecordType)?) {
    self.identifier = identifier
    flags = 0x8180
    self.question = question
  }

  public var octets: [UInt8] {
    var octets = Self.octets(identifier) + Self.octets(flags)
    for count in [question == nil ? 0 : 1, answers.count, authorities.count, 0] {
      octets += Self.octets(UInt16(truncatingIfNeeded: count))
    }
    if let question {
      octets += question.name.wire + Self.octets(question.type.rawValue) + [0, 1]
    }
    for (name, ttl, record) in answers + authorities {
      let content = Self.rdata(record)
      octets += name.wire + Self.octets(record.type.rawValue) + [0, 1]
      octets += Self.octets(UInt16(ttl >> 16)) + Self.octets(UInt16(truncatingIfNeeded: ttl))
      octets += Self.octets(UInt16(truncatingIfNeeded: content.count)) + content
    }
    return octets
  }

  public static func query(
    identifier: UInt16, name: DomainName, type: RecordType
  ) -> [UInt8] {
    var writer = ResponseWriter(identifier: identifier, question: (name, type))
    writer.flags = 0x0100
    return writer.octets
  }

  public static func octets(_ value: UInt16) -> [UInt8] {
    [UInt8(value >> 8), UInt8(truncatingIfNeeded: value)]
  }

  public static func rdata(_ record: Record) -> [UInt8] {
    switch record {
    case .a(let address), .aaaa(let address): address.octets
    case .mx(let preference, let exchange): octets(preference) + exchange.wire
    case .txt(let strings):
      strings.flatMap { [UInt8(truncatingIfNeeded: $0.count)] + $0 }
    case .ptr(let name), .cname(let name), .ns(let name): name.wire
    case .soa(let soa):
      soa.primaryServer.wire + soa.responsibleMailbox.wire
        + [soa.serial, soa.refresh, soa.retry, soa.expire, soa.minimum].flatMap {
          octets(UInt16($0 >> 16)) + octets(UInt16(truncatingIfNeeded: $0))
        }
    case .tlsa(let tlsa):
      [tlsa.usage, tlsa.selector, tlsa.matchingType] + tlsa.associationData
    case .caa(let caa):
      [caa.flags, UInt8(truncatingIfNeeded: caa.tag.utf8.count)] + caa.tag.utf8 + caa.value
    case .ds(let ds): octets(ds.keyTag) + [ds.algorithm, ds.digestType] + ds.digest
    case .other(_, let content): content
    }
  }
}
