import Foundation

/// The octets of a file in pieces, so that memory does not grow with the file.
struct FilePieces: AsyncSequence, Sendable {
  /// A piece that was read already, to be given first.
  let first: [UInt8]
  let file: FileHandle

  static let pieceLength = 64 * 1024

  init(first: [UInt8], file: FileHandle) {
    self.first = first
    self.file = file
  }

  /// Reads the first piece of a message.
  init(_ file: FileHandle) throws(UnreadableMessage) {
    guard let first = try? file.read(upToCount: Self.pieceLength) ?? Data() else {
      throw UnreadableMessage(reason: "cannot be read")
    }
    guard !first.isEmpty else { throw UnreadableMessage(reason: "the message is empty") }
    self.init(first: Array(first), file: file)
  }

  struct AsyncIterator: AsyncIteratorProtocol {
    /// What is left of the first piece.
    var first: ArraySlice<UInt8>
    let file: FileHandle

    mutating func next() throws -> [UInt8]? {
      if !first.isEmpty {
        // A whole message may have been given.
        let piece = first.prefix(FilePieces.pieceLength)
        first = first.dropFirst(piece.count)
        return Array(piece)
      }
      guard let piece = try file.read(upToCount: FilePieces.pieceLength), !piece.isEmpty else {
        return nil
      }
      return Array(piece)
    }
  }

  func makeAsyncIterator() -> AsyncIterator { AsyncIterator(first: first[...], file: file) }
}
