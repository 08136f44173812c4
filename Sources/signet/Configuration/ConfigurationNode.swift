import Foundation
import Yams

/// A value of a configuration file (YAML 1.2), which knows its place.
///
/// Narrower than YAML: no aliases and anchors, no tags, no key twice, one document.
struct ConfigurationNode {
  let file: String
  let node: Node

  /// More is no configuration that a person wrote.
  static let maximumOctets = 4 << 20

  /// - Throws: `ConfigurationError`.
  static func parse(_ text: String, file: String) throws(ConfigurationError) -> ConfigurationNode {
    do {
      // The parser must live as long as anchors are looked for.
      let parser = try Parser(yaml: text)
      guard let root = try parser.singleRoot() else {
        throw ConfigurationError(file: file, line: 0, column: 0, problem: "the file is empty")
      }
      let node = ConfigurationNode(file: file, node: root)
      try withExtendedLifetime(parser) { try node.refuseAnchors() }
      return node
    } catch let error as ConfigurationError {
      throw error
    } catch let error as YamlError {
      throw Self.error(error, file)
    } catch {
      throw ConfigurationError(file: file, line: 0, column: 0, problem: "not YAML")
    }
  }

  private static func error(_ error: YamlError, _ file: String) -> ConfigurationError {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      ConfigurationError(file: file, line: mark.line, column: mark.column, problem: problem)
    case .duplicatedKeysInMapping(let keys, let context):
      ConfigurationError(
        file: file, line: context.mark.line, column: context.mark.column,
        problem: "the key \"\(keys.first ?? "")\" stands twice")
    default:
      ConfigurationError(file: file, line: 0, column: 0, problem: "not YAML")
    }
  }

  /// Anchors come before their aliases, so no alias is ever followed.
  private func refuseAnchors() throws(ConfigurationError) {
    if node.anchor != nil { throw error("anchors and aliases are not allowed") }
    switch node {
    case .mapping(let mapping):
      for (key, value) in mapping {
        try ConfigurationNode(file: file, node: key).refuseAnchors()
        try ConfigurationNode(file: file, node: value).refuseAnchors()
      }
    case .sequence(let sequence):
      for value in sequence { try ConfigurationNode(file: file, node: value).refuseAnchors() }
    case .scalar: break
    case .alias: throw error("anchors and aliases are not allowed")
    }
  }

  func error(_ problem: String) -> ConfigurationError {
    let mark = node.mark
    return ConfigurationError(
      file: file, line: mark?.line ?? 0, column: mark?.column ?? 0, problem: problem)
  }

  /// The members of a mapping, in order.
  func members() throws(ConfigurationError) -> [(key: ConfigurationNode, value: ConfigurationNode)]
  {
    guard case .mapping(let mapping) = node else { throw error("not a mapping (key: value)") }
    return mapping.map {
      (ConfigurationNode(file: file, node: $0.key), ConfigurationNode(file: file, node: $0.value))
    }
  }

  /// The members of a mapping by name; any other name is refused.
  func members(
    allowed: [String]
  ) throws(ConfigurationError) -> [String: ConfigurationNode] {
    var found: [String: ConfigurationNode] = [:]
    for (key, value) in try members() {
      let name = try key.text()
      guard allowed.contains(name) else {
        throw key.error("unknown key \"\(name)\"; allowed: \(allowed.joined(separator: ", "))")
      }
      found[name] = value
    }
    return found
  }

  /// The values of a list.
  func list() throws(ConfigurationError) -> [ConfigurationNode] {
    guard case .sequence(let sequence) = node else { throw error("not a list (- value)") }
    return sequence.map { ConfigurationNode(file: file, node: $0) }
  }

  /// The text of a scalar that is not empty.
  func text() throws(ConfigurationError) -> String {
    guard case .scalar(let scalar) = node else { throw error("not a plain value") }
    guard !scalar.string.isEmpty else { throw error("the value is missing") }
    return scalar.string
  }

  func bool() throws(ConfigurationError) -> Bool {
    switch try text() {
    case "true": return true
    case "false": return false
    case let other: throw error("\"\(other)\" is neither true nor false")
    }
  }
}
