internal import Wire

/// How the lines of a message end, in the octets that are read.
///
/// A message that mixes line ends is read by one of these rules all the same, never by a guess.
public enum LineEnds: String, Sendable, CaseIterable {
  /// CRLF, as on the wire (RFC 5321 §2.3.8). A bare CR or LF is an ordinary octet and stays as it
  /// is: signatures cover it so.
  ///
  /// Some readers end a line there. What they see otherwise is told: each place is a
  /// `HeaderDefect`, a field that only they see is found by `MessageHeader.hidesField(named:)`,
  /// and a body that only they see by `MessageHeader.earlyEnd`.
  case crlf
  /// LF, as in a file on Unix. Each LF without a CR before it is read as CRLF, so that lines which
  /// end in CRLF are read as well. A bare CR stays as it is.
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
    /// The header section has more lines than the limit.
    case tooManyHeaderLines(limit: Int)
  }

  /// 32 MiB: as large as whole messages usually may be.
  public static let defaultHeaderLimit = 32 * 1024 * 1024

  /// Each field takes memory beyond its octets, so their number is bounded as well.
  public static let defaultLineLimit = 1_000_000

  private let lineEnds: LineEnds
  private let headerLimit: Int
  private let lineLimit: Int
  private var header: [UInt8] = []
  /// Where the line starts in the section whose end is not yet seen.
  private var lineStart = 0
  private var lineCount = 0
  private var isInBody = false
  private var lastWasCarriageReturn = false

  /// - Parameters:
  ///   - lineEnds: how the lines of the message end.
  ///   - headerLimit: octets of a header section.
  ///   - lineLimit: lines of a header section.
  public init(
    lineEnds: LineEnds, headerLimit: Int = defaultHeaderLimit, lineLimit: Int = defaultLineLimit
  ) {
    self.lineEnds = lineEnds
    self.lineLimit = lineLimit
    self.headerLimit = headerLimit
  }

  /// Reads the next piece, and tells what it brought: at most the header section, then body.
  ///
  /// - Throws: `Failure` once the header section passes its limit; nothing can be read after that.
  public mutating func read(_ piece: ArraySlice<UInt8>) throws(Failure) -> [Event] {
    let piece = lineEnds == .crlf ? piece : withCarriageReturns(piece)
    guard !piece.isEmpty else { return [] }
    if isInBody { return [.body(piece)] }
    let body = bodyStart(in: piece)
    guard lineCount <= lineLimit else { throw .tooManyHeaderLines(limit: lineLimit) }
    let count = header.count + (body ?? piece.endIndex) - piece.startIndex
    guard count - emptyLineCount(in: piece, upTo: body) <= headerLimit else {
      throw .headerTooLong(limit: headerLimit)
    }
    // Body octets are never copied, so that the header does not keep their memory.
    header.append(contentsOf: piece[..<(body ?? piece.endIndex)])
    guard let body else { return [] }
    header.removeLast(2)
    let complete = completeHeader()
    return body < piece.endIndex ? [complete, .body(piece[body...])] : [complete]
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

  /// Where in the piece the octet behind the empty line stands, once that line is there.
  private mutating func bodyStart(in piece: ArraySlice<UInt8>) -> Int? {
    var next = piece.startIndex
    while true {
      let lineFeed = piece.firstPlace(from: next) { here, _ in here .== .all(.lineFeed) }
      guard lineFeed < piece.endIndex else { return nil }
      next = lineFeed + 1
      let before = lineFeed > piece.startIndex ? piece[lineFeed - 1] : header.last
      guard before == .carriageReturn else { continue }
      let lineEnd = header.count + next - piece.startIndex
      if lineEnd - 2 == lineStart { return next }
      lineStart = lineEnd
      lineCount += 1
    }
  }

  /// How many octets of the empty line are there: they are not of the header section. A CR that
  /// begins a line is one of them until the next octet tells.
  private func emptyLineCount(in piece: ArraySlice<UInt8>, upTo body: Int?) -> Int {
    guard body == nil else { return 2 }
    let isCarriageReturn = piece.last == .carriageReturn
    return isCarriageReturn && header.count + piece.count - 1 == lineStart ? 1 : 0
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
