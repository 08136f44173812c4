import Foundation
import Mail

/// One message to verify: where its octets come from, and how it is named in answers.
struct MessageInput: Sendable {
  enum Source: Sendable {
    case file(String)
    /// A stream whose first piece has been looked at; it can be read once.
    case opened(FilePieces)
    /// Octets that are there already: a message out of an mbox.
    case octets([UInt8])
    /// It could not be got; the reason.
    case missing(String)
  }

  /// The `id` of a batch line, or nil.
  var id: String?
  /// As the user named it; `-` for standard input.
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

  /// The name for people.
  var shownName: String {
    name == "-" || name.hasPrefix("-#") ? "standard input\(name.dropFirst())" : name
  }
}

extension MessageInput {
  /// Opens the message, and reads its first piece.
  func open() throws(UnreadableMessage) -> FilePieces {
    switch source {
    case .missing(let reason): throw UnreadableMessage(reason: reason)
    case .opened(let pieces): return pieces
    case .file(let path): return try FilePieces(try InputFile.open(path))
    case .octets(let octets):
      guard !octets.isEmpty else { throw UnreadableMessage(reason: "the message is empty") }
      return FilePieces(first: octets, file: .nullDevice)
    }
  }
}

extension LineEnds {
  /// How the lines of a file end, told from its first line.
  init(firstLineOf octets: some BidirectionalCollection<UInt8>) {
    let end = octets.firstIndex(of: 0x0A)
    self = end.map { octets[..<$0].last == 0x0D } ?? true ? .crlf : .bareLineFeed
  }
}
