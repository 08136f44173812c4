import Mail
import Wire

@Sendable func fuzzHeader(_ input: [UInt8]) {
  for lineEnds in LineEnds.allCases {
    for limits in [(1 << 20, 1 << 20), (64, 1 << 20), (1 << 20, 4)] {
      let whole = outcome([input], lineEnds, limits)
      for pieces in cuttings(of: input) {
        requireEqual(outcome(pieces, lineEnds, limits), whole, "cutting changes nothing")
      }
    }
  }
  guard let (header, body) = try? MessageReader.split(input) else { return }
  checkHeader(header)
  let ended = header.octets + [.carriageReturn, .lineFeed] + body
  require(
    ended == input || body.isEmpty && header.octets == input,
    "header, empty line and body are the message")
}

/// All that a reader tells, with the pieces of the body joined.
private struct Outcome: Equatable {
  var header: [UInt8] = []
  var fields: [HeaderField] = []
  var defects: [HeaderDefect] = []
  var body: [UInt8] = []
  var failure: MessageReader.Failure?
}

private func outcome(
  _ pieces: [[UInt8]], _ lineEnds: LineEnds, _ limits: (octets: Int, lines: Int)
) -> Outcome {
  var reader = MessageReader(
    lineEnds: lineEnds, headerLimit: limits.octets, lineLimit: limits.lines)
  var outcome = Outcome()
  var headers = 0
  do throws(MessageReader.Failure) {
    var events: [MessageReader.Event] = []
    for piece in pieces { events += try reader.read(piece[...]) }
    for event in events + reader.finish() {
      switch event {
      case .header(let header):
        headers += 1
        outcome.header = header.octets
        outcome.fields = header.fields
        outcome.defects = header.defects
      case .body(let piece):
        requireEqual(headers, 1, "the header comes before the body")
        outcome.body += piece
      }
    }
    requireEqual(headers, 1, "one header")
  } catch {
    return Outcome(failure: error)
  }
  return outcome
}

func checkHeader(_ header: MessageHeader) {
  var end = 0
  for field in header.fields {
    requireInside(field.range, end..<header.octets.count, "fields stand in order")
    requireInside(field.nameRange, field.range, "a field's name")
    requireInside(field.valueRange, field.nameRange.upperBound..<field.range.upperBound, "value")
    require(header.fields(named: field.name).contains(field), "a field is found by its name")
    _ = header.text(of: field)
    end = field.range.upperBound
  }
  require(header.defects.count <= MessageHeader.maximumDefects, "defects are bounded")
  if let early = header.earlyEnd {
    requireInside(early..<early, 0..<header.octets.count, "an early end")
  }
  _ = header.hidesField(named: "from")
  _ = header.beginsWithMboxLine
}

@Sendable func fuzzMIME(_ input: [UInt8]) {
  checkContentType(input)
  guard let (header, body) = try? MessageReader.split(input) else { return }
  let octets = Array(body)
  var count = 0
  walk(MIMEPart(header, body: octets), in: octets, depth: 0, &count)
  require(count <= MIMEPart.maximumParts + 1, "parts are bounded")
  checkQuotedPrintable(input)
}

private func walk(_ part: MIMEPart, in octets: [UInt8], depth: Int, _ count: inout Int) {
  count += 1
  require(depth <= MIMEPart.maximumDepth, "parts are bounded in depth")
  requireInside(part.headerRange, 0..<octets.count, "a part's header")
  requireInside(part.bodyRange, part.headerRange.upperBound..<octets.count, "a part's body")
  _ = part.transferEncoding.decode(octets[part.bodyRange])
  var end = part.bodyRange.lowerBound
  for child in part.parts {
    requireInside(child.headerRange, end..<part.bodyRange.upperBound, "a part in its multipart")
    requireInside(child.bodyRange, end..<part.bodyRange.upperBound, "a part in its multipart")
    end = child.bodyRange.upperBound
    walk(child, in: octets, depth: depth + 1, &count)
  }
  for delimiter in part.delimiters { requireInside(delimiter, part.bodyRange, "a delimiter") }
}

private func checkContentType(_ input: [UInt8]) {
  let type = reading(input) { () throws(SyntaxError) in try ContentType(parsing: input) }
  guard let type else { return }
  require(!type.type.isEmpty && !type.subtype.isEmpty, "a type has a name")
  for parameter in type.parameters {
    requireInside(parameter.range, 0..<input.count, "a parameter")
    require(type[parameter.name] != nil, "a parameter is found by its name")
  }
}

private func checkQuotedPrintable(_ input: [UInt8]) {
  _ = QuotedPrintable.decode(input[...])
  var random = InputRandom(input)
  var style = QuotedPrintable.Style()
  style.lineLength = Int.random(in: 10...76, using: &random)
  style.fillsLastLine = Bool.random(using: &random)
  style.breaksAtBlanks = Bool.random(using: &random)
  style.escapesLineStarts = Bool.random(using: &random)
  let encoded = QuotedPrintable.encode(input[...], style)
  requireEqual(QuotedPrintable.decode(encoded[...]), input, "decoded as encoded, \(style)")
  for line in encoded.split(separator: .lineFeed) {
    require(line.count <= style.lineLength + 1, "a line of \(line.count) octets, \(style)")
  }
  let lines = Base64.encodeLines(input)
  requireEqual(TransferEncoding.base64.decode(lines[...]), input, "decoded as encoded")
}
