public import Wire

/// How the octets of a part are written (RFC 2045 §6).
public enum TransferEncoding: String, Sendable, CaseIterable {
  case sevenBit = "7bit"
  case eightBit = "8bit"
  case binary
  case quotedPrintable = "quoted-printable"
  case base64

  /// Reads a Content-Transfer-Encoding field; nil for a word that RFC 2045 does not define.
  public init?(parsing fieldValue: ArraySlice<UInt8>) {
    self.init(rawValue: fieldValue.trimmingFoldingWhitespace.lowercasedASCIIText)
  }

  /// Whether the octets stand there as they are.
  public var isIdentity: Bool { self != .quotedPrintable && self != .base64 }

  /// The octets that encoded ones stand for; nil where they break the rules of the encoding.
  public func decode(_ encoded: ArraySlice<UInt8>) -> [UInt8]? {
    switch self {
    case .sevenBit, .eightBit, .binary: Array(encoded)
    case .quotedPrintable: QuotedPrintable.decode(encoded)
    case .base64: try? Base64.decode(encoded, .ignoringWhitespace)
    }
  }
}

extension Base64 {
  /// The text over lines of so many octets, CRLF between them and none after the last
  /// (RFC 2045 §6.8).
  public static func encodeLines(_ octets: some Collection<UInt8>, length: Int = 76) -> [UInt8] {
    let text = Array(encode(octets).utf8)
    let length = max(4, length)
    var lines: [UInt8] = []
    lines.reserveCapacity(text.count + text.count / length * 2)
    var start = 0
    while start < text.count {
      let end = min(start + length, text.count)
      if start > 0 { lines += [.carriageReturn, .lineFeed] }
      lines += text[start..<end]
      start = end
    }
    return lines
  }
}
