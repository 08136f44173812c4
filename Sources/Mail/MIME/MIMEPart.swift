internal import Wire

/// A message, or a part of one, and the parts inside it (RFC 2046 §5.1), as places in the body.
///
/// Reading never fails: what is not multipart, or has no usable boundary, is one part. Parts are
/// read ten levels deep and a thousand in all; what lies beyond stays unopened. Messages inside
/// messages (`message/rfc822`) are not opened.
public struct MIMEPart: Sendable {
  /// The part's own header.
  public let header: MessageHeader
  /// Where that header stands, without the empty line; empty for the message itself.
  public let headerRange: Range<Int>
  /// What follows the header, without the line end that belongs to the next delimiter.
  public let bodyRange: Range<Int>
  /// What the part holds (RFC 2045 §5); `text/plain` where it does not say.
  public let contentType: ContentType
  /// How its body is encoded (RFC 2045 §6).
  public let transferEncoding: TransferEncoding
  /// The parts of a multipart, in order; none otherwise (RFC 2046 §5.1).
  public let parts: [MIMEPart]
  /// Each delimiter line, with the line ends before and after it, the closing one last.
  public let delimiters: [Range<Int>]

  /// How deep multiparts are opened; below it a part stays whole.
  public static let maximumDepth = 10
  /// Parts of one message that are looked at.
  public static let maximumParts = 1000

  /// Reads the body of a message.
  public init(_ header: MessageHeader, body: [UInt8]) {
    var remaining = Self.maximumParts
    self.init(
      body, header: header, headerRange: 0..<0, bodyRange: 0..<body.count,
      depth: 0, remaining: &remaining)
  }

  private init(
    _ octets: [UInt8], header: MessageHeader, headerRange: Range<Int>, bodyRange: Range<Int>,
    depth: Int, remaining: inout Int
  ) {
    self.header = header
    self.headerRange = headerRange
    self.bodyRange = bodyRange
    contentType = header.contentType
    transferEncoding = header.transferEncoding
    var parts: [MIMEPart] = []
    var found: [Delimiter] = []
    if depth < Self.maximumDepth, let boundary = contentType.boundary {
      found = Self.delimiters(octets, bodyRange, boundary, limit: remaining + 1)
      for (index, delimiter) in found.enumerated() {
        guard remaining > 0, !delimiter.isClosing else { break }
        let next = index + 1 < found.count ? found[index + 1].lowerBound : nil
        remaining -= 1
        let end = max(next ?? bodyRange.upperBound, delimiter.upperBound)
        parts.append(
          Self.part(octets, in: delimiter.upperBound..<end, depth + 1, &remaining))
      }
    }
    self.parts = parts
    delimiters = found.map(\.range)
  }

  private static func part(
    _ octets: [UInt8], in range: Range<Int>, _ depth: Int, _ remaining: inout Int
  ) -> MIMEPart {
    var lineStart = range.lowerBound
    var headerEnd = range.upperBound
    var bodyStart = range.upperBound
    while lineStart < range.upperBound {
      let end = lineEnd(octets, lineStart, range.upperBound)
      if end - lineStart == 2, octets[lineStart] == .carriageReturn {
        headerEnd = lineStart
        bodyStart = end
        break
      }
      lineStart = end
    }
    let headerRange = range.lowerBound..<headerEnd
    return MIMEPart(
      octets, header: MessageHeader(octets: Array(octets[headerRange])), headerRange: headerRange,
      bodyRange: bodyStart..<range.upperBound, depth: depth, remaining: &remaining)
  }

  /// One past the line's LF, or the end.
  private static func lineEnd(_ octets: [UInt8], _ start: Int, _ end: Int) -> Int {
    octets[start..<end].firstIndex(of: .lineFeed).map { $0 + 1 } ?? end
  }

  private struct Delimiter {
    var range: Range<Int>
    var isClosing: Bool
    var lowerBound: Int { range.lowerBound }
    var upperBound: Int { range.upperBound }
  }

  /// The delimiter lines of one boundary, up to the closing one.
  private static func delimiters(
    _ octets: [UInt8], _ range: Range<Int>, _ boundary: [UInt8], limit: Int
  ) -> [Delimiter] {
    var found: [Delimiter] = []
    var start = range.lowerBound
    while start < range.upperBound, found.count < limit {
      let end = lineEnd(octets, start, range.upperBound)
      defer { start = end }
      guard end - start >= boundary.count + 2, octets[start] == .hyphen,
        octets[start + 1] == .hyphen,
        octets[(start + 2)..<(start + 2 + boundary.count)].elementsEqual(boundary)
      else { continue }
      let rest = octets[(start + 2 + boundary.count)..<end].trimmingFoldingWhitespace
      let isClosing = rest.elementsEqual("--".utf8)
      guard rest.isEmpty || isClosing else { continue }
      var lower = start
      if lower - 2 >= max(range.lowerBound, found.last?.upperBound ?? 0),
        octets[lower - 2] == .carriageReturn
      {
        lower -= 2
      }
      found.append(Delimiter(range: lower..<end, isClosing: isClosing))
      if isClosing { break }
    }
    return found
  }

  /// The parts that hold no others, in order; the message itself where it is not multipart.
  public var leaves: [MIMEPart] { parts.isEmpty ? [self] : parts.flatMap(\.leaves) }
}

extension MessageHeader {
  /// The first Content-Type field, or the default where there is none that can be read
  /// (RFC 2045 §5.2).
  public var contentType: ContentType {
    guard let field = fields(named: "content-type").first,
      let type = try? ContentType(parsing: value(of: field))
    else { return .plainText }
    return type
  }

  /// The first Content-Transfer-Encoding field; `7bit` where there is none (RFC 2045 §6.1).
  public var transferEncoding: TransferEncoding {
    guard let field = fields(named: "content-transfer-encoding").first else { return .sevenBit }
    return TransferEncoding(parsing: value(of: field)) ?? .binary
  }
}
