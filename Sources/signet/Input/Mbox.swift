import Foundation
import Wire

/// The messages of an mbox file (RFC 4155 appendix A), one after another.
///
/// A line that begins with `From ` after an empty line, or first of all, starts a message. Of
/// lines that begin with `>`s and `From ` one `>` is taken away ("mboxrd"), since it was put there
/// when the message was stored. The empty line before the next message belongs to the mbox.
struct Mbox: Sequence {
  private let name: String
  private let pieces: FilePieces

  private static let mark = Array("From ".utf8)

  /// - Parameter pieces: read once: only one iterator gets messages out of them.
  init(name: String, _ pieces: FilePieces) {
    self.name = name
    self.pieces = pieces
  }

  static func begins(_ pieces: FilePieces) -> Bool { pieces.first.starts(with: mark) }

  func makeIterator() -> Iterator { Iterator(name: name, pieces.makeAsyncIterator()) }

  struct Iterator: IteratorProtocol {
    private let name: String
    private var pieces: FilePieces.AsyncIterator
    private var buffer: [UInt8] = []
    private var position = 0
    private var number = 0

    init(name: String, _ pieces: FilePieces.AsyncIterator) {
      self.name = name
      self.pieces = pieces
      _ = nextLine()
    }

    mutating func next() -> MessageInput? {
      var message: [UInt8] = []
      var isAfterEmptyLine = false
      var hasLines = false
      while let line = nextLine() {
        if isAfterEmptyLine, line.starts(with: Mbox.mark) { break }
        hasLines = true
        message.append(contentsOf: Mbox.unescaped(line))
        isAfterEmptyLine = line.elementsEqual("\n".utf8) || line.elementsEqual("\r\n".utf8)
      }
      guard hasLines else {
        guard number == 0 else { return nil }
        number = 1
        return MessageInput(name: name, source: .missing("an mbox without a message"))
      }
      if isAfterEmptyLine {
        message.removeLast(message.suffix(2).elementsEqual("\r\n".utf8) ? 2 : 1)
      }
      number += 1
      return MessageInput(name: "\(name)#\(number)", source: .octets(message))
    }

    /// One line with its LF, or what stands before the end of the file; nil at the end.
    private mutating func nextLine() -> ArraySlice<UInt8>? {
      var searched = position
      repeat {
        let end = buffer[...].firstPlace(from: searched) { here, _ in here .== .all(.lineFeed) }
        if end < buffer.count {
          defer { position = end + 1 }
          return buffer[position...end]
        }
        buffer.removeSubrange(..<position)
        position = 0
        searched = buffer.count
      } while fill()
      defer { buffer = [] }
      return buffer.isEmpty ? nil : buffer[...]
    }

    private mutating func fill() -> Bool {
      guard let piece = try? pieces.next() else { return false }
      buffer.append(contentsOf: piece)
      return true
    }
  }

  private static func unescaped(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let rest = line.drop { $0 == UInt8(ascii: ">") }
    return rest.count < line.count && rest.starts(with: mark) ? line.dropFirst() : line
  }
}
