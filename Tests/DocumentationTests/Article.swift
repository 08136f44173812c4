import Foundation
import Testing

/// An article of a DocC catalogue, and the file of listings that it prints.
struct Article {
  let path: String
  let snippet: String

  static let all = [
    Article(
      path: "Authentication/Documentation.docc/VerifyAMessage.md", snippet: "VerifyMessage.swift"),
    Article(
      path: "Authentication/Documentation.docc/ReadTheEvidence.md", snippet: "ReadEvidence.swift"),
    Article(path: "DNS/Documentation.docc/WriteAResolver.md", snippet: "WriteResolver.swift"),
  ]

  /// What stands between fences of this language, in order.
  func blocks(_ language: String) throws -> [String] {
    try Self.cut(read("Sources/\(path)"), from: "```\(language)", to: "```")
  }

  /// What stands between the markers of the Swift file, in order.
  func listings() throws -> [String] {
    try Self.cut(
      read("Tests/DocumentationTests/Snippets/\(snippet)"), from: "// listing", to: "// end")
  }

  private func read(_ path: String) throws -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  static func cut(_ text: String, from start: String, to end: String) throws -> [String] {
    var blocks: [String] = []
    var open: [Substring]?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      switch open {
      case nil where line == start: open = []
      case let lines? where line == end:
        blocks.append(lines.joined(separator: "\n"))
        open = nil
      case var lines?:
        lines.append(line)
        open = lines
      case nil: break
      }
    }
    try #require(open == nil, "a block without an end")
    return blocks
  }
}
