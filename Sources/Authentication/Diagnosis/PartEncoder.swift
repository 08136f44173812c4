internal import Mail
internal import Wire

/// Writes the content of a part as the programs in use write it.
enum PartEncoder {
  /// Every way to write the octets in this encoding, the commonest first; no line end at the end
  /// of base 64.
  static func encodings(
    _ octets: ArraySlice<UInt8>, _ encoding: TransferEncoding, lineLength: Int? = nil
  ) -> [[UInt8]] {
    switch encoding {
    case .sevenBit, .eightBit, .binary: return [Array(octets)]
    case .base64:
      let lengths = lineLength.map { [$0] } ?? [76, 72, 64, 60]
      return lengths.map { Base64.encodeLines(octets, length: $0) }
    case .quotedPrintable:
      var written: [[UInt8]] = []
      for style in styles {
        let encoded = QuotedPrintable.encode(octets, style)
        if !written.contains(encoded) { written.append(encoded) }
      }
      return written
    }
  }

  private static let styles: [QuotedPrintable.Style] = {
    var styles: [QuotedPrintable.Style] = []
    for escapes in [false, true] {
      for (length, fills, words) in [
        (76, true, false), (76, false, false), (75, true, false), (74, true, false),
        (73, true, false), (76, true, true), (76, false, true), (72, true, false),
      ] {
        var style = QuotedPrintable.Style()
        style.lineLength = length
        style.fillsLastLine = fills
        style.breaksAtBlanks = words
        style.escapesLineStarts = escapes
        styles.append(style)
      }
    }
    return styles
  }()

  /// The length of the first line, as a hint to how base 64 is written.
  static func lineLength(of encoded: ArraySlice<UInt8>) -> Int? {
    guard let end = encoded.firstIndex(of: .carriageReturn) else { return nil }
    let length = end - encoded.startIndex
    return (16...998).contains(length) && length.isMultiple(of: 4) ? length : nil
  }
}
