import Authentication
import Mail

extension VerdictText {
  /// Why signatures fail, each with what was done to the message and the proof.
  var diagnosisLines: [String] {
    guard let diagnosis else { return [] }
    var lines: [String] = []
    for (signature, found) in zip(verdict.dkim, diagnosis.dkim) {
      guard let found, let common = signature.signature?.signature else { continue }
      let name = "DKIM signature of \(common.signingDomain), selector \(common.selector)"
      lines += ["    \(name)"] + found.sentences.map { "      \($0.escapingControls)" }
    }
    for (instance, found) in diagnosis.arc.sorted(by: { $0.key < $1.key }) {
      lines += ["    ARC-Message-Signature \(instance)"]
      lines += found.sentences.map { "      \($0.escapingControls)" }
    }
    return lines.isEmpty ? [] : ["", "  Why it failed"] + lines
  }
}

extension VerdictJSON {
  /// `null` where the signature passes, or fails for a reason that its verdict tells.
  func diagnosis(ofDKIM index: Int) -> JSONValue {
    guard let found = outcome.diagnosis?.dkim, index < found.count else { return .null }
    return found[index].map(object) ?? .null
  }

  /// One for each failing ARC-Message-Signature, the first instance first.
  var diagnosesOfARC: JSONValue {
    .array(
      (outcome.diagnosis?.arc ?? [:]).sorted { $0.key < $1.key }.map { instance, found in
        object(found, instance: instance)
      })
  }

  private func object(_ found: SignatureDiagnosis) -> JSONValue { object(found, instance: nil) }

  private func object(_ found: SignatureDiagnosis, instance: Int?) -> JSONValue {
    var members: [String: JSONValue] = [
      "part": .string(found.part.rawValue), "explained": .bool(found.isExplained),
      "changes": .array(found.changes.map(change)),
      "differing_fields": .array(found.differingFields.map(JSONValue.string)),
      "limits": .array(found.limits.map(JSONValue.string)),
      "sentences": .array(found.sentences.map(JSONValue.string)),
      "hashed_octets": .number(found.hashedOctets), "bodies": .number(found.bodiesTried),
      "public_key_operations": .number(found.publicKeyOperations),
    ]
    if let instance { members["instance"] = .number(instance) }
    return .object(members)
  }

  private func change(_ finding: TransitFinding) -> JSONValue {
    .object([
      "change": .string(finding.change.rawValue), "field": JSONValue(finding.field),
      "start": JSONValue(finding.range?.lowerBound), "end": JSONValue(finding.range?.upperBound),
      "text": .string(finding.text), "sentence": .string(finding.sentence),
      "proof": .string(finding.proof.rawValue),
    ])
  }
}
