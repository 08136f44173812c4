internal import Mail
internal import Wire

/// A message as it may have been before it was changed, and what was undone to get there.
struct Restoration {
  var header: MessageHeader
  var body: [UInt8]
  var findings: [TransitFinding] = []

  /// The same with one more change undone.
  func undoing(
    _ finding: TransitFinding, body: [UInt8], header: MessageHeader? = nil
  ) -> Restoration {
    Restoration(
      header: header ?? self.header, body: body, findings: findings + [finding])
  }

  /// A range of this body is one of the received body only while nothing has been undone.
  func receivedRange(_ range: Range<Int>) -> Range<Int>? { findings.isEmpty ? range : nil }
}

extension MessageHeader {
  /// The header with the first field of this name given another value, or appended where there is
  /// none, or without any field of this name where the value is nil.
  func replacing(_ name: String, with value: String?) -> MessageHeader {
    guard let value else { return without { $0 == name } }
    guard let field = fields(named: name).first else {
      let written = Self.writtenNames[name] ?? name
      return MessageHeader(octets: octets + Array("\(written): \(value)\r\n".utf8))
    }
    let start = octets[field.valueRange].prefix { $0.isWSP }
    return MessageHeader(
      octets: octets[..<field.valueRange.lowerBound] + start + Array(value.utf8)
        + octets[field.valueRange.upperBound...])
  }

  private static let writtenNames = [
    "content-type": "Content-Type", "content-transfer-encoding": "Content-Transfer-Encoding",
  ]

  /// The header without the fields whose name is so.
  func without(_ isRemoved: (String) -> Bool) -> MessageHeader {
    MessageHeader(
      octets: fields.filter { !isRemoved($0.name) }.flatMap { octets[$0.range] })
  }

  /// The header with its Content- fields taken from a part.
  func takingContentFields(of part: MessageHeader) -> MessageHeader {
    let own = part.fields.filter { $0.name.hasPrefix("content-") }.flatMap { part.octets[$0.range] }
    let kept = without { $0.hasPrefix("content-") }
    return MessageHeader(octets: kept.octets + own)
  }
}

extension Collection<UInt8> {
  /// The start of the text on one line, in quotes, fit for a sentence.
  var excerpt: String {
    let line = prefix(400).text.split { $0.isWhitespace }.joined(separator: " ")
    return "“\(line.count <= 60 ? line : line.prefix(59) + "…")”".escapingControls
  }
}
