public import Foundation

/// The folder of official suites beside the project: `$SIGNET_CONFORMANCE`, or
/// `../shared/conformance`.
///
/// Where it is absent, the tests that need it are skipped by name (`.enabled(if:)`).
public enum Conformance {
  public static let folder: URL = {
    if let path = ProcessInfo.processInfo.environment["SIGNET_CONFORMANCE"] {
      return URL(filePath: path, directoryHint: .isDirectory)
    }
    let sources = URL(filePath: #filePath).deletingLastPathComponent()
    return sources.appending(path: "../../../shared/conformance").standardizedFileURL
  }()

  public static var isPresent: Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: "README.md").path)
  }

  public static func octets(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: folder.appending(path: path)))
  }
}
