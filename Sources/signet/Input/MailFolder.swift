import Foundation

/// The messages that a path on the command line stands for.
///
/// A file is one message, or an mbox where it begins with `From `. A folder is a Maildir where it
/// has `cur` or `new`, else every file in it is a message; hidden files are left out.
enum MailFolder {
  /// An mbox is read one message at a time.
  static func inputs(of path: String) -> any Sequence<MessageInput> {
    do throws(UnreadableMessage) {
      guard path != "-" else { return try streamed(path) }
      switch try InputFile.kind(of: path) {
      case .folder: return files(in: path)
      case .stream: return try streamed(path)
      case .regular:
        let pieces = try FilePieces(try InputFile.open(path))
        if Mbox.begins(pieces) { return Mbox(name: path, pieces) }
        // Not the open file: many messages may wait for their turn.
        return [MessageInput(name: path, source: .file(path))]
      }
    } catch {
      return [MessageInput(name: path, source: .missing(error.reason))]
    }
  }

  /// What comes through a pipe is there once only: what tells an mbox must not be lost.
  private static func streamed(_ path: String) throws(UnreadableMessage) -> any Sequence<
    MessageInput
  > {
    let pieces = try FilePieces(try InputFile.argument(path))
    if Mbox.begins(pieces) { return Mbox(name: path, pieces) }
    return [MessageInput(name: path, source: .opened(pieces))]
  }

  private static func files(in folder: String) -> [MessageInput] {
    let parts = ["cur", "new"].map { "\(folder)/\($0)" }
      .filter { FileManager.default.fileExists(atPath: $0) }
    let paths = (parts.isEmpty ? [folder] : parts).flatMap { folder in
      ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
        .filter { !$0.hasPrefix(".") }
        .map { folder.hasSuffix("/") ? "\(folder)\($0)" : "\(folder)/\($0)" }
        .filter(isRegularFile)
    }
    guard !paths.isEmpty else {
      return [MessageInput(name: folder, source: .missing("no messages in this folder"))]
    }
    return paths.map { MessageInput(name: $0, source: .file($0)) }
  }

  private static func isRegularFile(_ path: String) -> Bool {
    (try? InputFile.kind(of: path)) == .regular
  }
}
