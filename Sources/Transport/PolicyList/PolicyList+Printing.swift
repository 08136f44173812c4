internal import Wire

extension PolicyList: CustomStringConvertible {
  /// The list as JSON, one domain a line, names in order: the same list is always the same text,
  /// so that a signature over it can be made again.
  public var description: String {
    var members = [
      "\"version\": \"0.1\"", "\"timestamp\": \(timestamp)", "\"expires\": \(expires)",
    ]
    if let author { members.append("\"author\": \(JSONText.quoted(author))") }
    members.append("\"policy-aliases\": " + Self.object(aliasLines))
    members.append("\"policies\": " + Self.object(policyLines))
    return "{\n  " + members.joined(separator: ",\n  ") + "\n}\n"
  }

  private var aliasLines: [String] {
    aliases.sorted { $0.key < $1.key }.map { "\(JSONText.quoted($0)): \($1)" }
  }

  private var policyLines: [String] {
    policies.map { (name: "\($0)", policy: $1) }.sorted { $0.name < $1.name }.map { name, policy in
      switch policy {
      case .entry(let entry): "\"\(name)\": \(entry)"
      case .alias(let alias): "\"\(name)\": { \"policy-alias\": \(JSONText.quoted(alias)) }"
      }
    }
  }

  private static func object(_ lines: [String]) -> String {
    lines.isEmpty ? "{}" : "{\n    " + lines.joined(separator: ",\n    ") + "\n  }"
  }
}

extension PolicyListEntry: CustomStringConvertible {
  /// The entry as JSON on one line.
  public var description: String {
    let names = mxPatterns.map { pattern in
      switch pattern {
      case .host(let name): "\"\(name)\""
      case .anyLabel(let suffix): "\".\(suffix)\""
      }
    }
    return "{ \"mode\": \"\(mode.rawValue)\", \"mxs\": [\(names.joined(separator: ", "))] }"
  }
}
