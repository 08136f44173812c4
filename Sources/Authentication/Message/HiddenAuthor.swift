internal import Mail
internal import Wire

/// Looks for lines that only some readers take for a From field.
///
/// A sender hides a second author this way: behind a bare CR or LF, as a fold before any field or
/// behind a line that is none, with the name cut from its colon by a fold, or with a NUL in it.
struct HiddenAuthor {
  private let octets: [UInt8]
  private let fields: [HeaderField]

  init(_ header: MessageHeader) {
    octets = header.octets
    fields = header.fields
  }

  /// Whether there is such a line. The work is linear in the header.
  var isThere: Bool {
    var next = 0
    var end = 0
    for start in octets.indices where isLineStart(start) {
      while next < fields.count, fields[next].range.lowerBound <= start {
        end = fields[next].range.upperBound
        next += 1
      }
      let isField = next > 0 && fields[next - 1].range.lowerBound == start
      if isField, fields[next - 1].name == "from" { continue }
      // A proper fold: all agree that the line belongs to its field.
      if !isField, start < end, octets[start].isWSP { continue }
      if readsAsFrom(at: start) { return true }
    }
    return false
  }

  /// Any octet behind a CR or LF begins a line for somebody.
  private func isLineStart(_ index: Int) -> Bool {
    guard index > 0 else { return true }
    return octets[index - 1] == .carriageReturn || octets[index - 1] == .lineFeed
  }

  private func readsAsFrom(at start: Int) -> Bool {
    var rest = octets[start...].drop { $0.isWSP || $0 == 0 }
    for letter in "from".utf8 {
      rest = rest.drop { $0 == 0 }
      guard rest.popFirst()?.lowercasedASCII == letter else { return false }
    }
    return rest.first { !$0.isFoldingWhitespace && $0 != 0 } == .colon
  }
}
