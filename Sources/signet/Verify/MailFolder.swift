import Foundation

/// The messages that a path on the command line stands for.
///
/// A file is one message, or an mbox where it begins with `From `. A folder is a Maildir where it
/// has `cur` or `new`, else every file in it is a message; hidden files are left out.
enum MailFolder {
  /// An mbox is read one message at a time.
  static func inputs(of path: String) -> any Sequence<MessageInput> {
    if path == "-" { return [MessageInput(name: "-", source: .standardInput)] }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      return [MessageInput(name: path, source: .missing("no such file"))]
    }
    if isFolder.boolValue { return files(in: path) }
    if Mbox.begins(path) { return Mbox(path: path) }
    return [MessageInput(name: path, source: .file(path))]
  }

  private static func files(in folder: String) -> [MessageInput] {
    let parts = ["cur", "new"].map { "\(folder)/\($0)" }
      .filter { FileManager.default.fileExists(atPath: $0) }
    let paths = (parts.isEmpty ? [folder] : parts).flatMap { folder in
      ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
        .filter { !$0.hasPrefix(".") }
        .map { "\(folder)/\($0)" }
        .filter(isRegularFile)
    }
    guard !paths.isEmpty else {
      return [MessageInput(name: folder, source: .missing("no messages in this folder"))]
    }
    return paths.map { MessageInput(name: $0, source: .file($0)) }
  }

  private static func isRegularFile(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && !isFolder.boolValue
  }
}
