import DNS
import MailTesting
import Testing
import Transport
import Wire

@Suite("The decision for a destination: DANE, else MTA-STS, else a list")
struct DeliveryDeciderTests {
  // MX: RFC 5321 §5.1, RFC 7505 §3, RFC 7672 §2.1.2 and §2.2.1.
  @Test(arguments: [
    ("example.test MX bogus", "deferred dnssec-invalid"),
    ("example.test MX servfail", "deferred -"),
    ("example.test MX timeout", "deferred -"),
    ("example.test MX loop", "deferred -"),
    ("example.test MX secure 0 .", "undeliverable"),
    ("example.test MX insecure 0 .", "undeliverable"),
    ("", "undeliverable"),
    ("example.test MX insecure nxdomain", "undeliverable"),
    // A null MX beside others counts for nothing.
    (
      "example.test MX secure 0 .\nexample.test MX secure 5 mx.plain.test",
      "hosts; mx.plain.test opportunistic opportunistic"
    ),
    // No MX: the domain is its host.
    (
      "example.test MX secure nodata\nexample.test A secure 192.0.2.9",
      "hosts; example.test opportunistic opportunistic"
    ),
    (
      "example.test MX secure nodata\nexample.test A secure 192.0.2.9\n"
        + "_25._tcp.example.test TLSA secure 3 1 1 \(DecisionScene.digest)",
      "hosts; example.test dane dane(1) for example.test"
    ),
    (
      "example.test MX secure nodata",
      "undeliverable; example.test refused - opportunistic opportunistic"
    ),
    // An address where a host is due.
    (
      "example.test MX secure 5 192.0.2.1",
      "undeliverable; 192.0.2.1 refused - opportunistic opportunistic"
    ),
    (
      "example.test MX secure 5 mx.nowhere.test",
      "undeliverable; mx.nowhere.test refused - opportunistic opportunistic"
    ),
  ])
  func findsTheServers(zone: String, expected: String) async throws {
    let (decision, _) = try await DecisionScene(zone: zone).decide()
    #expect(DecisionScene.text(decision) == expected)
    #expect(!decision.evidence.isEmpty)
  }

  // The order of the records never matters; equal preferences stand in the order of names.
  @Test func sortsByPreferenceThenName() async throws {
    let lines = [
      "example.test MX secure 20 mx.dane.test", "example.test MX secure 10 mx.unusable.test",
      "example.test MX secure 10 mx.plain.test", "example.test MX secure 30 mx.plain.test",
    ]
    for order in [lines, lines.reversed(), [lines[2], lines[0], lines[3], lines[1]]] {
      let (decision, _) = try await DecisionScene(zone: order.joined(separator: "\n")).decide()
      #expect(
        decision.hosts.map { "\($0.preference) \($0.host)" }
          == ["10 mx.plain.test", "10 mx.unusable.test", "20 mx.dane.test"])
    }
  }

  @Test(arguments: [(20, 20), (21, 20)])
  func looksAtSoManyServers(count: Int, looked: Int) async throws {
    let zone = (1...count).map {
      "example.test MX secure \($0) mx\($0).test\nmx\($0).test A secure 192.0.2.1"
    }
    let (decision, _) = try await DecisionScene(zone: zone.joined(separator: "\n")).decide()
    #expect(decision.hosts.count == looked)
    #expect(decision.hosts.map(\.preference) == Array(1...UInt16(looked)))
  }

  // RFC 7672 §2.2: the four actions, each host for itself.
  @Test func judgesEachHostByItself() async throws {
    let zone = """
      example.test MX secure 10 mx.dane.test
      example.test MX secure 20 mx.plain.test
      example.test MX secure 30 mx.broken.test
      example.test MX secure 40 mx.unusable.test
      """
    let (decision, _) = try await DecisionScene(zone: zone).decide()
    #expect(
      DecisionScene.text(decision) == """
        hosts; mx.dane.test dane dane(1) for mx.dane.test,example.test; \
        mx.plain.test opportunistic opportunistic; \
        mx.broken.test deferred dnssec-invalid dane encrypted; \
        mx.unusable.test dane encrypted
        """)
    #expect(decision.hostsAreSecure)
    #expect(decision.hosts[0].requirement.serverName?.description == "mx.dane.test")
    #expect(decision.hosts[1].requirement.serverName?.description == "mx.plain.test")
    #expect(decision.hosts[0].addresses.map(\.description) == ["192.0.2.1"])
  }

  // A stronger mechanism that fails is not rescued: RFC 8461 §2, RFC 7672 §2.1.2.
  @Test func neverRescuesAFailure() async throws {
    let zone = "example.test MX secure 10 mx.broken.test"
    let entry = PolicyListEntry(
      isEnforced: true, mxPatterns: [.host(try DomainName(parsing: "mx.broken.test"))])
    for sts in [nil, try DecisionScene.policy(.enforce, "mx.broken.test")] {
      let scene = DecisionScene(zone: zone, sts: sts, list: entry)
      let (decision, _) = try await scene.decide()
      #expect(
        DecisionScene.text(decision)
          == "deferred dnssec-invalid; mx.broken.test deferred dnssec-invalid dane encrypted")
    }
  }

  // RFC 7672 §3.2.2, its own example.
  @Test func collectsTheReferenceNames() async throws {
    let tlsa = "TLSA secure 2 0 1 \(DecisionScene.digest)"
    let zone = """
      exchange.example.test MX secure @example.com 10 mx10.example.com
      exchange.example.test MX secure @example.com 15 mx15.example.com
      exchange.example.test MX secure @example.com 20 mx20.example.com
      mx10.example.com A secure 192.0.2.10
      _25._tcp.mx10.example.com \(tlsa)
      mx15.example.com A secure @mxbackup.example.com 192.0.2.15
      _25._tcp.mx15.example.com \(tlsa)
      mx20.example.com A secure @mxbackup.example.net 198.51.100.20
      _25._tcp.mxbackup.example.net \(tlsa)
      """
    let (decision, _) = try await DecisionScene(zone: zone).decide("exchange.example.test")
    #expect(
      decision.hosts.map { $0.requirement.referenceNames.map(\.description) } == [
        ["mx10.example.com", "exchange.example.test", "example.com"],
        ["mx15.example.com", "exchange.example.test", "example.com"],
        ["mxbackup.example.net", "exchange.example.test", "example.com", "mx20.example.com"],
      ])
    // RFC 7672 §8.1: SNI is the base domain.
    #expect(decision.hosts.last?.requirement.serverName?.description == "mxbackup.example.net")
  }

  // RFC 7672 §2.2.1, by the operator's choice.
  @Test(arguments: [
    (
      DeliveryOptions.InsecureMXPolicy.dane,
      "hosts; mx.dane.test dane dane(1) for mx.dane.test; mx.broken.test deferred dnssec-invalid "
        + "dane encrypted"
    ),
    (
      .encrypt,
      "hosts; mx.dane.test dane encrypted; mx.broken.test deferred dnssec-invalid dane encrypted"
    ),
    (
      .may,
      "hosts; mx.dane.test opportunistic opportunistic; mx.broken.test opportunistic opportunistic"
    ),
  ])
  func followsTheChoiceForInsecureMX(
    policy: DeliveryOptions.InsecureMXPolicy, expected: String
  ) async throws {
    var scene = DecisionScene(
      zone: """
        example.test MX insecure 10 mx.dane.test
        example.test MX insecure 20 mx.broken.test
        """)
    scene.options.insecureMX = policy
    let (decision, questions) = try await scene.decide()
    #expect(DecisionScene.text(decision) == expected)
    #expect(!decision.hostsAreSecure)
    #expect(questions.contains { $0.hasSuffix("TLSA") } == (policy != .may))
  }

  // RFC 7672 §2.1.1: what is not validated is not secure.
  @Test func turnsDANEOffWhereNobodyValidates() async throws {
    var scene = DecisionScene(
      zone: "example.test MX secure 10 mx.dane.test",
      sts: try DecisionScene.policy(.enforce, "mx.dane.test"))
    scene.options.resolverValidates = false
    let (decision, questions) = try await scene.decide()
    #expect(
      DecisionScene.text(decision) == "hosts; mx.dane.test mta-sts web PKI for mx.dane.test")
    #expect(!decision.resolverValidates)
    #expect(!decision.hostsAreSecure)
    #expect(decision.evidence.first?.outcome.hasPrefix("DANE IS OFF") == true)
    #expect(!questions.contains { $0.hasSuffix("TLSA") })
    let (normal, _) = try await DecisionScene(zone: scene.zone).decide()
    #expect(normal.resolverValidates)
    #expect(!normal.evidence.contains { $0.outcome.hasPrefix("DANE IS OFF") })
  }

  // An operator's route: no MX is asked for; addresses have neither DANE nor policies.
  @Test func followsRoutes() async throws {
    let tlsa = "_2525._tcp.mx.dane.test TLSA secure 3 1 1 \(DecisionScene.digest)"
    let (host, questions) = try await DecisionScene(zone: tlsa).decide("[mx.dane.test]:2525")
    #expect(DecisionScene.text(host) == "hosts; mx.dane.test dane dane(1) for mx.dane.test")
    #expect(!questions.contains { $0.hasSuffix(" MX") })
    let scene = DecisionScene(zone: "", sts: try DecisionScene.policy(.enforce))
    for (text, name, address) in [
      ("[192.0.2.7]", "192.0.2.7", "192.0.2.7"),
      ("[IPv6:2001:db8::7]", "2001:db8::7", "2001:db8::7"),
    ] {
      let (literal, asked) = try await scene.decide(text)
      #expect(DecisionScene.text(literal) == "hosts; \(name) opportunistic opportunistic")
      #expect(literal.hosts.first?.addresses.map(\.description) == [address])
      #expect(literal.hosts.first?.requirement.serverName == nil)
      #expect(asked == [])
    }
  }
}
