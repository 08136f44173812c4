import Foundation

/// The octets of a file in pieces, so that memory does not grow with the file.
struct FilePieces: AsyncSequence, Sendable {
  /// A piece that was read already, to be given first.
  let first: [UInt8]
  let file: FileHandle

  static let pieceLength = 64 * 1024

  struct AsyncIterator: AsyncIteratorProtocol {
    var first: [UInt8]?
    let file: FileHandle

    mutating func next() throws -> [UInt8]? {
      if let piece = first {
        first = nil
        return piece
      }
      guard let piece = try file.read(upToCount: FilePieces.pieceLength), !piece.isEmpty else {
        return nil
      }
      return Array(piece)
    }
  }

  func makeAsyncIterator() -> AsyncIterator { AsyncIterator(first: first, file: file) }
}
