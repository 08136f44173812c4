internal import Mail
internal import Wire

extension DKIMCanonicalization {
  /// Appends a header field in canonical form (RFC 6376 §3.4.1, §3.4.2), its CRLF included.
  func append(_ field: HeaderField, of header: MessageHeader, to output: inout [UInt8]) {
    switch self {
    case .simple:
      output.append(contentsOf: header.octets[field.range.lowerBound..<field.valueRange.upperBound])
    case .relaxed:
      appendRelaxed(
        name: header.octets[field.nameRange], value: header.value(of: field), to: &output)
    }
    output.append(.carriageReturn)
    output.append(.lineFeed)
  }

  /// Appends the field that holds the signature, without the value of its `b=` and without the
  /// last CRLF (§3.7).
  ///
  /// - Parameter hole: what to leave out, counted from the start of the field's value.
  func append(
    signatureField field: HeaderField, of header: MessageHeader, without hole: Range<Int>,
    to output: inout [UInt8]
  ) {
    let value = header.value(of: field)
    let hole = hole.clamped(to: 0..<value.count)
    let kept =
      value[..<(value.startIndex + hole.lowerBound)]
      + value[(value.startIndex + hole.upperBound)...]
    switch self {
    case .simple:
      output.append(contentsOf: header.octets[field.range.lowerBound..<field.valueRange.lowerBound])
      output.append(contentsOf: kept)
    case .relaxed:
      appendRelaxed(name: header.octets[field.nameRange], value: kept, to: &output)
    }
  }

  private func appendRelaxed(
    name: ArraySlice<UInt8>, value: ArraySlice<UInt8>, to output: inout [UInt8]
  ) {
    output.append(contentsOf: name.lazy.map(\.lowercasedASCII))
    output.append(.colon)
    let start = output.count
    var index = value.startIndex
    while index < value.endIndex {
      let (next, hasBlanks) = value.skippingFolds(from: index)
      guard next < value.endIndex else { break }
      if hasBlanks, output.count > start { output.append(.blank) }
      // The octet here stays, be it a bare CR.
      index = value.looseBlankOrCarriageReturn(from: next + 1)
      output.append(contentsOf: value[next..<index])
    }
  }
}

extension ArraySlice<UInt8> {
  /// Where blanks, tabs and line ends stop, and whether there was any blank or tab.
  fileprivate func skippingFolds(from start: Int) -> (end: Int, hasBlanks: Bool) {
    var index = start
    var hasBlanks = false
    while index < endIndex {
      if self[index].isWSP {
        hasBlanks = true
        index += 1
      } else if self[index] == .carriageReturn, index + 1 < endIndex, self[index + 1] == .lineFeed {
        index += 2
      } else {
        break
      }
    }
    return (index, hasBlanks)
  }
}

/// Picks the fields that `h=` names, from the bottom up (RFC 6376 §5.4.2).
///
/// Each call takes a time that hardly grows, so a list of ten thousand names stays linear.
struct SignedFieldPicker {
  private let header: MessageHeader
  /// How many were picked of the fields whose first index stands at this place.
  private var taken: [Int]

  init(_ header: MessageHeader) {
    self.header = header
    taken = Array(repeating: 0, count: header.fields.count)
  }

  /// The next field of this name, or nil where all are taken: such a name signs its absence.
  mutating func pick(_ name: String) -> HeaderField? {
    let indices = header.indices(of: name)
    guard let first = indices.first, taken[first] < indices.count else { return nil }
    taken[first] += 1
    return header.fields[indices[indices.endIndex - taken[first]]]
  }
}
