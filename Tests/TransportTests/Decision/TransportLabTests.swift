import DNS
import MailTesting
import Testing
import Transport
import Unbound
import Wire

/// One decision for each DNSSEC state, from real signatures: NSD serves, libunbound validates.
@Suite(
  "Decisions over signed, unsigned, bogus and expired zones",
  .enabled(if: NameServer.isPresent, "needs nsd and ldnsutils"))
struct TransportLabTests {
  static let tlsa = "TLSA 3 1 1 \(String(repeating: "ab", count: 32))"
  /// The same data with one digit changed after signing.
  static let forged = "\(String(repeating: "ab", count: 31))ac"

  static func host(_ name: String, _ address: String) -> String {
    "\(name) 300 A \(address)\n_25._tcp.\(name) 300 IN \(tlsa)\n"
  }

  static let zones: [LabZone] = [
    .plain(
      origin: "signed.test.",
      text: """
        @ 300 MX 10 mx
        plain 300 MX 10 bare
        bare 300 A 192.0.2.9
        unusable 300 MX 10 old
        old 300 A 192.0.2.8
        _25._tcp.old 300 IN TLSA 1 1 1 \(String(repeating: "ab", count: 32))
        alias 300 MX 10 cname
        cname 300 CNAME mx
        original 300 MX 10 out
        out 300 CNAME mx.unsigned.test.
        _25._tcp.out 300 IN \(tlsa)
        shared 300 MX 10 ta
        ta 300 A 192.0.2.7
        _25._tcp.ta 300 CNAME _25._tcp.mx
        nothing 300 MX 0 .
        away 300 MX 10 mx.bogus.test.
        late 300 MX 10 mx.expired.test.
        elsewhere 300 MX 10 mx.unsigned.test.
        implicit 300 A 192.0.2.6
        _25._tcp.implicit 300 IN \(tlsa)

        """ + host("mx", "192.0.2.1"), signing: .signed),
    .plain(
      origin: "unsigned.test.",
      text: "@ 300 MX 10 mx\nhosted 300 MX 10 mx.signed.test.\n" + host("mx", "192.0.2.2"),
      signing: .unsigned),
    .plain(
      origin: "bogus.test.", text: "@ 300 MX 10 mx\n" + host("mx", "192.0.2.3"), signing: .signed,
      tampering: [String(repeating: "ab", count: 32): forged]),
    .plain(
      origin: "bogusmx.test.", text: "@ 300 MX 10 mx.signed.test.", signing: .signed,
      tampering: ["10 mx.signed.test.": "10 mx.unsigned.test."]),
    .plain(
      origin: "bogusa.test.", text: "@ 300 MX 10 mx\n" + host("mx", "192.0.2.77"),
      signing: .signed, tampering: ["192.0.2.77": "192.0.2.78"]),
    .plain(
      origin: "expired.test.", text: "@ 300 MX 10 mx\n" + host("mx", "192.0.2.4"),
      signing: .expired),
    .plain(
      origin: "stripped.test.", text: "@ 300 MX 10 mx\n" + host("mx", "192.0.2.5"),
      signing: .stripped),
  ]

  static let server = Task { try await NameServer(zones) }

  static func decider(validates: Bool = true) async throws -> DeliveryDecider<UnboundResolver> {
    let server = try await server.value
    var configuration = UnboundConfiguration()
    configuration.upstream = .forwarders([
      NameServerAddress(.v4(0x7F00_0001), port: server.port)
    ])
    configuration.trustAnchorFile = server.trustAnchorFile
    configuration.validates = validates
    let resolver = try UnboundResolver(configuration)
    return DeliveryDecider(
      resolver: resolver, policies: NoPolicies(),
      options: DeliveryOptions(resolverValidates: resolver.isValidating))
  }

  private struct NoPolicies: STSPolicySource {
    func policy(of domain: DomainName, now: UInt64) async -> STSFinding { STSFinding(policy: nil) }
  }

  @Test(arguments: [
    ("signed.test", "hosts; mx.signed.test dane dane(1) for mx.signed.test,signed.test"),
    ("plain.signed.test", "hosts; bare.signed.test opportunistic opportunistic"),
    ("unusable.signed.test", "hosts; old.signed.test dane encrypted"),
    (
      "alias.signed.test",
      "hosts; cname.signed.test dane dane(1) for mx.signed.test,alias.signed.test,cname.signed.test"
    ),
    (
      "original.signed.test",
      "hosts; out.signed.test dane dane(1) for out.signed.test,original.signed.test"
    ),
    (
      "shared.signed.test",
      "hosts; ta.signed.test dane dane(1) for ta.signed.test,shared.signed.test"
    ),
    ("nothing.signed.test", "undeliverable"),
    ("none.signed.test", "undeliverable"),
    (
      "away.signed.test",
      "deferred dnssec-invalid; mx.bogus.test deferred dnssec-invalid dane encrypted"
    ),
    (
      "late.signed.test",
      "deferred dnssec-invalid; mx.expired.test deferred dnssec-invalid dane encrypted"
    ),
    ("elsewhere.signed.test", "hosts; mx.unsigned.test opportunistic opportunistic"),
    ("implicit.signed.test", "hosts; implicit.signed.test dane dane(1) for implicit.signed.test"),
    ("unsigned.test", "hosts; mx.unsigned.test opportunistic opportunistic"),
    ("hosted.unsigned.test", "hosts; mx.signed.test dane dane(1) for mx.signed.test"),
    (
      "bogus.test", "deferred dnssec-invalid; mx.bogus.test deferred dnssec-invalid dane encrypted"
    ),
    ("bogusmx.test", "deferred dnssec-invalid"),
    (
      "bogusa.test",
      "deferred dnssec-invalid; mx.bogusa.test deferred dnssec-invalid dane encrypted"
    ),
    ("expired.test", "deferred dnssec-invalid"),
    ("stripped.test", "deferred dnssec-invalid"),
    ("nowhere.example", "undeliverable"),
  ])
  func decides(domain: String, expected: String) async throws {
    let decision = await (try await Self.decider()).decide(
      try DeliveryDestination(parsing: domain), now: 1_700_000_000)
    #expect(DecisionScene.text(decision) == expected, "\(decision.evidence)")
    #expect(decision.resolverValidates)
  }

  @Test func saysThatNobodyValidates() async throws {
    let decision = await (try await Self.decider(validates: false)).decide(
      try DeliveryDestination(parsing: "signed.test"), now: 1_700_000_000)
    #expect(
      DecisionScene.text(decision) == "hosts; mx.signed.test opportunistic opportunistic")
    #expect(!decision.resolverValidates)
    #expect(decision.evidence.contains { $0.outcome.hasPrefix("DANE IS OFF") })
  }
}
