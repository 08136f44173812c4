import Foundation
import Mail

/// One message to verify: where its octets come from, and how it is named in answers.
struct MessageInput: Sendable {
  enum Source: Sendable {
    case standardInput
    case file(String)
    /// Octets that are there already: a message out of an mbox.
    case octets([UInt8])
    /// It could not be got; the reason.
    case missing(String)
  }

  /// The `id` of a batch line, or nil.
  var id: String?
  /// As the user named it.
  var name: String
  var source: Source
  /// The session of this very message; nil for that of the command line.
  var session: SessionOptions?

  init(id: String? = nil, name: String, source: Source, session: SessionOptions? = nil) {
    self.id = id
    self.name = name
    self.source = source
    self.session = session
  }
}

/// Why octets are no message that can be judged, in one line for people.
struct UnreadableMessage: Error {
  let reason: String
}

extension MessageInput {
  /// Opens the message, and reads its first piece.
  func open() throws(UnreadableMessage) -> FilePieces {
    switch source {
    case .standardInput: return try Self.pieces(of: .standardInput)
    case .missing(let reason): throw UnreadableMessage(reason: reason)
    case .octets(let octets):
      guard !octets.isEmpty else { throw UnreadableMessage(reason: "the message is empty") }
      return FilePieces(first: octets, file: .nullDevice)
    case .file(let path):
      guard let file = FileHandle(forReadingAtPath: path) else {
        throw UnreadableMessage(reason: Self.whyUnreadable(path))
      }
      return try Self.pieces(of: file)
    }
  }

  private static func pieces(of file: FileHandle) throws(UnreadableMessage) -> FilePieces {
    guard let first = try? file.read(upToCount: FilePieces.pieceLength) ?? Data() else {
      throw UnreadableMessage(reason: "cannot be read")
    }
    guard !first.isEmpty else { throw UnreadableMessage(reason: "the file is empty") }
    return FilePieces(first: Array(first), file: file)
  }

  /// What to say of a file that cannot be opened.
  static func whyUnreadable(_ path: String) -> String {
    FileManager.default.fileExists(atPath: path) ? "cannot be read" : "no such file"
  }
}

extension LineEnds {
  /// How the lines of a file end, told from its first line.
  init(firstLineOf octets: [UInt8]) {
    let end = octets.firstIndex(of: 0x0A)
    self = end.map { $0 > 0 && octets[$0 - 1] == 0x0D } ?? true ? .crlf : .bareLineFeed
  }
}
