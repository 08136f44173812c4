import Authentication
import Wire

/// The object of `verify --json`, as `design/house.md` and `docs/verify.md` give it.
struct VerdictJSON {
  let outcome: VerifyOutcome
  let explains: Bool
  let authservID: String

  var value: JSONValue {
    var members: [String: JSONValue] = [
      "id": JSONValue(outcome.input.id), "file": .string(outcome.input.name), "error": .null,
    ]
    switch outcome.result {
    case .failure(let failure):
      members["error"] = .string(failure.reason)
    case .success(let verdict):
      members["spf"] = spf(verdict.spf)
      members["dkim"] = .array(verdict.dkim.enumerated().map { dkim($1, at: $0) })
      members["arc"] = arc(verdict.arc)
      members["dmarc"] = dmarc(verdict.dmarc)
      members["warnings"] = .array(verdict.warnings.map(JSONValue.string))
      members["addresses"] = .array(verdict.addresses.map(address))
      members["authentication_results"] = .string(
        verdict.authenticationResults(authservID: authservID).fieldValue(folded: false))
      if let comparison = verdict.dmarcComparison {
        members["dmarc_comparison"] = .array(comparison.differences.map { .string("\($0)") })
      }
      if explains { members["evidence"] = .array(verdict.evidence.map(\.json)) }
    }
    return .object(members)
  }

  private func spf(_ verdict: SPFVerdict?) -> JSONValue {
    let mailFrom = verdict?.mailFrom
    return .object([
      "result": .string(mailFrom?.result.rawValue ?? "none"),
      "identity": .string(mailFrom?.identity.rawValue ?? SPFIdentity.mailFrom.rawValue),
      "domain": JSONValue(mailFrom?.domain?.description),
      "record": JSONValue(mailFrom?.record),
      "mechanism": JSONValue(mailFrom?.mechanism),
      "lookups": .number(mailFrom?.lookups ?? 0),
      "void_lookups": .number(mailFrom?.voidLookups ?? 0),
      "explanation": JSONValue(mailFrom?.explanation),
      "helo": .object([
        "result": .string(verdict?.helo.result.rawValue ?? "none"),
        "domain": JSONValue(verdict?.helo.domain?.description),
      ]),
    ])
  }

  private func dkim(_ verdict: DKIMVerdict, at index: Int) -> JSONValue {
    let common = verdict.signature?.signature
    var members: [String: JSONValue] = [
      "result": .string(verdict.result.rawValue),
      "domain": JSONValue(common?.signingDomain.description),
      "selector": JSONValue(common?.selector.description),
      "identity": JSONValue(verdict.signature?.identity.description),
      "algorithm": JSONValue(common?.algorithm.rawValue),
      "key_bits": JSONValue(verdict.keyBits),
      "reason": JSONValue(verdict.failure.map { "\($0)" }),
      "body_length": JSONValue(common?.bodyLength.map { Int(clamping: $0) }),
      "timestamp": JSONValue(common?.timestamp.map { Int(clamping: $0) }),
      "expiration": JSONValue(common?.expiration.map { Int(clamping: $0) }),
    ]
    if explains { members["diagnosis"] = diagnosis(ofDKIM: index) }
    return .object(members)
  }

  private func arc(_ verdict: ARCVerdict) -> JSONValue {
    var members: [String: JSONValue] = [
      "result": .string(verdict.result.rawValue),
      "instances": .number(verdict.instances),
      "oldest_pass": JSONValue(verdict.oldestPass),
      "sealers": .array(verdict.sealers.map { .string("\($0)") }),
      "reason": JSONValue(verdict.failure.map { "\($0)" }),
    ]
    if explains { members["diagnoses"] = diagnosesOfARC }
    return .object(members)
  }

  private func dmarc(_ verdict: DMARCVerdict) -> JSONValue {
    .object([
      "result": .string(verdict.result.rawValue),
      "from": JSONValue(verdict.authorDomain?.description),
      "organizational_domain": JSONValue(verdict.organizationalDomain?.description),
      "policy": JSONValue(verdict.policy?.rawValue),
      "policy_domain": JSONValue(verdict.policyDomain?.description),
      "record": JSONValue(verdict.record?.text),
      "spf_aligned": .bool(verdict.spfAligned),
      "dkim_aligned": .bool(verdict.dkimAligned),
      "disposition": .string(verdict.disposition.rawValue),
      "override": verdict.override.map {
        .object(["type": .string($0.reason.rawValue), "comment": JSONValue($0.comment)])
      } ?? .null,
      "reason": JSONValue(verdict.reason),
    ])
  }

  private func address(_ finding: AddressFinding) -> JSONValue {
    .object([
      "field": .string(finding.field), "address": .string(finding.address),
      "display_name": JSONValue(finding.displayName),
      "vouched_by": .array(finding.vouchedBy.map(JSONValue.string)),
      "warnings": .array(finding.warnings.map(JSONValue.string)),
    ])
  }
}

extension Evidence {
  var json: JSONValue {
    .object([
      "step": .string(step), "subject": .string(subject), "found": .string(found),
      "outcome": .string(outcome), "cites": .string(cites),
    ])
  }
}
