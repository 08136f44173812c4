import MailTesting
import Testing
import Transport
import Wire

@Suite("MTA-STS and policy lists in the decision, RFC 8461 §4, §5")
struct PublishedPolicyTests {
  static let plain = "example.test MX insecure 10 mx.plain.test"

  @Test(arguments: [
    (
      STSPolicy.Mode.enforce, "mx.plain.test",
      "hosts; mx.plain.test mta-sts web PKI for mx.plain.test"
    ),
    // §5: not to be failed for good before the policy was looked at anew.
    (
      .enforce, "mx.other.test",
      "deferred validation-failure; mx.plain.test refused validation-failure mta-sts web PKI for "
        + "mx.plain.test"
    ),
    (
      .testing, "mx.plain.test",
      "hosts; mx.plain.test mta-sts opportunistic tested web PKI for mx.plain.test"
    ),
    (
      .testing, "mx.other.test",
      "hosts; mx.plain.test mta-sts opportunistic tested web PKI for mx.plain.test "
        + "validation-failure"
    ),
    (.none, "mx.plain.test", "hosts; mx.plain.test opportunistic opportunistic"),
  ])
  func appliesMTASTS(mode: STSPolicy.Mode, host: String, expected: String) async throws {
    let scene = DecisionScene(zone: Self.plain, sts: try DecisionScene.policy(mode, host))
    let (decision, _) = try await scene.decide()
    #expect(DecisionScene.text(decision) == expected)
    // §4.3: SNI is the MX host.
    #expect(decision.hosts.first?.requirement.serverName?.description == "mx.plain.test")
  }

  @Test func refusesOnlyTheHostsNotListed() async throws {
    let scene = DecisionScene(
      zone: "example.test MX insecure 5 mx.evil.test\nmx.evil.test A insecure 192.0.2.66\n"
        + Self.plain, sts: try DecisionScene.policy(.enforce, "mx.plain.test"))
    let (decision, _) = try await scene.decide()
    #expect(
      DecisionScene.text(decision) == """
        hosts; mx.evil.test refused validation-failure mta-sts web PKI for mx.evil.test; \
        mx.plain.test mta-sts web PKI for mx.plain.test
        """)
  }

  // A failed fetch without a kept policy is reported, and mail goes (§5.1).
  @Test func tellsAFailedFetch() async throws {
    let scene = DecisionScene(zone: Self.plain, stsFailure: .stsPolicyFetchError)
    let (decision, _) = try await scene.decide()
    #expect(DecisionScene.text(decision) == "hosts; mx.plain.test opportunistic opportunistic")
    #expect(decision.policyFailure == .stsPolicyFetchError)
  }

  @Test(arguments: [
    (true, "mx.plain.test", "hosts; mx.plain.test policy-list web PKI for mx.plain.test"),
    (
      true, "mx.other.test",
      "deferred validation-failure; mx.plain.test refused validation-failure policy-list web PKI "
        + "for mx.plain.test"
    ),
    (
      false, "mx.plain.test",
      "hosts; mx.plain.test policy-list opportunistic tested web PKI for mx.plain.test"
    ),
  ])
  func appliesTheList(isEnforced: Bool, host: String, expected: String) async throws {
    let entry = PolicyListEntry(
      isEnforced: isEnforced, mxPatterns: [.host(try DomainName(parsing: host))])
    for sts in [nil, try DecisionScene.policy(.none)] {
      let scene = DecisionScene(zone: Self.plain, sts: sts, list: entry)
      let (decision, _) = try await scene.decide()
      #expect(DecisionScene.text(decision) == expected)
    }
    // MTA-STS stands before it.
    let scene = DecisionScene(
      zone: Self.plain, sts: try DecisionScene.policy(.testing, "mx.plain.test"), list: entry)
    let (decision, _) = try await scene.decide()
    #expect(decision.hosts.first?.mechanism == .mtaSTS)
  }

  // Behind secure MX records a host with DANE is judged by DANE alone, its neighbours by the
  // domain's policy.
  @Test func mixesDANEAndMTASTSByHost() async throws {
    let scene = DecisionScene(
      zone: """
        example.test MX secure 10 mx.dane.test
        example.test MX secure 20 mx.plain.test
        example.test MX secure 30 mx.unusable.test
        """, sts: try DecisionScene.policy(.enforce, "mx.plain.test", "mx.unusable.test"))
    let (decision, _) = try await scene.decide()
    #expect(
      DecisionScene.text(decision) == """
        hosts; mx.dane.test dane dane(1) for mx.dane.test,example.test; \
        mx.plain.test mta-sts web PKI for mx.plain.test; \
        mx.unusable.test mta-sts web PKI for mx.unusable.test
        """)
  }

  // Behind insecure MX records an attacker's own host may have perfect TLSA records.
  @Test func asksThePolicyOfHostsThatDNSDoesNotVouchFor() async throws {
    var scene = DecisionScene(
      zone: "example.test MX insecure 10 mx.dane.test",
      sts: try DecisionScene.policy(.enforce, "mx.plain.test"))
    let (refused, _) = try await scene.decide()
    #expect(
      DecisionScene.text(refused)
        == "deferred validation-failure; mx.dane.test refused validation-failure mta-sts web PKI "
        + "for mx.dane.test")
    scene.sts = try DecisionScene.policy(.enforce, "mx.dane.test")
    let (covered, _) = try await scene.decide()
    #expect(
      DecisionScene.text(covered) == "hosts; mx.dane.test dane dane(1) for mx.dane.test")
    scene.options.insecureMX = .encrypt
    let (encrypted, _) = try await scene.decide()
    #expect(
      DecisionScene.text(encrypted) == "hosts; mx.dane.test mta-sts web PKI for mx.dane.test")
  }

  // Testing never lowers what TLSA records ask for.
  @Test func keepsTLSUnderTesting() async throws {
    let scene = DecisionScene(
      zone: "example.test MX secure 10 mx.unusable.test",
      sts: try DecisionScene.policy(.testing, "mx.unusable.test"))
    let (decision, _) = try await scene.decide()
    #expect(
      DecisionScene.text(decision)
        == "hosts; mx.unusable.test dane encrypted tested web PKI for mx.unusable.test")
  }
}
