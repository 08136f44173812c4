import DNS
import MailTesting
import Testing
import Transport
import Wire

/// A destination's DNS and policies, and the decision in few words.
struct DecisionScene {
  var zone: String
  var sts: STSPolicy?
  var stsFailure: TLSFailure?
  var list: PolicyListEntry?
  var options = DeliveryOptions(resolverValidates: true)

  static let digest = String(repeating: "ab", count: 32)
  /// A host with a usable TLSA record, one with none, and one whose TLSA look-up fails.
  static let hosts = """
    mx.dane.test A secure 192.0.2.1
    _25._tcp.mx.dane.test TLSA secure 3 1 1 \(digest)
    mx.plain.test A insecure 192.0.2.2
    mx.broken.test A secure 192.0.2.3
    _25._tcp.mx.broken.test TLSA servfail
    mx.unusable.test A secure 192.0.2.4
    _25._tcp.mx.unusable.test TLSA secure 1 1 1 \(digest)

    """

  static func policy(_ mode: STSPolicy.Mode, _ hosts: String...) throws -> STSPolicy {
    STSPolicy(
      mode: mode, mxPatterns: try hosts.map { .host(try DomainName(parsing: $0)) }, maxAge: 86_400)
  }

  /// - Returns: the decision, the names asked of MTA-STS, and the questions asked of DNS.
  func decide(
    _ destination: String = "example.test", message: MessageTLS = .unspecified
  ) async throws -> (decision: DeliveryDecision, questions: [String]) {
    let resolver = try PlannedResolver(Self.hosts + zone)
    let decider = DeliveryDecider(
      resolver: resolver, policies: Policies(finding: STSFinding(policy: sts, failure: stsFailure)),
      policyList: List(entry: list), options: options)
    let decision = await decider.decide(
      try DeliveryDestination(parsing: destination), message: message, now: 1_700_000_000)
    return (decision, resolver.questions)
  }

  /// The decision in one line: `hosts: mx.dane.test allowed dane dane(1) sni=… names=…`.
  static func text(_ decision: DeliveryDecision) -> String {
    let outcome =
      switch decision.outcome {
      case .hosts: "hosts"
      case .deferred(let failure, _): "deferred \(failure?.rawValue ?? "-")"
      case .undeliverable: "undeliverable"
      }
    return ([outcome] + decision.hosts.map(text)).joined(separator: "; ")
  }

  private static func text(_ host: HostDecision) -> String {
    let permission =
      switch host.permission {
      case .allowed: ""
      case .deferred(let failure, _): " deferred \(failure?.rawValue ?? "-")"
      case .refused(let failure, _): " refused \(failure?.rawValue ?? "-")"
      }
    var text = "\(host.host)\(permission) \(host.mechanism.rawValue) \(level(host.requirement))"
    if let tested = host.tested { text += " tested \(level(tested))" }
    if let failure = host.testedFailure { text += " \(failure.rawValue)" }
    return text
  }

  static func level(_ requirement: TLSRequirement) -> String {
    let names = requirement.referenceNames.map(\.description).joined(separator: ",")
    return switch requirement.level {
    case .plaintext: "plaintext"
    case .opportunistic: "opportunistic"
    case .encrypted: "encrypted"
    case .dane(let records): "dane(\(records.count)) for \(names)"
    case .webPKI: "web PKI for \(names)"
    }
  }

  private struct Policies: STSPolicySource {
    var finding: STSFinding
    func policy(of domain: DomainName, now: UInt64) async -> STSFinding {
      domain.description.hasSuffix("example.test") ? finding : STSFinding(policy: nil)
    }
  }

  private struct List: PolicyListSource {
    var entry: PolicyListEntry?
    func entry(for domain: DomainName, now: UInt64) -> PolicyListEntry? { entry }
  }
}
