import Foundation

/// Why octets are no message that can be judged, in a few words for people.
struct UnreadableMessage: Error {
  let reason: String
}

/// Opens what the command line names, and says in plain words why that cannot be read.
enum InputFile {
  enum Kind {
    case folder
    /// It can be opened again and gives the same octets.
    case regular
    /// A pipe or device: what was read once is gone.
    case stream
  }

  static func kind(of path: String) throws(UnreadableMessage) -> Kind {
    var status = stat()
    guard stat(path, &status) == 0 else { throw UnreadableMessage(reason: reason(errno)) }
    return switch status.st_mode & S_IFMT {
    case S_IFDIR: .folder
    case S_IFREG: .regular
    default: .stream
    }
  }

  /// An argument of `-` is standard input, as everywhere on Unix.
  static func argument(_ path: String) throws(UnreadableMessage) -> FileHandle {
    path == "-" ? .standardInput : try open(path)
  }

  static func open(_ path: String) throws(UnreadableMessage) -> FileHandle {
    guard try kind(of: path) != .folder else { throw UnreadableMessage(reason: reason(EISDIR)) }
    let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw UnreadableMessage(reason: reason(errno)) }
    return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  /// All of it, or the first `limit` octets.
  static func octets(
    of file: FileHandle, limit: Int = .max
  ) throws(UnreadableMessage) -> [UInt8] {
    let content: Data?
    do {
      content = limit == .max ? try file.readToEnd() : try file.read(upToCount: limit)
    } catch {
      throw UnreadableMessage(reason: "cannot be read")
    }
    return content.map { Array($0) } ?? []
  }

  private static func reason(_ code: CInt) -> String {
    switch code {
    case ENOENT, ENOTDIR: "no such file"
    case EACCES, EPERM: "permission denied"
    case EISDIR: "is a folder"
    default: "cannot be read: \(String(cString: strerror(code)))"
    }
  }
}
