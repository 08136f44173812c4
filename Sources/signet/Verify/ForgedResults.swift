import Authentication
import Mail

/// Takes Authentication-Results that claim to be ours out of a message (RFC 8601 §5), in the
/// octets as they stand in the file.
///
/// Readers differ on what ends a line. Fields are looked for as we read the message, and then as a
/// reader would who takes a lone CR or LF for a line end.
struct ForgedResults {
  let authservID: String

  func removed(from octets: [UInt8], _ lineEnds: LineEnds) -> [UInt8] {
    guard let header = header(of: octets, lineEnds) else { return octets }
    let places = ReceivedOffsets(octets, lineEnds)
    let body = octets[places[header.octets.count]...]
    var head = Array(octets[..<body.startIndex])
    // The last first, so that the places of the others stay right.
    for index in forged(header.fields.map { (header.octets[$0.nameRange], header.value(of: $0)) }) {
      let range = header.fields[index].range
      head.removeSubrange(places[range.lowerBound]..<places[range.upperBound])
    }
    let lines = LooseLines(head)
    for index in forged(lines.fields.map { (head[$0.name], head[$0.value]) }) {
      // The line end before it goes, the one after it stays: around it nothing changes for readers
      // who do not take that line end for one.
      let field = lines.fields[index]
      head.removeSubrange(field.lineEndBefore.lowerBound..<field.value.upperBound)
      if field.lineEndBefore.isEmpty { head.removeFirst(field.lineEndAfter.count) }
    }
    return head.withoutLeadingFold + body
  }

  private func header(of octets: [UInt8], _ lineEnds: LineEnds) -> MessageHeader? {
    var reader = MessageReader(lineEnds: lineEnds)
    guard let events = try? reader.read(octets[...]) else { return nil }
    for case .header(let header) in events + reader.finish() { return header }
    return nil
  }

  private func forged(_ fields: [(name: ArraySlice<UInt8>, value: ArraySlice<UInt8>)]) -> [Int] {
    AuthenticationResults.indicesToRemove(
      in: fields.map { (String(decoding: $0.name, as: UTF8.self), Array($0.value)) },
      authservID: authservID)
  }
}

/// Where an octet of the header, as it was read, stands in the file. The two differ where the
/// lines of the file end in LF alone.
private struct ReceivedOffsets {
  /// The places, in the header as read, of the CRs that the file does not have.
  private let added: [Int]

  init(_ octets: [UInt8], _ lineEnds: LineEnds) {
    guard lineEnds == .bareLineFeed else {
      added = []
      return
    }
    var added: [Int] = []
    for (index, octet) in octets.enumerated()
    where octet == 0x0A && (index == 0 || octets[index - 1] != 0x0D) {
      added.append(index + added.count)
    }
    self.added = added
  }

  subscript(offset: Int) -> Int {
    var low = 0
    var high = added.count
    while low < high {
      let middle = (low + high) / 2
      if added[middle] < offset { low = middle + 1 } else { high = middle }
    }
    return offset - low
  }
}

/// The fields of a header whose lines end at any CR, LF or CRLF.
private struct LooseLines {
  struct Field {
    /// Of the line before; empty for the first line.
    var lineEndBefore: Range<Int>
    var name: Range<Int>
    /// All after the colon, folded lines included, without the last line end.
    var value: Range<Int>
    var lineEndAfter: Range<Int>
  }

  private(set) var fields: [Field] = []

  init(_ octets: [UInt8]) {
    var start = 0
    var before = 0..<0
    while start < octets.count {
      let lineEnd = Self.lineEnd(in: octets, from: start)
      let isFold = octets[start] == 0x20 || octets[start] == 0x09
      if isFold, let last = fields.indices.last, fields[last].lineEndAfter == before {
        fields[last].value = fields[last].value.lowerBound..<lineEnd.lowerBound
        fields[last].lineEndAfter = lineEnd
      } else if let colon = octets[start..<lineEnd.lowerBound].firstIndex(of: 0x3A) {
        fields.append(
          Field(
            lineEndBefore: before, name: start..<colon, value: colon + 1..<lineEnd.lowerBound,
            lineEndAfter: lineEnd))
      }
      before = lineEnd
      start = lineEnd.upperBound
    }
  }

  /// Empty where the octets end without one.
  private static func lineEnd(in octets: [UInt8], from start: Int) -> Range<Int> {
    guard let first = octets[start...].firstIndex(where: { $0 == 0x0D || $0 == 0x0A }) else {
      return octets.count..<octets.count
    }
    let isPair = octets[first] == 0x0D && first + 1 < octets.count && octets[first + 1] == 0x0A
    return first..<first + (isPair ? 2 : 1)
  }
}

extension [UInt8] {
  /// A header must not begin with a folded line: it would continue the field that we put on top,
  /// and so write results in our name.
  fileprivate var withoutLeadingFold: [UInt8] {
    var rest = self[...]
    while let first = rest.first, first == 0x20 || first == 0x09 {
      let end = rest.firstIndex(of: 0x0A) ?? rest.endIndex - 1
      rest = rest[(end + 1)...]
    }
    return Array(rest)
  }
}
