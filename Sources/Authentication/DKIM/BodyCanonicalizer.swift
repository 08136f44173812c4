internal import Wire

/// Brings a body that arrives in pieces into canonical form (RFC 6376 §3.4.3, §3.4.4).
///
/// What is held back between pieces is only counted, so memory does not grow with the body. Only
/// CRLF ends a line; a bare CR or LF is an octet like any other.
struct BodyCanonicalizer {
  private let form: DKIMCanonicalization
  /// Line ends that count only if something follows them.
  private var heldLineEnds = 0
  private var blankIsHeld = false
  private var carriageReturnIsHeld = false
  /// Whether any octet has been given out.
  private var isEmpty = true

  init(_ form: DKIMCanonicalization) { self.form = form }

  /// Appends the canonical octets of the next piece to `output`.
  mutating func update(_ piece: ArraySlice<UInt8>, to output: inout [UInt8]) {
    switch form {
    case .simple: updateSimple(piece, to: &output)
    case .relaxed: updateRelaxed(piece, to: &output)
    }
  }

  /// Appends what the end of the body decides.
  mutating func finish(to output: inout [UInt8]) {
    if carriageReturnIsHeld { appendContent(.carriageReturn, to: &output) }
    carriageReturnIsHeld = false
    // §3.4.3: an empty body becomes one CRLF; §3.4.4: it stays empty.
    if !isEmpty || form == .simple { output += [.carriageReturn, .lineFeed] }
  }

  private mutating func updateSimple(_ piece: ArraySlice<UInt8>, to output: inout [UInt8]) {
    var piece = piece
    if carriageReturnIsHeld, let first = piece.first {
      carriageReturnIsHeld = false
      if first == .lineFeed {
        heldLineEnds += 1
        piece.removeFirst()
      } else {
        appendContent(.carriageReturn, to: &output)
      }
    }
    var contentEnd = piece.endIndex
    var lineEnds = 0
    if contentEnd > piece.startIndex, piece[contentEnd - 1] == .carriageReturn {
      carriageReturnIsHeld = true
      contentEnd -= 1
    }
    while contentEnd - 2 >= piece.startIndex, piece[contentEnd - 1] == .lineFeed,
      piece[contentEnd - 2] == .carriageReturn
    {
      lineEnds += 1
      contentEnd -= 2
    }
    if contentEnd > piece.startIndex {
      releaseLineEnds(to: &output)
      output.append(contentsOf: piece[..<contentEnd])
      isEmpty = false
    }
    heldLineEnds += lineEnds
  }

  private mutating func updateRelaxed(_ piece: ArraySlice<UInt8>, to output: inout [UInt8]) {
    for byte in piece {
      if carriageReturnIsHeld {
        carriageReturnIsHeld = false
        if byte == .lineFeed {
          blankIsHeld = false
          heldLineEnds += 1
          continue
        }
        appendContent(.carriageReturn, to: &output)
      }
      if byte == .carriageReturn {
        carriageReturnIsHeld = true
      } else if byte.isWSP {
        blankIsHeld = true
      } else {
        appendContent(byte, to: &output)
      }
    }
  }

  /// Appends an octet that is there to stay, and before it what was held.
  private mutating func appendContent(_ byte: UInt8, to output: inout [UInt8]) {
    if heldLineEnds > 0 { releaseLineEnds(to: &output) }
    if blankIsHeld {
      output.append(.blank)
      blankIsHeld = false
    }
    output.append(byte)
    isEmpty = false
  }

  private mutating func releaseLineEnds(to output: inout [UInt8]) {
    for _ in 0..<heldLineEnds { output += [.carriageReturn, .lineFeed] }
    heldLineEnds = 0
  }
}
