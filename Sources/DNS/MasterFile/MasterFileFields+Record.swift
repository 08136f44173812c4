internal import Wire

extension MasterFileFields {
  /// Reads the RDATA of a record of `type` from all words left.
  ///
  /// - Returns: nil for a type whose text Signet does not read.
  mutating func takeRecord(_ type: RecordType) throws(ZoneFileError) -> Record? {
    if let word = peek, !word.isQuoted, word.octets == [.backslash, UInt8(ascii: "#")] {
      return try takeGenericRecord(type)
    }
    let record: Record
    switch type {
    case .a: record = .a(try takeAddress("IPv4 address", isIPv4: true))
    case .aaaa: record = .aaaa(try takeAddress("IPv6 address", isIPv4: false))
    case .mx:
      record = .mx(
        preference: try takeNumber("MX preference"), exchange: try takeName("MX host"))
    case .txt: record = .txt(try takeStrings())
    case .ptr: record = .ptr(try takeName("PTR name"))
    case .cname: record = .cname(try takeName("CNAME target"))
    case .ns: record = .ns(try takeName("name server"))
    case .soa: record = .soa(try takeStartOfAuthority())
    case .tlsa: record = .tlsa(try takeTLSA())
    case .caa: record = .caa(try takeCAA())
    case .ds: record = .ds(try takeDS())
    case .dname: record = .other(.dname, try takeName("DNAME target").wire)
    case .nsec: record = .other(.nsec, try takeNSEC())
    case .spf:
      record = .other(.spf, try takeStrings().flatMap { [UInt8($0.count)] + $0 })
    default:
      words = []
      return nil
    }
    try requireEnd()
    return record
  }

  private mutating func takeAddress(
    _ part: String, isIPv4: Bool
  ) throws(ZoneFileError) -> IPAddress {
    let word = try takeBare(part)
    guard let address = try? IPAddress(parsing: word.octets), address.isIPv4 == isIPv4 else {
      throw error("bad \(part) \"\(Self.excerpt(word))\"")
    }
    return address
  }

  private mutating func takeStrings() throws(ZoneFileError) -> [[UInt8]] {
    var strings: [[UInt8]] = []
    var length = 0
    repeat {
      strings.append(try takeString("text"))
      length += 1 + (strings.last?.count ?? 0)
      guard length <= Int(UInt16.max) else { throw error("text longer than 65535 octets") }
    } while !words.isEmpty
    return strings
  }

  private mutating func takeStartOfAuthority() throws(ZoneFileError) -> StartOfAuthority {
    StartOfAuthority(
      primaryServer: try takeName("primary server"),
      responsibleMailbox: try takeName("responsible mailbox"),
      serial: try takeNumber("serial"), refresh: try takeTime("refresh"),
      retry: try takeTime("retry"), expire: try takeTime("expire"),
      minimum: try takeTime("minimum"))
  }

  private mutating func takeTLSA() throws(ZoneFileError) -> TLSARecord {
    let record = TLSARecord(
      usage: try takeNumber("TLSA usage"), selector: try takeNumber("TLSA selector"),
      matchingType: try takeNumber("TLSA matching type"),
      associationData: try takeHex("TLSA association"))
    guard !record.associationData.isEmpty else { throw error("missing TLSA association") }
    return record
  }

  private mutating func takeDS() throws(ZoneFileError) -> DSRecord {
    let record = DSRecord(
      keyTag: try takeNumber("DS key tag"), algorithm: try takeNumber("DS algorithm"),
      digestType: try takeNumber("DS digest type"), digest: try takeHex("DS digest"))
    guard !record.digest.isEmpty else { throw error("missing DS digest") }
    return record
  }

  /// RFC 8659 §4.1: the tag is letters and digits; the value is one string without a length.
  private mutating func takeCAA() throws(ZoneFileError) -> CAARecord {
    let flags: UInt8 = try takeNumber("CAA flags")
    let tag = try takeBare("CAA tag")
    guard (1...255).contains(tag.octets.count), tag.octets.allSatisfy(\.isAlphanumeric) else {
      throw error("bad CAA tag")
    }
    return CAARecord(
      flags: flags, tag: tag.text, value: try takeString("CAA value", limit: 65_000))
  }

  /// RFC 4034 §4: the next name, then the types in windows of 256 (§4.1.2).
  private mutating func takeNSEC() throws(ZoneFileError) -> [UInt8] {
    let next = try takeName("next name")
    var types: [RecordType] = []
    while !words.isEmpty {
      let word = try takeBare("type")
      guard let type = RecordType(mnemonic: word.octets) else {
        throw error("unknown type \"\(Self.excerpt(word))\"")
      }
      types.append(type)
    }
    return NSECRecord(nextName: next, types: Set(types)).rdata
  }

  /// `\# length hex` (RFC 3597 §5), for any type.
  private mutating func takeGenericRecord(_ type: RecordType) throws(ZoneFileError) -> Record {
    _ = try take("RDATA")
    let length: UInt16 = try takeNumber("RDATA length")
    let octets = try takeHex("RDATA")
    guard octets.count == Int(length) else {
      throw error("RDATA has \(octets.count) octets, not \(length)")
    }
    do {
      return try Record(type: type, rdata: octets)
    } catch {
      throw self.error("bad \(type) RDATA: \(error)")
    }
  }
}
