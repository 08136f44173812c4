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
    output += [.carriageReturn, .lineFeed]
  }

  /// Appends the field that holds the signature, without the value of its `b=` and without the
  /// last CRLF (§3.7).
  ///
  /// - Parameter hole: what to leave out, counted from the start of the field's value.
  func append(
    signatureField field: HeaderField, of header: MessageHeader, without hole: Range<Int>,
    to output: inout [UInt8]
  ) {
    let value = Array(header.value(of: field))
    let hole = hole.clamped(to: 0..<value.count)
    let kept = value[..<hole.lowerBound] + value[hole.upperBound...]
    switch self {
    case .simple:
      output.append(contentsOf: header.octets[field.range.lowerBound..<field.valueRange.lowerBound])
      output.append(contentsOf: kept)
    case .relaxed:
      appendRelaxed(name: header.octets[field.nameRange], value: kept[...], to: &output)
    }
  }

  private func appendRelaxed(
    name: ArraySlice<UInt8>, value: ArraySlice<UInt8>, to output: inout [UInt8]
  ) {
    output.append(contentsOf: name.lazy.map(\.lowercasedASCII))
    output.append(.colon)
    var blankIsPending = false
    var isAtStart = true
    var index = value.startIndex
    while index < value.endIndex {
      let byte = value[index]
      index += 1
      if byte == .carriageReturn, index < value.endIndex, value[index] == .lineFeed {
        index += 1
      } else if byte.isWSP {
        blankIsPending = true
      } else {
        if blankIsPending, !isAtStart { output.append(.blank) }
        blankIsPending = false
        isAtStart = false
        output.append(byte)
      }
    }
  }
}

/// Picks the fields that `h=` names, from the bottom up (RFC 6376 §5.4.2).
///
/// Each call takes constant time, so a list of ten thousand names stays linear.
struct SignedFieldPicker {
  private let header: MessageHeader
  private var taken: [String: Int] = [:]

  init(_ header: MessageHeader) { self.header = header }

  /// The next field of this name, or nil where all are taken: such a name signs its absence.
  mutating func pick(_ name: String) -> HeaderField? {
    let indices = header.indices(of: name)
    let count = taken[name, default: 0]
    taken[name] = count + 1
    return count < indices.count ? header.fields[indices[indices.count - 1 - count]] : nil
  }

  /// How many fields of this name have been asked for.
  func count(of name: String) -> Int { taken[name, default: 0] }
}
