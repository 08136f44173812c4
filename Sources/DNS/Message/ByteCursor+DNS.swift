internal import Wire

/// Whether a name may point back into the message (RFC 1035 §4.1.4).
enum NameCompression {
  case allowed
  /// In the RDATA of newer types (RFC 3597 §4) and outside messages.
  case refused
}

extension ByteCursor {
  mutating func takeUInt16() throws(SyntaxError) -> UInt16 {
    guard let octets = take(count: 2) else { throw error(.unexpectedEnd) }
    return octets.reduce(0) { $0 << 8 | UInt16($1) }
  }

  mutating func takeUInt32() throws(SyntaxError) -> UInt32 {
    guard let octets = take(count: 4) else { throw error(.unexpectedEnd) }
    return octets.reduce(0) { $0 << 8 | UInt32($1) }
  }

  mutating func takeUInt8() throws(SyntaxError) -> UInt8 {
    guard let octet = next() else { throw error(.unexpectedEnd) }
    return octet
  }

  /// Reads a name of labels and, where allowed, a pointer.
  ///
  /// Each pointer must lead to before the labels it ends, so a chain of them cannot return; with
  /// at most 127 labels a name the work is bounded.
  ///
  /// - Throws: at the length octet or pointer that breaks the rule.
  mutating func takeWireName(compression: NameCompression) throws(SyntaxError) -> DomainName {
    var labels: [ArraySlice<UInt8>] = []
    var length = 1
    var place = offset
    var floor = offset
    var resume: Int?
    while true {
      let limit = resume == nil ? end : bytes.count
      guard let octet = byte(at: place, within: limit) else {
        throw SyntaxError(.unexpectedEnd, at: place)
      }
      if octet == 0 { break }
      if octet & 0xC0 == 0xC0 {
        guard compression == .allowed, let low = byte(at: place + 1, within: limit) else {
          throw SyntaxError(.badValue("name"), at: place)
        }
        let target = Int(octet & 0x3F) << 8 | Int(low)
        guard target < floor else { throw SyntaxError(.badValue("pointer"), at: place) }
        if resume == nil { resume = place + 2 }
        floor = target
        place = target
        continue
      }
      let next = place + 1 + Int(octet)
      length += 1 + Int(octet)
      guard octet < 64, length <= DomainName.maximumWireLength else {
        throw SyntaxError(.badValue("name"), at: place)
      }
      guard next <= limit else {
        throw SyntaxError(.unexpectedEnd, at: place)
      }
      labels.append(bytes[place + 1..<next])
      place = next
    }
    _ = take(count: (resume ?? place + 1) - offset)
    return try DomainName(labels: labels)
  }

  private func byte(at place: Int, within limit: Int) -> UInt8? {
    place < limit ? bytes[place] : nil
  }
}
