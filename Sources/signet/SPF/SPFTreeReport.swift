import Authentication
import Mail
import Wire

/// A domain's SPF record with all it leads to, for people and as JSON.
struct SPFTreeReport {
  private let tree: SPFTree

  init(_ tree: SPFTree) { self.tree = tree }

  var lines: [String] {
    var lines = Self.lines(of: tree.root, indent: "")
    lines.append("")
    lines.append("\(tree.lookups) of 10 look-ups, \(tree.voidLookups) of 2 void")
    if !tree.networks.isEmpty {
      lines.append("Addresses listed:")
      lines += tree.networks.map { "  \($0)" }
    }
    lines += tree.lints.map { "! \($0)" }
    return lines.map(\.escapingControls)
  }

  private static func lines(of record: SPFTreeRecord, indent: String) -> [String] {
    var lines = ["\(indent)\(record.domain)  \(record.text ?? "")"]
    if let problem = record.problem { lines.append("\(indent)  ! \(problem)") }
    for term in record.terms {
      var line = "\(indent)  \(term.text)"
      if term.lookups > 0 { line += "  (\(term.lookups) look-up)" }
      if term.isUnreachable { line += "  never reached" }
      if term.isVoid { line += "  no answer" }
      if term.dependsOnMessage { line += "  depends on the message" }
      if let problem = term.problem { line += "  ! \(problem)" }
      lines.append(line)
      if let record = term.record { lines += Self.lines(of: record, indent: indent + "    ") }
    }
    return lines
  }

  var json: JSONValue {
    .object([
      "lookups": .number(tree.lookups),
      "void_lookups": .number(tree.voidLookups),
      "networks": .array(tree.networks.map { .string("\($0)") }),
      "warnings": .array(tree.lints.map { .string("\($0)") }),
      "record": Self.json(of: tree.root),
    ])
  }

  private static func json(of record: SPFTreeRecord) -> JSONValue {
    .object([
      "domain": .string("\(record.domain)"),
      "text": JSONValue(record.text),
      "problem": JSONValue(record.problem),
      "terms": .array(
        record.terms.map { term in
          .object([
            "term": .string(term.text),
            "lookups": .number(term.lookups),
            "void": .bool(term.isVoid),
            "unreachable": .bool(term.isUnreachable),
            "depends_on_message": .bool(term.dependsOnMessage),
            "networks": .array(term.networks.map { .string("\($0)") }),
            "problem": JSONValue(term.problem),
            "record": term.record.map { json(of: $0) } ?? .null,
          ])
        }),
    ])
  }
}
