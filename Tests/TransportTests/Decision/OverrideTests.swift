import MailTesting
import Testing
import Transport
import Wire

@Suite("The operator's word, and the message's own: RFC 8689")
struct OverrideTests {
  static let mixed = """
    example.test MX secure 10 mx.dane.test
    example.test MX secure 20 mx.plain.test
    example.test MX secure 30 mx.unusable.test
    """
  static let insecure = "example.test MX insecure 10 mx.dane.test"

  static func scene(
    _ zone: String, _ override: DeliveryOptions.Override?, sts: STSPolicy? = nil
  ) throws -> DecisionScene {
    var scene = DecisionScene(zone: zone, sts: sts)
    scene.options.overrides[try DomainName(parsing: "example.test")] = override
    return scene
  }

  static func names(_ texts: String...) throws -> [DomainName] {
    try texts.map { try DomainName(parsing: $0) }
  }

  @Test func followsEachLevel() async throws {
    let table: [(DeliveryOptions.Override, String)] = [
      (
        .may,
        "mx.dane.test override opportunistic; mx.plain.test override opportunistic; "
          + "mx.unusable.test override opportunistic"
      ),
      (
        .encrypt,
        "mx.dane.test override encrypted; mx.plain.test override encrypted; "
          + "mx.unusable.test override encrypted"
      ),
      (
        .daneOnly,
        "mx.dane.test dane dane(1) for mx.dane.test,example.test; "
          + "mx.plain.test deferred dane-required override opportunistic; "
          + "mx.unusable.test deferred dane-required override opportunistic"
      ),
      (
        .verify([]),
        "mx.dane.test override web PKI for mx.dane.test; "
          + "mx.plain.test override web PKI for mx.plain.test; "
          + "mx.unusable.test override web PKI for mx.unusable.test"
      ),
      (
        .secure([]),
        "mx.dane.test override web PKI for example.test; "
          + "mx.plain.test override web PKI for example.test; "
          + "mx.unusable.test override web PKI for example.test"
      ),
      (
        .secure(try Self.names("a.test", "b.test")),
        "mx.dane.test override web PKI for a.test,b.test; "
          + "mx.plain.test override web PKI for a.test,b.test; "
          + "mx.unusable.test override web PKI for a.test,b.test"
      ),
    ]
    for (override, expected) in table {
      // A published policy does not matter beside the operator's word.
      let sts = try DecisionScene.policy(.enforce, "mx.elsewhere.test")
      let (decision, _) = try await Self.scene(Self.mixed, override, sts: sts).decide()
      #expect(DecisionScene.text(decision) == "hosts; " + expected, "\(override)")
    }
  }

  // RFC 7672 §2.2.1, §6: DANE demanded, and the way to the host is insecure.
  @Test func defersWithoutSecureMX() async throws {
    let (decision, _) = try await Self.scene(Self.insecure, .daneOnly).decide()
    #expect(DecisionScene.text(decision) == "deferred dane-required")
    let none = "example.test MX secure 10 mx.plain.test"
    let (other, _) = try await Self.scene(none, .daneOnly).decide()
    #expect(
      DecisionScene.text(other)
        == "deferred dane-required; mx.plain.test deferred dane-required override opportunistic")
  }

  // RFC 8689 §4.2.1: steps 2 and 4.
  @Test func demandsProofUnderREQUIRETLS() async throws {
    let message = MessageTLS.required(reversePathIsEmpty: false)
    let (secure, _) = try await Self.scene(Self.mixed, nil).decide(message: message)
    #expect(
      DecisionScene.text(secure) == """
        hosts; mx.dane.test dane dane(1) for mx.dane.test,example.test; \
        mx.plain.test opportunistic web PKI for mx.plain.test; \
        mx.unusable.test dane web PKI for mx.unusable.test
        """)
    #expect(secure.message.demandsTLS)
    // Neither DNSSEC nor MTA-STS vouches for the host; the sender is told.
    let (insecure, _) = try await Self.scene(Self.insecure, nil).decide(message: message)
    #expect(
      DecisionScene.text(insecure) == "undeliverable; mx.dane.test refused validation-failure dane "
        + "dane(1) for mx.dane.test")
    for mode in [STSPolicy.Mode.enforce, .testing] {
      let sts = try DecisionScene.policy(mode, "mx.dane.test")
      let (listed, _) = try await Self.scene(Self.insecure, nil, sts: sts)
        .decide(message: message)
      #expect(listed.outcome == .hosts)
      let other = try DecisionScene.policy(mode, "mx.plain.test")
      let (unlisted, _) = try await Self.scene(Self.insecure, nil, sts: other)
        .decide(message: message)
      #expect(unlisted.outcome != .hosts)
    }
    // A list is not what the RFC speaks of.
    var scene = try Self.scene("example.test MX insecure 10 mx.plain.test", nil)
    scene.list = PolicyListEntry(
      isEnforced: true, mxPatterns: [.host(try DomainName(parsing: "mx.plain.test"))])
    let (list, _) = try await scene.decide(message: message)
    #expect(list.outcome != .hosts)
    // The operator's `may` does not weaken it, and an address cannot prove itself.
    let (may, _) = try await Self.scene(Self.mixed, .may).decide(message: message)
    #expect(may.hosts.allSatisfy { $0.requirement.level == .webPKI })
    let (literal, _) = try await Self.scene("", nil).decide("[192.0.2.1]", message: message)
    #expect(literal.outcome != .hosts)
  }

  // RFC 8689 §5: a bounce is not held back.
  @Test func letsBouncesGo() async throws {
    let message = MessageTLS.required(reversePathIsEmpty: true)
    let plain = "example.test MX insecure 10 mx.plain.test"
    let (decision, _) = try await Self.scene(plain, nil).decide(message: message)
    #expect(DecisionScene.text(decision) == "hosts; mx.plain.test opportunistic opportunistic")
    #expect(!decision.message.demandsTLS)
  }

  // RFC 8689 §4.2.2: policies are followed, and do not stop the message.
  @Test func neverStopsWhatNeedsNoTLS() async throws {
    let zone = Self.mixed + "\nexample.test MX secure 40 mx.broken.test"
    let sts = try DecisionScene.policy(.enforce, "mx.unusable.test")
    let (decision, _) = try await Self.scene(zone, nil, sts: sts).decide(message: .optional)
    #expect(
      DecisionScene.text(decision) == """
        hosts; mx.dane.test dane opportunistic tested dane(1) for mx.dane.test,example.test; \
        mx.plain.test mta-sts opportunistic tested web PKI for mx.plain.test validation-failure; \
        mx.unusable.test mta-sts opportunistic tested web PKI for mx.unusable.test; \
        mx.broken.test dane opportunistic tested encrypted dnssec-invalid
        """)
    // The operator's word stands, a host without address has none, a bogus MX names no host.
    let (encrypt, _) = try await Self.scene(Self.mixed, .encrypt).decide(message: .optional)
    #expect(encrypt.hosts.allSatisfy { $0.requirement.level == .encrypted })
    let (nowhere, _) = try await Self.scene("example.test MX secure 1 mx.nowhere.test", nil)
      .decide(message: .optional)
    #expect(nowhere.outcome != .hosts)
    let (bogus, _) = try await Self.scene("example.test MX bogus", nil)
      .decide(message: .optional)
    #expect(DecisionScene.text(bogus) == "deferred dnssec-invalid")
  }
}
