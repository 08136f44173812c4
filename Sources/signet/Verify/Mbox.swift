import Foundation

/// The messages of an mbox file (RFC 4155 appendix A), one after another.
///
/// A line that begins with `From ` after an empty line, or first of all, starts a message. Of
/// lines that begin with `>`s and `From ` one `>` is taken away ("mboxrd"), since it was put there
/// when the message was stored. The empty line before the next message belongs to the mbox.
struct Mbox: Sequence {
  let path: String

  private static let mark = Array("From ".utf8)

  static func begins(_ path: String) -> Bool {
    guard let file = FileHandle(forReadingAtPath: path),
      let start = try? file.read(upToCount: mark.count)
    else { return false }
    return start.elementsEqual(mark)
  }

  func makeIterator() -> Iterator { Iterator(path: path) }

  struct Iterator: IteratorProtocol {
    private let path: String
    private let file: FileHandle?
    private var buffer: [UInt8] = []
    private var position = 0
    private var number = 0

    init(path: String) {
      self.path = path
      file = FileHandle(forReadingAtPath: path)
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
      guard hasLines else { return nil }
      if isAfterEmptyLine {
        message.removeLast(message.suffix(2).elementsEqual("\r\n".utf8) ? 2 : 1)
      }
      number += 1
      return MessageInput(name: "\(path)#\(number)", source: .octets(message))
    }

    /// One line with its LF, or what stands before the end of the file; nil at the end.
    private mutating func nextLine() -> [UInt8]? {
      var searched = position
      repeat {
        if let end = buffer[searched...].firstIndex(of: 0x0A) {
          defer { position = end + 1 }
          return Array(buffer[position...end])
        }
        buffer.removeSubrange(..<position)
        position = 0
        searched = buffer.count
      } while fill()
      defer { buffer = [] }
      return buffer.isEmpty ? nil : buffer
    }

    private mutating func fill() -> Bool {
      guard let piece = try? file?.read(upToCount: FilePieces.pieceLength), !piece.isEmpty else {
        return false
      }
      buffer.append(contentsOf: piece)
      return true
    }
  }

  private static func unescaped(_ line: [UInt8]) -> ArraySlice<UInt8> {
    let rest = line.drop { $0 == UInt8(ascii: ">") }
    return rest.count < line.count && rest.starts(with: mark) ? line.dropFirst() : line[...]
  }
}
