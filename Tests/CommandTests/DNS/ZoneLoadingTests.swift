import DNS
import Foundation
import Testing
import Wire

@testable import signet

@Suite("zone files from disk, and what $INCLUDE may reach")
struct ZoneLoadingTests {
  /// Runs `body` with a folder that holds `zone/`, beside which a secret lies.
  private static func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "signet-zones-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let zone = folder.appending(path: "zone")
    try FileManager.default.createDirectory(
      at: zone.appending(path: "sub"), withIntermediateDirectories: true)
    try Foundation.Data("secret A 192.0.2.66\n".utf8).write(to: folder.appending(path: "secret"))
    try Foundation.Data("inner A 192.0.2.2\n".utf8).write(to: zone.appending(path: "sub/inner"))
    try FileManager.default.createSymbolicLink(
      at: zone.appending(path: "out"), withDestinationURL: folder.appending(path: "secret"))
    try FileManager.default.createSymbolicLink(
      at: zone.appending(path: "in"), withDestinationURL: zone.appending(path: "sub/inner"))
    try body(zone.path)
  }

  private static func load(_ text: String, in folder: String) throws -> [ZoneFile] {
    try Foundation.Data(text.utf8).write(to: URL(filePath: folder + "/main.zone"))
    return try loadZones(paths: [folder + "/main.zone"])
  }

  @Test(arguments: ["sub/inner", "in", "./sub/inner"])
  func includes(path: String) throws {
    try Self.withFolder { folder in
      let zones = try Self.load("a A 192.0.2.1\n$INCLUDE \(path)\n", in: folder)
      #expect(zones.flatMap(\.entries).map(\.name.description) == ["a", "inner"])
    }
  }

  @Test(arguments: [
    ("/etc/hostname", "the path is absolute"),
    ("../secret", "the path leads out of the zone's folder"),
    ("sub/../../secret", "the path leads out of the zone's folder"),
    ("out", "a symbolic link leads out of the zone's folder"),
    ("none", "no such file"),
    ("sub", "not a regular file"),
    ("\"\"", "no file name"),
  ])
  func refuses(path: String, reason: String) throws {
    try Self.withFolder { folder in
      let name = path == "\"\"" ? "" : path
      #expect(
        throws: ZoneFileError(
          file: folder + "/main.zone", line: 1, problem: "cannot include \"\(name)\": \(reason)")
      ) { try Self.load("$INCLUDE \(path)\n", in: folder) }
    }
  }

  @Test func namesAFileThatIsNotThere() throws {
    let error = try #require(throws: ZoneFileError.self) {
      try loadZones(paths: ["/nonexistent/zone"])
    }
    #expect(error.description.hasPrefix("/nonexistent/zone: cannot be read: "))
  }
}
