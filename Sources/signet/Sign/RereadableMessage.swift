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
  let lineEnds: LineEnds

  /// 64 MiB: what a pipe may bring.
  static let pipeLimit = 64 << 20

  /// - Parameter path: `-` for standard input.
  init(_ path: String) throws(UnreadableMessage) {
    let file = path == "-" ? FileHandle.standardInput : FileHandle(forReadingAtPath: path)
    guard let file else { throw UnreadableMessage(reason: MessageInput.whyUnreadable(path)) }
    let source: Source
    if (try? file.seek(toOffset: 0)) != nil {
      source = .file(file)
    } else {
      source = .octets(try Self.contents(of: file))
    }
    self.source = source
    var first: [UInt8]?
    Self.forEachPiece(of: source) { piece in
      if first == nil { first = Array(piece) }
      return false
    }
    guard let first else { throw UnreadableMessage(reason: "the message is empty") }
    lineEnds = LineEnds(firstLineOf: first)
  }

  private static func contents(of pipe: FileHandle) throws(UnreadableMessage) -> [UInt8] {
    var octets: [UInt8] = []
    do {
      while let piece = try pipe.read(upToCount: FilePieces.pieceLength), !piece.isEmpty {
        octets += piece
        guard octets.count <= pipeLimit else { break }
      }
    } catch {
      throw UnreadableMessage(reason: "cannot be read")
    }
    guard octets.count <= pipeLimit else {
      throw UnreadableMessage(
        reason: "more than \(pipeLimit >> 20) MiB through a pipe: give a file")
    }
    return octets
  }

  /// Reads the message from its start, until `body` returns false.
  func forEachPiece(_ body: (ArraySlice<UInt8>) throws -> Bool) throws {
    try Self.forEachPiece(of: source, body)
  }

  private static func forEachPiece<Failure: Error>(
    of source: Source, _ body: (ArraySlice<UInt8>) throws(Failure) -> Bool
  ) throws(Failure) {
    switch source {
    case .octets(let octets):
      var start = 0
      while start < octets.count {
        let end = min(start + FilePieces.pieceLength, octets.count)
        guard try body(octets[start..<end]) else { return }
        start = end
      }
    case .file(let file):
      try? file.seek(toOffset: 0)
      while let piece = try? file.read(upToCount: FilePieces.pieceLength), !piece.isEmpty {
        guard try body(Array(piece)[...]) else { return }
      }
    }
  }

  /// The message from its start.
  func pieces() -> FilePieces {
    switch source {
    case .octets(let octets): return FilePieces(first: octets, file: .nullDevice)
    case .file(let file):
      try? file.seek(toOffset: 0)
      return FilePieces(first: [], file: file)
    }
  }

  /// Writes fields, whose lines end in CRLF, in the line ends of the message, and the message
  /// itself as it is.
  func write(below fields: [UInt8]) throws {
    Terminal.write(lineEnds == .crlf ? fields : fields.filter { $0 != 0x0D })
    try forEachPiece {
      Terminal.write(Array($0))
      return true
    }
  }
}
