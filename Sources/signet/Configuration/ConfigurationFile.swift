import Foundation

/// The configuration of `signet` (docs/sign.md).
///
///     signing:
///       table:
///         example.com:
///           - {domain: example.com, selector: s1, key: keys/s1.example.com.pem}
struct ConfigurationFile {
  let signing: SigningSection

  /// - Throws: `CommandFailure` with status 78, naming file, line and column.
  init(path: String) throws {
    do throws(ConfigurationError) {
      try self.init(parsing: try Self.read(path), path: path)
    } catch {
      throw CommandFailure("\(error)", .configuration)
    }
  }

  init(parsing text: String, path: String) throws(ConfigurationError) {
    let root = try ConfigurationNode.parse(text, file: path)
    let members = try root.members(allowed: ["signing"])
    guard let signing = members["signing"] else { throw root.error("\"signing\" is missing") }
    let folder = URL(filePath: path).deletingLastPathComponent()
    self.signing = try SigningSection(signing, folder: folder)
  }

  private static func read(_ path: String) throws(ConfigurationError) -> String {
    func refuse(_ problem: String) -> ConfigurationError {
      ConfigurationError(file: path, line: 0, column: 0, problem: problem)
    }
    let content: [UInt8]
    do throws(UnreadableMessage) {
      content = try InputFile.octets(
        of: try InputFile.open(path), limit: ConfigurationNode.maximumOctets + 1)
    } catch {
      throw refuse(error.reason)
    }
    guard content.count <= ConfigurationNode.maximumOctets else {
      throw refuse("more than \(ConfigurationNode.maximumOctets) octets")
    }
    guard let text = String(validating: content, as: UTF8.self) else { throw refuse("not UTF-8") }
    return text
  }
}
