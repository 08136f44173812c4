import MailTesting
import Testing

@Suite("signet spf")
struct SPFCommandTests {
  private static let zone = """
    lookups.example. TXT "v=spf1 include:example.com a mx:lists.example -all"
    lookups.example. A 198.51.100.1
    lists.example. MX 10 mx.lists.example.
    mx.lists.example. A 198.51.100.2
    mx.lists.example. AAAA 2001:db8::2
    soft.example. TXT "v=spf1 ~all"
    neutral.example. TXT "v=spf1 ip4:192.0.2.1 ?all"
    world.example. TXT "v=spf1 +all"
    hole.example. TXT "v=spf1 include:nothing.example -all"
    excuse.example. TXT "v=spf1 exp=why.excuse.example -all"
    why.excuse.example. TXT "%{i} may not send for %{d}"

    """

  private static func spf(_ arguments: [String]) async throws -> CommandOutcome {
    let scene = try CommandScene(zone: zone)
    return try await scene.signet(["spf", "--zone", "dns.zone"] + arguments)
  }

  @Test(arguments: [
    ("example.com", "192.0.2.1", "pass", 0),
    ("ann@example.com", "192.0.2.1", "pass", 0),
    ("example.com.", "192.0.2.1", "pass", 0),
    ("example.com", "::ffff:192.0.2.1", "pass", 0),
    ("example.com", "203.0.113.1", "fail", 1),
    ("lookups.example", "198.51.100.2", "pass", 0),
    ("lookups.example", "2001:db8::2", "pass", 0),
    ("soft.example", "192.0.2.1", "softfail", 1),
    ("neutral.example", "192.0.2.2", "neutral", 0),
    ("nothing.example", "192.0.2.1", "none", 0),
    ("broken.example", "192.0.2.1", "permerror", 1),
    ("hole.example", "192.0.2.1", "permerror", 1),
  ])
  func evaluates(domain: String, client: String, result: String, status: Int) async throws {
    let text = try await Self.spf([domain, "--ip", client])
    #expect(text.status == status)
    #expect(text.text.hasPrefix("\(result)  "))
    #expect(text.errors.isEmpty)
    let json = try await Self.spf([domain, "--ip", client, "--json"])
    #expect(json.status == status)
    let object = try #require(try json.objects().first)
    #expect(object["result"] == .string(result))
    #expect(
      object.names == [
        "result", "domain", "record", "mechanism", "reason", "explanation", "lookups",
        "void_lookups",
      ])
  }

  @Test func explains() async throws {
    let text = try await Self.spf(["excuse.example", "--ip", "192.0.2.1", "--explain"])
    #expect(text.text.contains("192.0.2.1 may not send for excuse.example"))
    #expect(text.text.contains("[RFC 7208 §"))
    let json = try await Self.spf(["excuse.example", "--ip", "192.0.2.1", "--explain", "--json"])
    let evidence = try #require(try json.objects().first?["evidence"]?.values)
    #expect(!evidence.isEmpty)
    #expect(evidence.allSatisfy { $0.names == ["step", "subject", "found", "outcome", "cites"] })
  }

  @Test(arguments: [
    ("example.com", 0), ("lookups.example", 0), ("soft.example", 0),
    ("world.example", 1), ("hole.example", 1), ("broken.example", 1), ("nothing.example", 1),
  ])
  func expands(domain: String, status: Int) async throws {
    let text = try await Self.spf([domain])
    #expect(text.status == status, "\(text.text)")
    #expect(text.text.hasPrefix("\(domain)  "))
    let json = try await Self.spf([domain, "--json"])
    #expect(json.status == status)
    let object = try #require(try json.objects().first)
    #expect(object.names == ["lookups", "void_lookups", "networks", "warnings", "record"])
    #expect(object["record"]?["domain"] == .string(domain))
  }

  @Test func listsLookupsAndAddresses() async throws {
    let json = try await Self.spf(["lookups.example", "--json"])
    let object = try #require(try json.objects().first)
    #expect(object["lookups"] == .number(3))
    #expect(
      object["networks"]?.values?.compactMap(\.text) == [
        "192.0.2.0/24", "198.51.100.1/32", "198.51.100.2/32", "2001:db8::2/128",
      ])
  }

  /// Nobody answers: that is not "no record".
  @Test(arguments: [["--ip", "192.0.2.1"], []])
  func cannotTellWithoutDNS(session: [String]) async throws {
    let scene = try CommandScene()
    let run = try await scene.signet(
      ["spf", "example.com", "--dns", "127.0.0.1:1", "--no-dnssec", "--dns-timeout", "0.3"]
        + session)
    #expect(run.status == 2)
    #expect(run.errors.isEmpty)
  }

  @Test(arguments: [
    [], ["a..b"], [""], ["@"], ["ann@"], ["example.com", "more"], ["example.com", "--ip", "1.2.3"],
    ["example.com", "--helo", "x"], ["example.com", "--now", "never"],
  ])
  func wrongUsage(arguments: [String]) async throws {
    #expect(try await Self.spf(arguments).failsNeatly(64))
  }
}
