import Foundation

/// A file of messages to verify, a JSON object a line, with the session of each.
///
///     {"id": "1", "file": "a.eml", "ip": "192.0.2.1", "helo": "mx.example", "mail_from": "a@b.example"}
///
/// `ip`, `helo` and `mail_from` may be absent or null; an empty `mail_from` is the null
/// reverse-path. A relative `file` is looked for in the working folder, then beside the batch.
enum Batch {
  private struct Line: Decodable {
    var id: String?
    var file: String
    var ip: String?
    var helo: String?
    var mailFrom: String?

    enum CodingKeys: String, CodingKey {
      case id, file, ip, helo
      case mailFrom = "mail_from"
    }
  }

  /// - Throws: `CommandFailure` naming the line that cannot be read.
  static func inputs(of path: String) throws -> [MessageInput] {
    let content: [UInt8]
    do throws(UnreadableMessage) {
      content = try InputFile.octets(of: try InputFile.argument(path))
    } catch {
      throw CommandFailure("\(path): \(error.reason)", .unreadable)
    }
    let folder = URL(filePath: path).deletingLastPathComponent()
    var inputs: [MessageInput] = []
    for (index, line) in content.split(separator: 0x0A, omittingEmptySubsequences: false)
      .enumerated() where !line.allSatisfy({ [0x20, 0x09, 0x0D].contains($0) })
    {
      do {
        inputs.append(input(try JSONDecoder().decode(Line.self, from: Data(line)), beside: folder))
      } catch {
        throw CommandFailure(
          "\(path):\(index + 1): not a batch line: \(reason(error))", .unreadable)
      }
    }
    return inputs
  }

  private static func input(_ line: Line, beside folder: URL) -> MessageInput {
    let beside = folder.appending(path: line.file).path
    let isHere = FileManager.default.fileExists(atPath: line.file)
    let path = !isHere && FileManager.default.fileExists(atPath: beside) ? beside : line.file
    return MessageInput(
      id: line.id, name: line.file, source: .file(path),
      session: SessionOptions(ip: line.ip, helo: line.helo, mailFrom: line.mailFrom))
  }

  private static func reason(_ error: any Error) -> String {
    switch error as? DecodingError {
    case .keyNotFound(let key, _): "\"\(key.stringValue)\" is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      context.codingPath.isEmpty
        ? "no JSON object" : "\"\(context.codingPath.last?.stringValue ?? "line")\" is no string"
    default: "no JSON object"
    }
  }
}
