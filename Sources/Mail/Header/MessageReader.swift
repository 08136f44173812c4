internal import Wire

/// How the lines of a message end, in the octets that are read.
public enum LineEnds: String, Sendable, CaseIterable {
  /// CRLF, as on the wire (RFC 5321 §2.3.8). A bare CR or LF is an ordinary octet and stays as it
  /// is: signatures cover it so.
  case crlf
  /// LF, as in a file on Unix. Each LF without a CR before it is read as CRLF.
  case bareLineFeed = "lf"
}

/// Splits a message that arrives in pieces into its header section and its body.
///
/// Memory grows with the header section alone. How the octets are cut into pieces never changes
/// what comes out, but for where the body's pieces are cut.
public struct MessageReader: Sendable {
  /// What has been read.
  public enum Event: Sendable {
    /// The header section is complete. Comes once, before any body.
    case header(MessageHeader)
    /// Octets of the body, in order.
    case body(ArraySlice<UInt8>)
  }

  /// Why a message cannot be read.
  public enum Failure: Error, Hashable, Sendable {
    /// The header section has more octets than the limit.
    case headerTooLong(limit: Int)
  }

  /// 32 MiB: as large as whole messages usually may be.
  public static let defaultHeaderLimit = 32 * 1024 * 1024

  private let lineEnds: LineEnds
  private let headerLimit: Int
  private var header: [UInt8] = []
  /// Where the line starts in `header` whose end is not yet seen.
  private var lineStart = 0
  private var scanned = 0
  private var isInBody = false
  private var lastWasCarriageReturn = false

  public init(lineEnds: LineEnds, headerLimit: Int = defaultHeaderLimit) {
    self.lineEnds = lineEnds
    self.headerLimit = headerLimit
  }

  /// Reads the next piece, and tells what it brought: at most the header section, then body.
  ///
  /// - Throws: `Failure` once the header section passes its limit.
  public mutating func read(_ piece: ArraySlice<UInt8>) throws(Failure) -> [Event] {
    let piece = lineEnds == .crlf ? piece : withCarriageReturns(piece)
    guard !piece.isEmpty else { return [] }
    if isInBody { return [.body(piece)] }
    let before = header.count
    header.append(contentsOf: piece)
    guard let headerEnd = endOfHeader() else {
      guard header.count <= headerLimit else { throw .headerTooLong(limit: headerLimit) }
      return []
    }
    // The empty line is two octets; what follows it in this piece is body.
    let bodyStart = piece.startIndex + (headerEnd + 2 - before)
    header.removeSubrange(headerEnd...)
    guard header.count <= headerLimit else { throw .headerTooLong(limit: headerLimit) }
    let complete = completeHeader()
    return bodyStart < piece.endIndex ? [complete, .body(piece[bodyStart...])] : [complete]
  }

  /// Tells that no octets follow. A message may be a header section alone.
  public mutating func finish() -> [Event] { isInBody ? [] : [completeHeader()] }

  private mutating func completeHeader() -> Event {
    isInBody = true
    defer { header = [] }
    return .header(MessageHeader(octets: header))
  }

  /// Splits a message that is all there, with CRLF line ends.
  public static func split(
    _ message: [UInt8]
  ) throws(Failure) -> (header: MessageHeader, body: ArraySlice<UInt8>) {
    var reader = MessageReader(lineEnds: .crlf)
    var header = MessageHeader(octets: [])
    var body: ArraySlice<UInt8> = []
    for event in try reader.read(message[...]) + reader.finish() {
      switch event {
      case .header(let complete): header = complete
      case .body(let rest): body = rest
      }
    }
    return (header, body)
  }

  /// Where the empty line starts, once it is there.
  private mutating func endOfHeader() -> Int? {
    while let lineFeed = header[scanned...].firstIndex(of: .lineFeed) {
      scanned = lineFeed + 1
      guard lineFeed > lineStart, header[lineFeed - 1] == .carriageReturn else { continue }
      if lineFeed - 1 == lineStart { return lineStart }
      lineStart = lineFeed + 1
    }
    scanned = header.count
    return nil
  }

  /// The piece with a CR before each bare LF.
  private mutating func withCarriageReturns(_ piece: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var converted: [UInt8] = []
    converted.reserveCapacity(piece.count + piece.count / 32 + 1)
    for byte in piece {
      if byte == .lineFeed, !lastWasCarriageReturn { converted.append(.carriageReturn) }
      converted.append(byte)
      lastWasCarriageReturn = byte == .carriageReturn
    }
    return converted[...]
  }
}
