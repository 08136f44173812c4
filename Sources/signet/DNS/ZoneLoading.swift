import DNS
import Foundation

/// Reads the zone files that `--zone` and `--with` name, in order.
///
/// `$INCLUDE` reaches regular files at or below the folder of the zone file, and nothing else: no
/// absolute path, no `..`, no symbolic link that leads out. Paths are relative to that folder, in
/// included files too.
///
/// - Throws: `ZoneFileError`, whose text names the file and line.
func loadZones(paths: [String]) throws(ZoneFileError) -> [ZoneFile] {
  var zones: [ZoneFile] = []
  for path in paths {
    let folder = ZoneFolder(of: path)
    let octets: [UInt8]
    do {
      octets = try ZoneFolder.read(path)
    } catch {
      throw ZoneFileError(file: path, problem: "cannot be read: \(error.reason)")
    }
    zones.append(
      try ZoneFile(parsing: octets, name: path) { name throws(IncludeRefusal) in
        try folder.readIncluded(name)
      })
  }
  return zones
}

/// The folder that a zone file's `$INCLUDE` is confined to.
struct ZoneFolder {
  private let path: String

  init(of file: String) {
    path = URL(filePath: file).standardizedFileURL.deletingLastPathComponent().path
  }

  func readIncluded(_ name: String) throws(IncludeRefusal) -> [UInt8] {
    guard !name.isEmpty, !name.utf8.contains(0) else { throw IncludeRefusal("no file name") }
    guard !name.hasPrefix("/") else { throw IncludeRefusal("the path is absolute") }
    guard !name.split(separator: "/").contains("..") else {
      throw IncludeRefusal("the path leads out of the zone's folder")
    }
    guard let folder = Self.resolved(path), let file = Self.resolved(path + "/" + name) else {
      throw IncludeRefusal("no such file")
    }
    guard file.hasPrefix(folder.hasSuffix("/") ? folder : folder + "/") else {
      throw IncludeRefusal("a symbolic link leads out of the zone's folder")
    }
    guard (try? Self.attributes(of: file))?[.type] as? FileAttributeType == .typeRegular else {
      throw IncludeRefusal("not a regular file")
    }
    return try Self.read(file)
  }

  static func read(_ path: String) throws(IncludeRefusal) -> [UInt8] {
    let limit = ZoneFile.Limits().octets
    if let size = (try? attributes(of: path))?[.size] as? Int, size > limit {
      throw IncludeRefusal("more than \(limit) octets")
    }
    // One octet more than is allowed: the parser then refuses it.
    do throws(UnreadableMessage) {
      return try InputFile.octets(of: try InputFile.open(path), limit: limit + 1)
    } catch {
      throw IncludeRefusal(error.reason)
    }
  }

  private static func attributes(of path: String) throws -> [FileAttributeKey: Any] {
    try FileManager.default.attributesOfItem(atPath: path)
  }

  private static func resolved(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
