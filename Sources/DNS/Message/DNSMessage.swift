package import Wire

/// A response as on the wire (RFC 1035 §4.1).
///
/// Reading is total and linear: counts are bounded by the octets that are there, a name by its
/// 255 octets, and a compression pointer leads only backwards.
package struct DNSMessage: Hashable, Sendable {
  package struct Question: Hashable, Sendable {
    package var name: DomainName
    package var type: RecordType
    package var recordClass: UInt16
  }

  package struct ResourceRecord: Hashable, Sendable {
    package var name: DomainName
    /// Seconds; a value above 2³¹−1 counts as zero (RFC 2181 §8).
    package var ttl: UInt32
    package var record: Record
  }

  /// RFC 8914 §2: more than SERVFAIL says.
  package struct ExtendedError: Hashable, Sendable {
    package var code: UInt16
    /// Only what is visible US-ASCII: it is for people, and from a stranger.
    package var text: String
  }

  package var identifier: UInt16
  package var isResponse: Bool
  package var operation: UInt8
  package var isTruncated: Bool
  /// With the upper bits from EDNS (RFC 6891 §6.1.3).
  package var responseCode: UInt16
  package var questions: [Question] = []
  /// Records of class IN; those of other classes are left out.
  package var answers: [ResourceRecord] = []
  package var authorities: [ResourceRecord] = []
  package var extendedErrors: [ExtendedError] = []

  /// - Throws: `SyntaxError` at the octet; leftover octets are refused.
  package init(parsing octets: [UInt8]) throws(SyntaxError) {
    guard octets.count <= Int(UInt16.max) else {
      throw SyntaxError(.tooLong("message"), at: 65_535)
    }
    var cursor = ByteCursor(octets)
    identifier = try cursor.takeUInt16()
    let flags = try cursor.takeUInt16()
    isResponse = flags & 0x8000 != 0
    operation = UInt8(truncatingIfNeeded: flags >> 11 & 0xF)
    isTruncated = flags & 0x0200 != 0
    responseCode = flags & 0xF
    let counts = [
      try cursor.takeUInt16(), try cursor.takeUInt16(), try cursor.takeUInt16(),
      try cursor.takeUInt16(),
    ]
    for _ in 0..<counts[0] {
      questions.append(
        Question(
          name: try cursor.takeWireName(compression: .allowed),
          type: RecordType(rawValue: try cursor.takeUInt16()),
          recordClass: try cursor.takeUInt16()))
    }
    answers = try Self.takeSection(&cursor, count: counts[1])
    authorities = try Self.takeSection(&cursor, count: counts[2])
    try takeAdditional(&cursor, count: counts[3])
    try cursor.requireEnd()
  }

  private static func takeSection(
    _ cursor: inout ByteCursor, count: UInt16
  ) throws(SyntaxError) -> [ResourceRecord] {
    var records: [ResourceRecord] = []
    for _ in 0..<count {
      let header = try cursor.takeRecordHeader()
      var rdata = ByteCursor(cursor.bytes, in: header.rdata)
      _ = cursor.take(count: header.rdata.count)
      guard header.recordClass == 1 else { continue }
      records.append(
        ResourceRecord(
          name: header.name, ttl: header.ttl > UInt32(Int32.max) ? 0 : header.ttl,
          record: try Record(type: header.type, reading: &rdata, compression: .allowed)))
    }
    return records
  }

  /// Of the additional records only OPT is read (RFC 6891 §6.1).
  private mutating func takeAdditional(
    _ cursor: inout ByteCursor, count: UInt16
  ) throws(SyntaxError) {
    var hasOPT = false
    for _ in 0..<count {
      let header = try cursor.takeRecordHeader()
      var options = ByteCursor(cursor.bytes, in: header.rdata)
      _ = cursor.take(count: header.rdata.count)
      guard header.type.rawValue == 41 else { continue }
      guard !hasOPT else { throw cursor.error(.duplicate("OPT")) }
      hasOPT = true
      responseCode |= UInt16(header.ttl >> 24) << 4
      while !options.isAtEnd { try takeOption(&options) }
    }
  }

  private mutating func takeOption(_ cursor: inout ByteCursor) throws(SyntaxError) {
    let code = try cursor.takeUInt16()
    let length = Int(try cursor.takeUInt16())
    guard let content = cursor.take(count: length) else { throw cursor.error(.unexpectedEnd) }
    guard code == 15, content.count >= 2 else { return }
    extendedErrors.append(
      ExtendedError(
        code: content.prefix(2).reduce(0) { $0 << 8 | UInt16($1) },
        text: content.dropFirst(2).filter { $0.isVisible || $0 == .blank }.text))
  }
}

extension ByteCursor {
  fileprivate struct RecordHeader {
    var name: DomainName
    var type: RecordType
    var recordClass: UInt16
    var ttl: UInt32
    var rdata: Range<Int>
  }

  /// Reads a record up to its RDATA, which is there in full.
  fileprivate mutating func takeRecordHeader() throws(SyntaxError) -> RecordHeader {
    let name = try takeWireName(compression: .allowed)
    let type = RecordType(rawValue: try takeUInt16())
    let recordClass = try takeUInt16()
    let ttl = try takeUInt32()
    let length = Int(try takeUInt16())
    guard length <= remainingCount else { throw error(.unexpectedEnd) }
    return RecordHeader(
      name: name, type: type, recordClass: recordClass, ttl: ttl,
      rdata: offset..<offset + length)
  }
}
