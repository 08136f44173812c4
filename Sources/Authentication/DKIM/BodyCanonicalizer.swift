internal import Wire

/// Takes the octets of a canonical body, in order.
protocol BodySink {
  mutating func take(_ octets: ArraySlice<UInt8>)
}

/// Brings a body that arrives in pieces into canonical form (RFC 6376 §3.4.3, §3.4.4).
///
/// What is held back between pieces is only counted, so memory does not grow with the body. Only
/// CRLF ends a line; a bare CR or LF is an octet like any other. Runs that stay as they are, which
/// is nearly all of most messages, go from the piece to the sink without being copied.
struct BodyCanonicalizer {
  private let form: DKIMCanonicalization
  /// Line ends that count only if something follows them.
  private var heldLineEnds = 0
  private var blankIsHeld = false
  private var carriageReturnIsHeld = false
  /// Whether any octet has been given out.
  private var isEmpty = true
  /// Canonical octets on their way to the sink: a hash takes many at once in less time.
  private var gathered: [UInt8] = []

  init(_ form: DKIMCanonicalization) { self.form = form }

  /// Gives the canonical octets of the next piece to `sink`.
  mutating func update(_ piece: ArraySlice<UInt8>, to sink: inout some BodySink) {
    let contentEnd = piece.contentEnd(form)
    var index = piece.startIndex
    while index < piece.endIndex {
      if index < contentEnd, holdsNothing {
        let end = form == .simple ? contentEnd : piece[..<contentEnd].looseBlank(from: index)
        if index < end {
          give(piece[index..<end], to: &sink)
          index = end
          continue
        }
      }
      take(piece[index], to: &sink)
      index += 1
    }
    flush(to: &sink)
  }

  /// Gives what the end of the body decides.
  mutating func finish(to sink: inout some BodySink) {
    if carriageReturnIsHeld { giveContent(.carriageReturn, to: &sink) }
    // §3.4.3: an empty body becomes one CRLF; §3.4.4: it stays empty.
    if !isEmpty || form == .simple { gathered += [.carriageReturn, .lineFeed] }
    flush(to: &sink)
  }

  private var holdsNothing: Bool { heldLineEnds == 0 && !blankIsHeld && !carriageReturnIsHeld }

  private mutating func take(_ byte: UInt8, to sink: inout some BodySink) {
    if carriageReturnIsHeld {
      carriageReturnIsHeld = false
      if byte == .lineFeed {
        blankIsHeld = false
        heldLineEnds += 1
        return
      }
      giveContent(.carriageReturn, to: &sink)
    }
    if byte == .carriageReturn {
      carriageReturnIsHeld = true
    } else if byte.isWSP, form == .relaxed {
      blankIsHeld = true
    } else {
      giveContent(byte, to: &sink)
    }
  }

  /// Gives an octet that is there to stay, and before it what was held.
  private mutating func giveContent(_ byte: UInt8, to sink: inout some BodySink) {
    while heldLineEnds > 0 {
      heldLineEnds -= 1
      gathered.append(.carriageReturn)
      gathered.append(.lineFeed)
      flushIfFull(to: &sink)
    }
    if blankIsHeld { gathered.append(.blank) }
    blankIsHeld = false
    gathered.append(byte)
    isEmpty = false
    flushIfFull(to: &sink)
  }

  /// Short runs are gathered, long ones are not worth a copy.
  private static let shortRun = 256
  private static let gatheredAtOnce = 1 << 14

  private mutating func give(_ run: ArraySlice<UInt8>, to sink: inout some BodySink) {
    isEmpty = false
    if run.count < Self.shortRun {
      gathered.append(contentsOf: run)
      flushIfFull(to: &sink)
    } else {
      flush(to: &sink)
      sink.take(run)
    }
  }

  private mutating func flushIfFull(to sink: inout some BodySink) {
    if gathered.count >= Self.gatheredAtOnce { flush(to: &sink) }
  }

  private mutating func flush(to sink: inout some BodySink) {
    guard !gathered.isEmpty else { return }
    sink.take(gathered[...])
    gathered.removeAll(keepingCapacity: true)
  }
}

extension ArraySlice<UInt8> {
  /// One past the last octet that stays whatever follows: no CR or LF, and in the relaxed form no
  /// blank.
  fileprivate func contentEnd(_ form: DKIMCanonicalization) -> Int {
    var end = endIndex
    while end > startIndex {
      let last = self[end - 1]
      guard last == .carriageReturn || last == .lineFeed || form == .relaxed && last.isWSP else {
        break
      }
      end -= 1
    }
    return end
  }
}
