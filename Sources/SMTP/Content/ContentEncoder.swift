internal import Wire

/// Makes a message ready for the wire while it streams through: lines end in CRLF, and dots at
/// their start are protected (RFC 5321 §4.5.2).
///
/// Keeps one octet of state, however long the message is.
public struct ContentEncoder: Sendable {
  /// How the octets will be sent.
  public enum Form: Hashable, Sendable {
    /// Behind DATA: dots are doubled, a dot alone ends it.
    case dotted
    /// Behind BDAT: lines as they are (RFC 3030 §2).
    case lines
    /// Behind BDAT, `BODY=BINARYMIME`: octets as they are (RFC 3030 §3).
    case binary
  }

  private let form: Form
  private let loneLineEnds: LoneLineEnds
  private let allowsEightBit: Bool
  private var isAtLineStart = true
  private var endsInCarriageReturn = false
  private var offset: UInt64 = 0

  /// An encoder at the start of a message.
  public init(_ form: Form, loneLineEnds: LoneLineEnds = .refuse, allowsEightBit: Bool = true) {
    self.form = form
    self.loneLineEnds = loneLineEnds
    self.allowsEightBit = allowsEightBit
  }

  /// Encodes the next piece of the message.
  ///
  /// - Throws: `ContentFault`; the transaction must not be ended as if it were complete.
  public mutating func encode(
    _ piece: [UInt8], into output: inout [UInt8]
  ) throws(ContentFault) {
    guard form != .binary else {
      output += piece
      return
    }
    var place = 0
    while place < piece.count {
      let octet = piece[place]
      if try takeLineEnd(octet, at: place, into: &output) {
        place += 1
        continue
      }
      if isAtLineStart, octet == .dot, form == .dotted { output.append(.dot) }
      let start = place
      while place < piece.count, piece[place] != .carriageReturn, piece[place] != .lineFeed {
        guard allowsEightBit || !piece[place].isNonASCII else {
          throw .eightBitOctet(at: position(place))
        }
        place += 1
      }
      isAtLineStart = isAtLineStart && start == place
      output += piece[start..<place]
    }
    offset &+= UInt64(piece.count)
  }

  /// Closes the last line, if it is open, and ends the message: behind DATA by the dot.
  public mutating func finish(into output: inout [UInt8]) throws(ContentFault) {
    guard form != .binary else { return }
    if endsInCarriageReturn { try closeLoneCarriageReturn(before: 0, into: &output) }
    // RFC 5321 §4.1.1.4: text without a final CRLF gets one.
    if !isAtLineStart { endLine(into: &output) }
    if form == .dotted { output += [.dot, .carriageReturn, .lineFeed] }
  }

  /// Deals with `octet` if it belongs to a line end. A CR is held back until the next octet.
  private mutating func takeLineEnd(
    _ octet: UInt8, at place: Int, into output: inout [UInt8]
  ) throws(ContentFault) -> Bool {
    if endsInCarriageReturn {
      if octet == .lineFeed {
        endsInCarriageReturn = false
        endLine(into: &output)
        return true
      }
      try closeLoneCarriageReturn(before: place, into: &output)
    }
    if octet == .carriageReturn {
      endsInCarriageReturn = true
      return true
    }
    guard octet == .lineFeed else { return false }
    guard loneLineEnds == .normalise else { throw .bareLineFeed(at: position(place)) }
    endLine(into: &output)
    return true
  }

  private mutating func closeLoneCarriageReturn(
    before place: Int, into output: inout [UInt8]
  ) throws(ContentFault) {
    guard loneLineEnds == .normalise else { throw .bareCarriageReturn(at: position(place) &- 1) }
    endsInCarriageReturn = false
    endLine(into: &output)
  }

  private mutating func endLine(into output: inout [UInt8]) {
    output.append(.carriageReturn)
    output.append(.lineFeed)
    isAtLineStart = true
  }

  private func position(_ place: Int) -> UInt64 { offset &+ UInt64(place) }
}
