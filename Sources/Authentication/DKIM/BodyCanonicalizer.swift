internal import Wire

/// Brings a body that arrives in pieces into canonical form (RFC 6376 §3.4.3, §3.4.4).
///
/// What is held back between pieces is only counted, so memory does not grow with the body. Only
/// CRLF ends a line; a bare CR or LF is an octet like any other. Runs that stay as they are, which
/// is nearly all of most messages, are found eight octets at a time and copied as a whole.
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
  ///
  /// - Returns: what is still to be read. It is empty but where a great many held line ends turn
  ///   out to count: they are given out in parts, so that memory stays bounded.
  @discardableResult
  mutating func update(
    _ piece: ArraySlice<UInt8>, to output: inout [UInt8]
  ) -> ArraySlice<UInt8> {
    var rest = piece
    let contentEnd = piece.startIndex + (form == .simple ? piece.simpleRun : 0)
    while let byte = rest.first {
      if holdsNothing {
        let clean = form == .simple ? contentEnd - rest.startIndex : rest.relaxedRun
        if clean > 0 {
          output.append(contentsOf: rest.prefix(clean))
          isEmpty = false
          rest = rest.dropFirst(clean)
          continue
        }
      }
      guard take(byte, to: &output) else { return rest }
      rest = rest.dropFirst()
    }
    return rest
  }

  /// Appends what the end of the body decides.
  ///
  /// - Returns: whether that is all; if not, call again.
  @discardableResult
  mutating func finish(to output: inout [UInt8]) -> Bool {
    if carriageReturnIsHeld {
      guard appendContent(.carriageReturn, to: &output) else { return false }
      carriageReturnIsHeld = false
    }
    // §3.4.3: an empty body becomes one CRLF; §3.4.4: it stays empty.
    if !isEmpty || form == .simple { output += [.carriageReturn, .lineFeed] }
    return true
  }

  private var holdsNothing: Bool { heldLineEnds == 0 && !blankIsHeld && !carriageReturnIsHeld }

  /// - Returns: whether the octet was read; if not, it is to be given again.
  private mutating func take(_ byte: UInt8, to output: inout [UInt8]) -> Bool {
    if carriageReturnIsHeld {
      if byte == .lineFeed {
        carriageReturnIsHeld = false
        blankIsHeld = false
        heldLineEnds += 1
        return true
      }
      guard appendContent(.carriageReturn, to: &output) else { return false }
      carriageReturnIsHeld = false
    }
    if byte == .carriageReturn {
      carriageReturnIsHeld = true
      return true
    }
    if byte.isWSP, form == .relaxed {
      blankIsHeld = true
      return true
    }
    return appendContent(byte, to: &output)
  }

  /// How many held line ends are given out at once.
  private static let releasedAtOnce = 1 << 15

  /// Appends an octet that is there to stay, and before it what was held.
  ///
  /// - Returns: false where only a part of the line ends was given out, and not the octet.
  private mutating func appendContent(_ byte: UInt8, to output: inout [UInt8]) -> Bool {
    let released = min(heldLineEnds, Self.releasedAtOnce)
    for _ in 0..<released { output += [.carriageReturn, .lineFeed] }
    heldLineEnds -= released
    if released > 0 { isEmpty = false }
    guard heldLineEnds == 0 else { return false }
    if blankIsHeld { output.append(.blank) }
    blankIsHeld = false
    output.append(byte)
    isEmpty = false
    return true
  }
}

extension ArraySlice<UInt8> {
  /// How many octets at the start the simple form surely keeps: all but CRs and LFs at the end.
  fileprivate var simpleRun: Int {
    var end = endIndex
    while end > startIndex, self[end - 1] == .carriageReturn || self[end - 1] == .lineFeed {
      end -= 1
    }
    return end - startIndex
  }

  /// How many octets at the start the relaxed form surely keeps: words with one blank between
  /// them, and line ends between lines that begin with a word.
  ///
  /// An octet counts only where those after it are there to show that it stays.
  fileprivate var relaxedRun: Int {
    unsafe withUnsafeBytes { octets in
      var index = 0
      while index < octets.count {
        if index + 9 <= octets.count, unsafe octets.isPlain(at: index) {
          index += 8
          continue
        }
        let step = unsafe octets.plainStep(at: index)
        guard step > 0 else { break }
        index += step
      }
      return index
    }
  }
}

extension UnsafeRawBufferPointer {
  /// Whether the eight octets are kept: each is a word's, or a blank before a word. The ninth is
  /// looked at too.
  @inline(__always)
  fileprivate func isPlain(at index: Int) -> Bool {
    let here = unsafe loadUnaligned(fromByteOffset: index, as: UInt64.self)
    let next = unsafe loadUnaligned(fromByteOffset: index + 1, as: UInt64.self)
    // Controls, CR, LF and tabs among them, need a closer look.
    let controls = here.octets(below: 0x20)
    let blanks = here.octets(below: 0x21) & ~controls
    return (controls | (blanks & next.octets(below: 0x21))) == 0
  }

  /// How many octets here surely stay: a word's octet, a blank before a word, or a line end
  /// before a word. Zero where that is not known.
  @inline(__always)
  fileprivate func plainStep(at index: Int) -> Int {
    let byte = unsafe self[index]
    switch byte {
    case .blank:
      guard index + 1 < count else { return 0 }
      let startsWord = unsafe self[index + 1] > 0x20
      return startsWord ? 2 : 0
    case .carriageReturn:
      guard index + 2 < count else { return 0 }
      let isLineEnd = unsafe self[index + 1] == .lineFeed && self[index + 2] > 0x20
      return isLineEnd ? 3 : 0
    case .tab:
      return 0
    default:
      // A word's last octet stays whatever follows.
      return 1
    }
  }
}

extension UInt64 {
  /// The top bit of each of the eight octets that is less than `bound`, which is at most 128. No
  /// octet's bits reach into another's.
  @inline(__always)
  fileprivate func octets(below bound: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let low = self & (ones &* 0x7F)
    return ~((low &+ ones &* (0x80 &- bound)) | self) & (ones &* 0x80)
  }
}
