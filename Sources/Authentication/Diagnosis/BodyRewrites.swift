internal import Mail
internal import Wire

/// The messages that known changes of a whole body could have led from, the likeliest first.
struct BodyRewrites {
  private let draft: Restoration
  private let message: MIMEPart
  private let signedBoundary: [UInt8]?

  init(_ draft: Restoration, _ signedBoundary: [UInt8]?) {
    self.draft = draft
    self.signedBoundary = signedBoundary
    message = MIMEPart(draft.header, body: draft.body)
  }

  var all: [Restoration] {
    MultipartRewrites(draft, message, signedBoundary).all + lineEnds
      + lineStarts + blanks + PartReencodings(draft, message).all + LinkRewrites(draft).all
  }

  private func rewrite(
    _ change: TransitChange, _ sentence: String, _ body: [UInt8]
  ) -> [Restoration] {
    body == draft.body ? [] : [draft.undoing(TransitFinding(change, sentence), body: body)]
  }

  private var lineEnds: [Restoration] {
    let crlf: [UInt8] = [.carriageReturn, .lineFeed]
    let body = draft.body
    return rewrite(
      .lineEndsChanged, "Line ends became a bare LF or CR.", LineEndRewriter.normalized(body))
      + rewrite(
        .lineEndsChanged, "Bare LFs became CRLF.", body.replacing(crlf, with: [.lineFeed]))
      + rewrite(
        .lineEndsChanged, "Line ends were doubled to CR CR LF.",
        body.replacing([.carriageReturn] + crlf, with: crlf))
      + rewrite(
        .lineEndsChanged, "A CR before CRLF was dropped.",
        body.replacing(crlf, with: [.carriageReturn] + crlf))
      + rewrite(
        .lineEndsChanged, "Every line end was doubled.", body.replacing(crlf + crlf, with: crlf))
      + rewrite(
        .longLinesBroken, "Long lines were broken with “!”.",
        body.replacing(Array("!\r\n ".utf8), with: []))
      + rewrite(
        .longLinesBroken, "Long lines were broken.", LineEndRewriter.joiningLongLines(body))
  }

  private var lineStarts: [Restoration] {
    rewrite(
      .dotsStuffed, "Lines that begin with a dot were given one more.",
      mapLines { $0.starts(with: "..".utf8) ? Array($0.dropFirst()) : Array($0) })
      + rewrite(
        .dotsLost, "Lines that begin with dots lost one.",
        mapLines { $0.first == .dot ? [.dot] + $0 : Array($0) })
      + rewrite(
        .fromEscaped, "Lines that begin with “From ” were escaped as in an mbox.",
        mapLines { $0.starts(with: ">From ".utf8) ? Array($0.dropFirst()) : Array($0) })
      + rewrite(
        .fromEscaped, "Lines that begin with “>”s and “From ” were given one “>” more.",
        mapLines { line in
          let rest = line.drop { $0 == UInt8(ascii: ">") }
          let isEscaped = rest.count < line.count && rest.starts(with: "From ".utf8)
          return isEscaped ? Array(line.dropFirst()) : Array(line)
        })
      + rewrite(
        .fromUnescaped, "Lines that begin with “>From ” lost the “>”, as out of an mbox.",
        mapLines { $0.starts(with: "From ".utf8) ? [UInt8(ascii: ">")] + $0 : Array($0) })
  }

  private var blanks: [Restoration] {
    rewrite(
      .trailingBlanksChanged, "Blanks were added at line ends.",
      mapLines { line in
        var line = line
        while line.last?.isWSP == true { line.removeLast() }
        return Array(line)
      })
      + rewrite(
        .trailingBlanksChanged, "The blank of the “-- ” line was stripped.",
        mapLines { Array($0) + ($0.elementsEqual("--".utf8) ? [.blank] : []) })
      + rewrite(
        .trailingBlanksChanged, "The blanks at the ends of flowed lines were stripped.",
        LineEndRewriter.flowed(draft.body))
      + rewrite(
        .emptyLinesChanged, "Empty lines were added at the start.",
        Array(draft.body.drop { $0.isFoldingWhitespace }))
      + rewrite(
        .emptyLinesChanged, "An empty line at the start was dropped.",
        [.carriageReturn, .lineFeed] + draft.body)
  }

  /// The body with each line, given without its CRLF, rewritten.
  private func mapLines(_ rewrite: (ArraySlice<UInt8>) -> [UInt8]) -> [UInt8] {
    LineEndRewriter.mapLines(draft.body, rewrite)
  }
}

/// Rewrites that look at line ends.
enum LineEndRewriter {
  static func mapLines(
    _ body: [UInt8], _ rewrite: (ArraySlice<UInt8>) -> [UInt8]
  ) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(body.count + 64)
    var start = 0
    while start < body.count {
      let lineFeed = body[start...].firstIndex(of: .lineFeed) ?? body.count
      let hasReturn = lineFeed > start && lineFeed < body.count && body[lineFeed - 1] == 0x0D
      let end = hasReturn ? lineFeed - 1 : lineFeed
      output += rewrite(body[start..<end])
      let next = min(lineFeed + 1, body.count)
      output += body[end..<next]
      start = next
    }
    return output
  }

  /// Every CR, LF or CRLF as one CRLF.
  static func normalized(_ body: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(body.count + body.count / 32)
    var lastWasReturn = false
    for byte in body {
      if byte == .lineFeed {
        if !lastWasReturn { output += [.carriageReturn, .lineFeed] }
      } else if byte == .carriageReturn {
        output += [.carriageReturn, .lineFeed]
      } else {
        output.append(byte)
      }
      lastWasReturn = byte == .carriageReturn
    }
    return output
  }

  /// Lines of at least 900 octets and of one length are joined with the next one: RFC 5321
  /// §4.5.3.1.6 allows 1000, so relays cut there.
  static func joiningLongLines(_ body: [UInt8]) -> [UInt8] {
    let lines = body.split(
      separator: [.carriageReturn, .lineFeed], omittingEmptySubsequences: false)
    guard let longest = lines.map(\.count).max(), longest >= 900, lines.count > 1 else {
      return body
    }
    var output: [UInt8] = []
    for (index, line) in lines.enumerated() {
      output += line
      if index < lines.count - 1, line.count != longest { output += [.carriageReturn, .lineFeed] }
    }
    return output
  }

  /// A blank at the end of each line that another line of text follows (RFC 3676 §4.2).
  static func flowed(_ body: [UInt8]) -> [UInt8] {
    let lines = body.split(
      separator: [.carriageReturn, .lineFeed], omittingEmptySubsequences: false)
    var output: [UInt8] = []
    for (index, line) in lines.enumerated() {
      output += line
      let next = index + 1 < lines.count ? lines[index + 1] : []
      if !line.isEmpty, !next.isEmpty, line.last?.isWSP == false { output.append(.blank) }
      if index < lines.count - 1 { output += [.carriageReturn, .lineFeed] }
    }
    return output
  }
}

extension [UInt8] {
  /// The octets with every occurrence of some replaced by others, from the left.
  func replacing(_ pattern: [UInt8], with replacement: [UInt8]) -> [UInt8] {
    guard let first = pattern.first else { return self }
    var output: [UInt8] = []
    output.reserveCapacity(count + count / 16)
    var index = 0
    while index < count {
      if self[index] == first, index + pattern.count <= count,
        self[index..<(index + pattern.count)].elementsEqual(pattern)
      {
        output += replacement
        index += pattern.count
      } else {
        output.append(self[index])
        index += 1
      }
    }
    return output
  }
}
