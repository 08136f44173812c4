import Synchronization

/// The pieces of a message, kept while they pass, up to a bound: a diagnosis wants them all at
/// once, once the verdict is there.
struct KeptPieces: AsyncSequence, Sendable {
  /// What has been kept.
  final class Octets: Sendable {
    private let state: Mutex<[UInt8]?>

    init(keeps: Bool) { state = Mutex(keeps ? [] : nil) }

    /// Nil where nothing was to be kept, or the message is longer than the bound.
    var octets: [UInt8]? { state.withLock { $0 } }

    func take(_ piece: [UInt8]) {
      state.withLock { octets in
        guard let count = octets?.count else { return }
        if count + piece.count > KeptPieces.maximumLength {
          octets = nil
        } else {
          octets?.append(contentsOf: piece)
        }
      }
    }
  }

  /// Octets of a message that are kept: twice what a diagnosis looks at in a body.
  static let maximumLength = 4 * 1024 * 1024

  let base: FilePieces
  let kept: Octets

  init(_ base: FilePieces, keeps: Bool) {
    self.base = base
    kept = Octets(keeps: keeps)
  }

  struct AsyncIterator: AsyncIteratorProtocol {
    var base: FilePieces.AsyncIterator
    let kept: Octets

    mutating func next() throws -> [UInt8]? {
      let piece = try base.next()
      if let piece { kept.take(piece) }
      return piece
    }
  }

  func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(base: base.makeAsyncIterator(), kept: kept)
  }
}
