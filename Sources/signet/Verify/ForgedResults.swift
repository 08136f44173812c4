import Authentication
import Mail

/// Takes Authentication-Results that claim to be ours out of a message (RFC 8601 §5), in the
/// octets as they stand in the file.
///
/// Readers differ on what ends a line. Fields are looked for as we read the message, and then as a
/// reader would who takes a lone CR or LF for a line end.
struct ForgedResults {
  let authservID: String

  /// - Returns: the header without them, and all that follows it: the empty line and the body.
  func removed(
    from message: ArraySlice<UInt8>, _ lineEnds: LineEnds
  ) -> (head: [UInt8], body: ArraySlice<UInt8>) {
    guard let (header, read) = header(of: message, lineEnds) else { return ([], message) }
    // No place in the header stands further on in the file than where it was read.
    let octets = Array(message[..<read])
    let places = ReceivedOffsets(octets, lineEnds)
    let length = places[header.octets.count]
    let body = message[(message.startIndex + length)...]
    let fields = header.fields(named: "authentication-results")
    let head = octets[..<length].without(
      forged(fields.map { Array(header.value(of: $0)) }).map { index in
        places[fields[index].range.lowerBound]..<places[fields[index].range.upperBound]
      })
    let results = LooseLines(head).results
    var removals: [Range<Int>] = []
    for index in forged(results.map { Array(head[$0.value]) }) {
      removals.append(results[index].removal(after: removals.last))
    }
    return (head[...].without(removals).withoutLeadingFold, body)
  }

  /// The header, and how far it was read for.
  private func header(
    of octets: ArraySlice<UInt8>, _ lineEnds: LineEnds
  ) -> (MessageHeader, read: Int)? {
    var reader = MessageReader(lineEnds: lineEnds)
    var rest = octets
    while !rest.isEmpty {
      let piece = rest.prefix(FilePieces.pieceLength)
      rest = rest[piece.endIndex...]
      guard let events = try? reader.read(piece) else { return nil }
      for case .header(let header) in events { return (header, piece.endIndex) }
    }
    for case .header(let header) in reader.finish() { return (header, octets.endIndex) }
    return nil
  }

  /// In order.
  private func forged(_ values: [[UInt8]]) -> [Int] {
    AuthenticationResults.indicesToRemove(
      in: values.map { ("Authentication-Results", $0) }, authservID: authservID
    ).reversed()
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

/// The Authentication-Results fields of a header whose lines end at any CR, LF or CRLF.
private struct LooseLines {
  struct Field {
    /// Of the line before; empty for the first line.
    var lineEndBefore: Range<Int>
    /// All after the colon, folded lines included, without the last line end.
    var value: Range<Int>
    var lineEndAfter: Range<Int>

    /// The line end before it goes, the one after it stays: around it nothing changes for readers
    /// who do not take that line end for one. On top there is none before it.
    ///
    /// - Parameter last: what is removed before it.
    func removal(after last: Range<Int>?) -> Range<Int> {
      let isOnTop = lineEndBefore.isEmpty || last?.upperBound == lineEndBefore.upperBound
      return isOnTop
        ? lineEndBefore.upperBound..<lineEndAfter.upperBound
        : lineEndBefore.lowerBound..<value.upperBound
    }
  }

  private(set) var results: [Field] = []

  init(_ octets: [UInt8]) {
    var start = 0
    var before = 0..<0
    while start < octets.count {
      let lineEnd = Self.lineEnd(in: octets, from: start)
      let isFold = octets[start] == 0x20 || octets[start] == 0x09
      if isFold, let last = results.indices.last, results[last].lineEndAfter == before {
        results[last].value = results[last].value.lowerBound..<lineEnd.lowerBound
        results[last].lineEndAfter = lineEnd
      } else if let colon = octets[start..<lineEnd.lowerBound].firstIndex(of: 0x3A),
        Self.isResults(octets[start..<colon])
      {
        results.append(
          Field(
            lineEndBefore: before, value: colon + 1..<lineEnd.lowerBound, lineEndAfter: lineEnd))
      }
      before = lineEnd
      start = lineEnd.upperBound
    }
  }

  /// Blanks before the colon are obsolete, but read (RFC 5322 §4.5).
  private static func isResults(_ name: ArraySlice<UInt8>) -> Bool {
    guard name.count >= 22, name.first.map({ $0 | 0x20 }) == UInt8(ascii: "a") else { return false }
    let end = name.lastIndex { $0 != 0x20 && $0 != 0x09 }.map { $0 + 1 } ?? name.startIndex
    return String(decoding: name[..<end], as: UTF8.self).lowercased() == "authentication-results"
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

extension ArraySlice<UInt8> {
  /// A copy without these places, which are in order and apart; in one pass, however many.
  fileprivate func without(_ removals: [Range<Int>]) -> [UInt8] {
    var kept: [UInt8] = []
    kept.reserveCapacity(count)
    var position = startIndex
    for removal in removals {
      kept += self[position..<removal.lowerBound]
      position = removal.upperBound
    }
    return kept + self[position...]
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
