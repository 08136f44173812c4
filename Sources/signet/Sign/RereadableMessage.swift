import Foundation
import Mail

/// A message that is read twice: once for its hashes, once to be written behind its signature.
///
/// A file is read twice from its start, and memory does not grow with it; a file that comes as
/// standard input (`< FILE`) as well. What comes through a pipe is held in memory, up to a bound.
struct RereadableMessage {
  private enum Source {
    case file(FileHandle)
    case octets([UInt8])
  }

  private let source: Source
  /// Octets of the file when it was opened.
  private let count: Int
  let lineEnds: LineEnds

  /// 64 MiB: what a pipe may bring.
  static let pipeLimit = 64 << 20

  /// - Parameter path: `-` for standard input.
  init(_ path: String) throws(UnreadableMessage) {
    let file = try InputFile.argument(path)
    if let end = try? file.seekToEnd() {
      source = .file(file)
      count = Int(end)
    } else {
      let octets = try InputFile.octets(of: file, limit: Self.pipeLimit + 1)
      guard octets.count <= Self.pipeLimit else {
        throw UnreadableMessage(
          reason: "more than \(Self.pipeLimit >> 20) MiB through a pipe: give a file")
      }
      source = .octets(octets)
      count = octets.count
    }
    lineEnds = LineEnds(firstLineOf: try Self.pieces(of: source).first)
  }

  /// The message from its start.
  func pieces() throws(UnreadableMessage) -> FilePieces { try Self.pieces(of: source) }

  private static func pieces(of source: Source) throws(UnreadableMessage) -> FilePieces {
    switch source {
    case .octets(let octets):
      guard !octets.isEmpty else { throw UnreadableMessage(reason: "the message is empty") }
      return FilePieces(first: octets, file: .nullDevice)
    case .file(let file):
      do { try file.seek(toOffset: 0) } catch {
        throw UnreadableMessage(reason: "cannot be read")
      }
      return try FilePieces(file)
    }
  }

  /// Reads the message from its start.
  ///
  /// - Throws: what `body` throws; `UnreadableMessage`, also where the file has another size than
  ///   at first: a signature would not be of this message.
  func forEachPiece(_ body: (ArraySlice<UInt8>) throws -> Void) throws {
    var iterator = try pieces().makeAsyncIterator()
    var read = 0
    while let piece = try nextPiece(of: &iterator) {
      read += piece.count
      try body(piece[...])
    }
    guard read == count else { throw UnreadableMessage(reason: "it changed while it was read") }
  }

  private func nextPiece(
    of iterator: inout FilePieces.AsyncIterator
  ) throws(UnreadableMessage) -> [UInt8]? {
    do { return try iterator.next() } catch { throw UnreadableMessage(reason: "cannot be read") }
  }

  /// Writes fields, whose lines end in CRLF, in the line ends of the message, and the message
  /// itself as it is.
  func write(below fields: [UInt8]) throws {
    Terminal.write((lineEnds == .crlf ? fields : fields.filter { $0 != 0x0D })[...])
    try forEachPiece { Terminal.write($0) }
  }
}
