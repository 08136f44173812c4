import DNS
import Transport
import Wire

/// The object of `tls --json`, as `docs/tls.md` gives it.
struct TLSDecisionJSON {
  private let decision: DeliveryDecision
  private let explains: Bool

  init(_ decision: DeliveryDecision, explains: Bool) {
    self.decision = decision
    self.explains = explains
  }

  var value: JSONValue {
    var members: [String: JSONValue] = [
      "destination": .string("\(decision.domain)"),
      "port": .number(Int(decision.destination.port)),
      "hosts": .array(decision.hosts.map(host)),
      "mx_secure": .bool(decision.hostsAreSecure),
      "dnssec_validated": .bool(decision.resolverValidates),
      "policy_failure": JSONValue(decision.policyFailure?.rawValue),
    ]
    switch decision.outcome {
    case .hosts: members.merge(Self.outcome("deliver", nil, nil)) { $1 }
    case .deferred(let failure, let reason):
      members.merge(Self.outcome("defer", failure, reason)) { $1 }
    case .undeliverable(let reason):
      members.merge(Self.outcome("undeliverable", nil, reason)) { $1 }
    }
    if explains { members["evidence"] = .array(decision.evidence.map(\.json)) }
    return .object(members)
  }

  private static func outcome(
    _ word: String, _ failure: TLSFailure?, _ reason: String?
  ) -> [String: JSONValue] {
    [
      "outcome": .string(word), "failure": JSONValue(failure?.rawValue),
      "reason": JSONValue(reason),
    ]
  }

  private func host(_ host: HostDecision) -> JSONValue {
    var members: [String: JSONValue] = [
      "host": .string("\(host.host)"), "preference": .number(Int(host.preference)),
      "addresses": .array(host.addresses.map { .string("\($0)") }),
      "mechanism": .string(host.mechanism.rawValue), "requirement": requirement(host.requirement),
      "tested": host.tested.map(requirement) ?? .null,
      "tested_failure": JSONValue(host.testedFailure?.rawValue),
    ]
    switch host.permission {
    case .allowed: members.merge(Self.permission("allowed", nil, nil)) { $1 }
    case .deferred(let failure, let reason):
      members.merge(Self.permission("deferred", failure, reason)) { $1 }
    case .refused(let failure, let reason):
      members.merge(Self.permission("refused", failure, reason)) { $1 }
    }
    if explains { members["evidence"] = .array(host.evidence.map(\.json)) }
    return .object(members)
  }

  private static func permission(
    _ word: String, _ failure: TLSFailure?, _ reason: String?
  ) -> [String: JSONValue] {
    [
      "permission": .string(word), "failure": JSONValue(failure?.rawValue),
      "reason": JSONValue(reason),
    ]
  }

  private func requirement(_ requirement: TLSRequirement) -> JSONValue {
    var records = JSONValue.null
    let level: String
    switch requirement.level {
    case .plaintext: level = "plaintext"
    case .opportunistic: level = "opportunistic"
    case .encrypted: level = "encrypted"
    case .webPKI: level = "web-pki"
    case .dane(let usable):
      level = "dane"
      records = .array(usable.map { .string($0.text) })
    }
    return .object([
      "level": .string(level), "tls_required": .bool(requirement.requiresTLS),
      "authentication_required": .bool(requirement.requiresAuthentication),
      "sni": JSONValue(requirement.serverName?.description),
      "names": .array(requirement.referenceNames.map { .string("\($0)") }), "tlsa": records,
    ])
  }
}

extension TLSARecord {
  /// As a master file writes it (RFC 6698 §2.2).
  fileprivate var text: String {
    let data = associationData.map { octet in
      let digits = String(octet, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }
    return "\(usage) \(selector) \(matchingType) \(data.joined())"
  }
}
