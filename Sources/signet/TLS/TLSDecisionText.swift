import DNS
import Mail
import Transport
import Wire

/// A decision in words, for people.
struct TLSDecisionText {
  private let decision: DeliveryDecision
  private let explains: Bool
  private let showsColour: Bool

  init(_ decision: DeliveryDecision, explains: Bool, showsColour: Bool) {
    self.decision = decision
    self.explains = explains
    self.showsColour = showsColour
  }

  var lines: [String] {
    var lines = [Colour.bold.paint("\(decision.domain)".escapingControls, if: showsColour)]
    lines.append("  \(headline)")
    if let failure = decision.policyFailure {
      lines.append("  " + Colour.yellow.paint("! MTA-STS: \(failure.rawValue)", if: showsColour))
    }
    lines += decision.hosts.flatMap(hostLines)
    if explains {
      lines += ["", "  Evidence"] + decision.evidence.map(\.line)
      for host in decision.hosts { lines += host.evidence.map(\.line) }
    }
    return lines + [""]
  }

  private var headline: String {
    switch decision.outcome {
    case .hosts:
      let usable = decision.hosts.filter(\.isUsable)
      if usable.allSatisfy(\.requirement.requiresAuthentication) {
        // RFC 7672 §2.2.1: what an insecure MX led to is not secure delivery to the destination.
        guard decision.hostsAreSecure || usable.allSatisfy({ $0.mechanism != .dane }) else {
          return Colour.yellow.paint("DIVERTIBLE", if: showsColour)
            + "  every mail server has to prove who it is, but who is on the path can name another"
        }
        return Colour.green.paint("PROTECTED", if: showsColour)
          + "  every mail server has to prove who it is"
      }
      if usable.allSatisfy(\.requirement.requiresTLS) {
        return Colour.yellow.paint("ENCRYPTED", if: showsColour)
          + "  TLS is required, but not proof of who the server is"
      }
      return Colour.red.paint("OPEN", if: showsColour)
        + "  who is on the path can strip TLS and read or divert the mail"
    case .deferred(let failure, let reason):
      return Colour.yellow.paint("WAIT", if: showsColour) + "  \(reason.escapingControls)"
        + (failure.map { " (\($0.rawValue))" } ?? "")
    case .undeliverable(let reason):
      return Colour.red.paint("NO MAIL", if: showsColour) + "  \(reason.escapingControls)"
    }
  }

  private func hostLines(_ host: HostDecision) -> [String] {
    let name = "\(host.host)".escapingControls
    let preference = decision.hosts.count > 1 ? " (\(host.preference))" : ""
    var lines = ["", "  \(name)\(preference)"]
    switch host.permission {
    case .allowed: lines.append("    \(host.mechanism.rawValue): \(host.requirement.words)")
    case .deferred(_, let reason): lines.append("    not now: \(reason.escapingControls)")
    case .refused(_, let reason): lines.append("    not to be used: \(reason.escapingControls)")
    }
    if let name = host.requirement.serverName { lines.append("    SNI        \(name)") }
    if !host.requirement.referenceNames.isEmpty {
      let names = host.requirement.referenceNames.map(\.description).joined(separator: ", ")
      lines.append("    names      \(names)")
    }
    if let tested = host.tested {
      let failure = host.testedFailure.map { ", and fails: \($0.rawValue)" } ?? ""
      lines.append("    testing    \(tested.words)\(failure)")
    }
    let addresses = host.addresses.map(\.description).joined(separator: ", ")
    if !addresses.isEmpty { lines.append("    addresses  \(addresses)") }
    return lines
  }
}

extension HostDecision {
  var isUsable: Bool { permission == .allowed }
}

extension TLSRequirement {
  /// What is demanded, in words.
  var words: String {
    switch level {
    case .plaintext: "no TLS"
    case .opportunistic: "TLS where it is offered, whoever the server is"
    case .encrypted: "TLS, whoever the server is"
    case .dane(let records):
      "TLS, and a certificate that fits TLSA "
        + records.map { "\($0.usage) \($0.selector) \($0.matchingType)" }.joined(separator: ", ")
    case .webPKI: "TLS, and a certificate of a trusted authority for one of the names"
    }
  }
}
