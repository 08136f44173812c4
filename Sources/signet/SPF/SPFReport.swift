import Authentication
import Mail
import Wire

/// The outcome of one SPF evaluation, for people and as JSON.
struct SPFReport {
  private let check: SPFCheck
  private let explains: Bool

  init(_ check: SPFCheck, explains: Bool) {
    self.check = check
    self.explains = explains
  }

  var lines: [String] {
    var lines = ["\(check.result.rawValue)  \(check.domain.map { "\($0)" } ?? "no domain")"]
    if let record = check.record { lines.append("  record     \(record)") }
    if let mechanism = check.mechanism { lines.append("  decided by \(mechanism)") }
    if let reason = check.reason { lines.append("  reason     \(reason)") }
    if let explanation = check.explanation {
      lines.append("  the domain says: \(explanation)")
    }
    lines.append("  \(check.lookups) of 10 look-ups, \(check.voidLookups) of 2 void")
    if explains {
      lines += check.evidence.map {
        "    \($0.step) · \($0.subject): \($0.found) → \($0.outcome) [\($0.cites)]"
      }
    }
    return lines.map(\.escapingControls)
  }

  var json: JSONValue {
    var members: [String: JSONValue] = [
      "result": .string(check.result.rawValue),
      "domain": JSONValue(check.domain?.description),
      "record": JSONValue(check.record),
      "mechanism": JSONValue(check.mechanism),
      "reason": JSONValue(check.reason),
      "explanation": JSONValue(check.explanation),
      "lookups": .number(check.lookups),
      "void_lookups": .number(check.voidLookups),
    ]
    if explains { members["evidence"] = .array(check.evidence.map(\.json)) }
    return .object(members)
  }
}
