internal import Wire

/// The quoted-printable encoding (RFC 2045 §6.7).
public enum QuotedPrintable {
  /// Where programs that write it differ.
  public struct Style: Hashable, Sendable {
    /// Octets of a line, the `=` of a soft line break included; at most 76.
    public var lineLength = 76
    /// Whether a line may use its last octet where no soft break follows.
    public var fillsLastLine = true
    /// Whether soft breaks stand after blanks where they can, not inside words.
    public var breaksAtBlanks = false
    /// Whether `From ` and a lone dot at the start of a line are escaped, for old transports.
    public var escapesLineStarts = false

    /// The standard style.
    public init() {}
  }

  /// Escapes in small letters are read too, and a `=` that begins no escape stands for itself, as
  /// §6.7 advises; blanks before a line end are dropped.
  public static func decode(_ encoded: ArraySlice<UInt8>) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(encoded.count)
    var index = encoded.startIndex
    /// Where the blanks at the end of `output` start that were written as they are.
    var blanksStart: Int?
    while index < encoded.endIndex {
      let byte = encoded[index]
      index += 1
      if byte == .equals {
        blanksStart = nil
        if let end = softBreakEnd(encoded, index) {
          index = end
        } else if let octet = escaped(encoded, index) {
          output.append(octet)
          index += 2
        } else {
          output.append(byte)
        }
        continue
      }
      if byte.isWSP {
        blanksStart = blanksStart ?? output.count
      } else {
        if byte == .carriageReturn || byte == .lineFeed, let start = blanksStart {
          output.removeSubrange(start...)
        }
        blanksStart = nil
      }
      output.append(byte)
    }
    return output
  }

  private static func escaped(_ encoded: ArraySlice<UInt8>, _ index: Int) -> UInt8? {
    guard index + 1 < encoded.endIndex, let high = encoded[index].hexValue,
      let low = encoded[index + 1].hexValue
    else { return nil }
    return high << 4 | low
  }

  /// One past the line end of a soft break whose `=` stands before `index`.
  private static func softBreakEnd(_ encoded: ArraySlice<UInt8>, _ index: Int) -> Int? {
    var index = index
    // Bounded: transports add a few blanks, not kilobytes of them.
    let limit = min(index + 80, encoded.endIndex)
    while index < limit, encoded[index].isWSP { index += 1 }
    if index == encoded.endIndex { return index }
    if encoded[index] == .lineFeed { return index + 1 }
    guard encoded[index] == .carriageReturn else { return nil }
    let next = index + 1
    return next < encoded.endIndex && encoded[next] == .lineFeed ? next + 1 : next
  }

  /// Encodes text whose lines end in CRLF; line ends stay line ends.
  public static func encode(_ octets: ArraySlice<UInt8>, _ style: Style = Style()) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(octets.count + octets.count / 8)
    var start = octets.startIndex
    while start < octets.endIndex {
      var end = start
      while end < octets.endIndex, !isLineEnd(octets, end) { end += 1 }
      appendLine(octets[start..<end], style, to: &output)
      if end < octets.endIndex {
        output += [.carriageReturn, .lineFeed]
        end += 2
      }
      start = end
    }
    return output
  }

  private static func isLineEnd(_ octets: ArraySlice<UInt8>, _ index: Int) -> Bool {
    octets[index] == .carriageReturn && index + 1 < octets.endIndex
      && octets[index + 1] == .lineFeed
  }

  private static func appendLine(
    _ line: ArraySlice<UInt8>, _ style: Style, to output: inout [UInt8]
  ) {
    var written: [UInt8] = []
    for index in line.indices {
      let token = token(line, index, style)
      let isLast = index == line.endIndex - 1
      let room = isLast && style.fillsLastLine ? style.lineLength : style.lineLength - 1
      // Again where a break behind a blank leaves nearly a whole line.
      while written.count + token.count > room, !written.isEmpty {
        let end = breakEnd(of: written, style)
        output += written[..<end]
        output += [.equals, .carriageReturn, .lineFeed]
        written.removeFirst(end)
      }
      written += token
    }
    output += written
  }

  /// How many octets of the line stay before the soft break.
  private static func breakEnd(of written: [UInt8], _ style: Style) -> Int {
    guard style.breaksAtBlanks, let blank = written.lastIndex(of: .blank) else {
      return written.count
    }
    return blank + 1
  }

  private static func token(
    _ line: ArraySlice<UInt8>, _ index: Int, _ style: Style
  ) -> [UInt8] {
    let byte = line[index]
    let isLast = index == line.endIndex - 1
    let isSafe = byte.isWSP ? !isLast : byte.isVisible && byte != .equals
    if isSafe, !(style.escapesLineStarts && index == line.startIndex && isRisky(line)) {
      return [byte]
    }
    return [.equals, hexDigits[Int(byte >> 4)], hexDigits[Int(byte & 0xF)]]
  }

  private static func isRisky(_ line: ArraySlice<UInt8>) -> Bool {
    line.elementsEqual(".".utf8) || line.starts(with: "From ".utf8)
  }

  private static let hexDigits = Array("0123456789ABCDEF".utf8)
}
