import DNS
import MailTesting
import Testing
import Wire

@Suite("signet verify --dns with a name server that fails or lies")
struct HostileNameServerTests {
  typealias Query = HostileNameServer.Query
  typealias Reaction = HostileNameServer.Reaction

  private static func answer(_ query: Query, _ text: String) -> ResponseWriter {
    var response = query.response
    response.answers = [(query.name, 60, .txt([Array(text.utf8)]))]
    return response
  }

  private static func error(_ query: Query, _ code: UInt16) -> Reaction {
    var response = query.response
    response.flags |= code
    return .reply(response.octets)
  }

  /// What the true records would be: with them the message passes.
  private static func truth(_ query: Query, _ key: String) -> ResponseWriter {
    let name = "\(query.name)"
    guard query.type == .txt else { return query.response }
    if name.hasPrefix("s1._domainkey") { return answer(query, key) }
    if name.hasPrefix("_dmarc") { return answer(query, "v=DMARC1; p=reject") }
    return answer(query, "v=spf1 ip4:192.0.2.0/24 -all")
  }

  private static let failures: [(String, @Sendable (Query, String) -> Reaction)] = [
    ("silence", { _, _ in .silence }),
    ("SERVFAIL", { query, _ in error(query, 2) }),
    ("REFUSED", { query, _ in error(query, 5) }),
    ("FORMERR", { query, _ in error(query, 1) }),
    (
      "garbage",
      { query, _ in .reply(ResponseWriter.octets(query.identifier) + [0x81, 0x80, 0xFF]) }
    ),
    ("nothing", { _, _ in .reply([]) }),
    ("cut", { query, key in .reply(Array(truth(query, key).octets.dropLast(9))) }),
    (
      "another question",
      { query, key in
        var response = truth(query, key)
        response.question = (.root, query.type)
        return .reply(response.octets)
      }
    ),
    (
      "another identifier",
      { query, key in
        var response = truth(query, key)
        response.identifier ^= 1
        return .reply(response.octets)
      }
    ),
    (
      "truncated, and nothing over TCP",
      { query, key in
        var response = truth(query, key)
        response.flags |= 0x0200
        return query.isOverTCP ? .silence : .reply(response.octets)
      }
    ),
    ("late", { query, key in .late(milliseconds: 1500, truth(query, key).octets) }),
    (
      "CNAME loop",
      { query, _ in
        var response = query.response
        response.answers = [(query.name, 60, .cname(query.name))]
        return .reply(response.octets)
      }
    ),
  ]

  /// Runs the signed message through the server, with SPF too.
  private static func run(
    _ react: @escaping @Sendable (Query, String) -> Reaction, timeout: String = "0.6"
  ) async throws -> CommandOutcome {
    let scene = try CommandScene()
    let key = scene.keyRecord
    let server = try HostileNameServer { react($0, key) }
    defer { server.stop() }
    try scene.write("a.eml", try scene.signed())
    return try await scene.signet([
      "verify", "a.eml", "--json", "--now", "\(CommandScene.now)", "--no-dnssec",
      "--dns", "127.0.0.1:\(server.port)", "--dns-timeout", timeout,
      "--ip", "192.0.2.1", "--helo", "mx.example.com", "--mail-from", "ann@example.com",
    ])
  }

  /// The server itself is no reason to fail.
  @Test func truthPasses() async throws {
    let run = try await Self.run({ .reply(Self.truth($0, $1).octets) }, timeout: "10")
    #expect(run.status == 0, "\(run.text)\(run.errorText)")
    let verdict = try #require(try run.objects().first)
    #expect(verdict["spf"]?["result"] == .string("pass"))
    #expect(verdict["dkim"]?[0]?["result"] == .string("pass"))
    #expect(verdict["dmarc"]?["result"] == .string("pass"))
  }

  @Test(arguments: failures.indices)
  func troubleIsTemporaryError(index: Int) async throws {
    let (label, react) = Self.failures[index]
    let run = try await Self.run(react)
    #expect(run.status == 2, "\(label): \(run.text)\(run.errorText)")
    #expect(run.errors.isEmpty)
    let verdict = try #require(try run.objects().first)
    #expect(verdict["spf"]?["result"] == .string("temperror"), "\(label)")
    #expect(verdict["dkim"]?[0]?["result"] == .string("temperror"), "\(label)")
    #expect(verdict["dmarc"]?["result"] == .string("temperror"), "\(label)")
  }

  /// Where the policy alone cannot be had, nobody knows what a failure means.
  @Test func policyAloneIsMissing() async throws {
    let run = try await Self.run(
      { query, key in
        "\(query.name)".hasPrefix("_dmarc")
          ? Self.error(query, 2) : .reply(Self.truth(query, key).octets)
      }, timeout: "10")
    let verdict = try #require(try run.objects().first)
    #expect(verdict["dkim"]?[0]?["result"] == .string("pass"))
    #expect(verdict["dmarc"]?["result"] == .string("temperror"))
    #expect(run.status == 2)
  }

  /// Lies that are no DNS trouble: whatever is said of the key, a wrong one proves nothing.
  @Test(arguments: [
    "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", "v=DKIM1; p=",
    "v=DKIM1; k=ed25519; p=AAAA", "\u{1B}[2J", "",
  ])
  func wrongKeysDoNotPass(key: String) async throws {
    let run = try await Self.run(
      { query, truth in
        "\(query.name)".hasPrefix("s1._domainkey")
          ? .reply(Self.answer(query, key).octets) : .reply(Self.truth(query, truth).octets)
      }, timeout: "10")
    #expect(!run.wasKilled && run.errors.isEmpty)
    #expect(run.isFitForTerminals)
    let verdict = try #require(try run.objects().first)
    let result = try #require(verdict["dkim"]?[0]?["result"]?.text)
    #expect(["fail", "permerror", "neutral"].contains(result), "\(result)")
  }
}
