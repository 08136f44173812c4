package import Wire

extension Record {
  /// A record from RDATA that stands alone, so without compressed names.
  ///
  /// - Throws: `SyntaxError` where the RDATA breaks the rule of its type.
  package init(type: RecordType, rdata: [UInt8]) throws(SyntaxError) {
    var cursor = ByteCursor(rdata)
    try self.init(type: type, reading: &cursor, compression: .refused)
  }

  /// Reads the RDATA that `cursor` is confined to, all of it.
  init(
    type: RecordType, reading cursor: inout ByteCursor, compression: NameCompression
  ) throws(SyntaxError) {
    switch type {
    case .a: self = .a(try cursor.takeAddress(count: 4))
    case .aaaa: self = .aaaa(try cursor.takeAddress(count: 16))
    case .mx:
      self = .mx(
        preference: try cursor.takeUInt16(),
        exchange: try cursor.takeWireName(compression: compression))
    case .txt: self = .txt(try cursor.takeCharacterStrings())
    case .ptr: self = .ptr(try cursor.takeWireName(compression: compression))
    case .cname: self = .cname(try cursor.takeWireName(compression: compression))
    case .ns: self = .ns(try cursor.takeWireName(compression: compression))
    case .soa: self = .soa(try cursor.takeStartOfAuthority(compression: compression))
    case .tlsa: self = .tlsa(try cursor.takeTLSA())
    case .caa: self = .caa(try cursor.takeCAA())
    case .ds: self = .ds(try cursor.takeDS())
    default: self = .other(type, Array(cursor.takeRest()))
    }
    try cursor.requireEnd()
  }
}

extension ByteCursor {
  fileprivate mutating func takeRest() -> ArraySlice<UInt8> { take { _ in true } }

  fileprivate mutating func takeAddress(count: Int) throws(SyntaxError) -> IPAddress {
    guard let octets = take(count: count), let address = IPAddress(octets: octets) else {
      throw error(.badValue("address"))
    }
    return address
  }

  /// RFC 1035 §3.3.14: at least one string.
  fileprivate mutating func takeCharacterStrings() throws(SyntaxError) -> [[UInt8]] {
    var strings: [[UInt8]] = []
    repeat {
      guard let length = next(), let octets = take(count: Int(length)) else {
        throw error(.unexpectedEnd)
      }
      strings.append(Array(octets))
    } while !isAtEnd
    return strings
  }

  fileprivate mutating func takeStartOfAuthority(
    compression: NameCompression
  ) throws(SyntaxError) -> StartOfAuthority {
    StartOfAuthority(
      primaryServer: try takeWireName(compression: compression),
      responsibleMailbox: try takeWireName(compression: compression),
      serial: try takeUInt32(), refresh: try takeUInt32(), retry: try takeUInt32(),
      expire: try takeUInt32(), minimum: try takeUInt32())
  }

  fileprivate mutating func takeTLSA() throws(SyntaxError) -> TLSARecord {
    TLSARecord(
      usage: try takeUInt8(), selector: try takeUInt8(), matchingType: try takeUInt8(),
      associationData: Array(takeRest()))
  }

  fileprivate mutating func takeDS() throws(SyntaxError) -> DSRecord {
    DSRecord(
      keyTag: try takeUInt16(), algorithm: try takeUInt8(), digestType: try takeUInt8(),
      digest: Array(takeRest()))
  }

  fileprivate mutating func takeCAA() throws(SyntaxError) -> CAARecord {
    let flags = try takeUInt8()
    let length = try takeUInt8()
    guard length > 0, let tag = take(count: Int(length)), tag.allSatisfy(\.isAlphanumeric) else {
      throw error(.badValue("CAA tag"))
    }
    return CAARecord(flags: flags, tag: tag.text, value: Array(takeRest()))
  }
}
