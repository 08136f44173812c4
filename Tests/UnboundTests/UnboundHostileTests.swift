import DNS
import MailTesting
import Testing
import Unbound
import Wire

@Suite("libunbound against servers that fail and lie")
struct UnboundHostileTests {
  typealias Query = HostileNameServer.Query
  typealias Reaction = HostileNameServer.Reaction

  static func resolver(
    _ server: HostileNameServer, timeout: Swift.Duration = .milliseconds(700)
  ) throws -> UnboundResolver {
    var configuration = UnboundConfiguration()
    configuration.upstream = .forwarders([NameServerAddress(server.address, port: server.port)])
    configuration.validates = false
    configuration.timeout = timeout
    return try UnboundResolver(configuration)
  }

  static let name = try? DomainName(parsing: "a.example")

  private static func good(_ query: Query) -> ResponseWriter {
    var response = query.response
    response.answers = [(query.name, 60, .a(.v4(0xC000_0201)))]
    return response
  }

  private static func coded(_ code: UInt16) -> @Sendable (Query) -> Reaction {
    { query in
      var response = query.response
      response.flags |= code
      return .reply(response.octets)
    }
  }

  private static func spoiled(
    _ spoil: @escaping @Sendable (inout [UInt8]) -> Void
  ) -> @Sendable (Query) -> Reaction {
    { query in
      var octets = good(query).octets
      spoil(&octets)
      return .reply(octets)
    }
  }

  /// None of these may end in an answer, and all end within the bound.
  static let failing: [(String, @Sendable (Query) -> Reaction)] = [
    ("silence", { _ in .silence }),
    ("SERVFAIL", coded(2)),
    ("REFUSED", coded(5)),
    ("FORMERR", coded(1)),
    ("a late answer", { .late(milliseconds: 1_200, good($0).octets) }),
    ("a wrong number", spoiled { $0[0] ^= 0xFF }),
    ("not a response", spoiled { $0[2] &= 0x7F }),
    ("an empty message", { _ in .reply([]) }),
    ("a header only", spoiled { $0.removeSubrange(12...) }),
    ("a broken end", spoiled { $0.removeLast(3) }),
    ("garbage", { _ in .reply((0..<600).map { UInt8(truncatingIfNeeded: $0 &* 97) }) }),
    (
      "another question",
      { query in
        var response = good(query)
        response.question = (.root, .a)
        return .reply(response.octets)
      }
    ),
    // The owner of the answer points at itself: after the question of 11 + 4 octets.
    ("a name that points at itself", spoiled { $0.replaceSubrange(27..<38, with: [0xC0, 27]) }),
    (
      "truncation without end",
      { query in
        var response = query.response
        response.flags |= 0x0200
        return query.isOverTCP ? .silence : .reply(response.octets)
      }
    ),
    ("RDATA beyond the end", spoiled { $0[$0.count - 5] = 200 }),
  ]

  @Test(.timeLimit(.minutes(2)), arguments: failing.indices)
  func givesNoAnswer(index: Int) async throws {
    let (label, react) = Self.failing[index]
    let server = try HostileNameServer(react)
    defer { server.stop() }
    let resolver = try Self.resolver(server)
    let name = try #require(Self.name)
    do {
      let answer = try await resolver.lookup(name, .a)
      Issue.record("\(label): \(answer)")
    } catch {
      switch error {
      case .timeout, .serverFailure: break
      case .bogus, .aliasLoop, .cancelled: Issue.record("\(label): \(error)")
      }
      if label == "silence" { #expect(error == .timeout) }
      if label == "SERVFAIL" { #expect(error == .serverFailure("SERVFAIL")) }
    }
    #expect(server.queryCount > 0, "\(label)")
  }

  @Test func refusesTCPThatIsNotThere() async throws {
    let server = try HostileNameServer(listens: false) { query in
      var response = query.response
      response.flags |= 0x0200
      return .reply(response.octets)
    }
    defer { server.stop() }
    let resolver = try Self.resolver(server)
    let name = try #require(Self.name)
    await #expect(throws: LookupFailure.self) { try await resolver.lookup(name, .a) }
  }

  @Test func followsTruncationToTCP() async throws {
    let server = try HostileNameServer { query in
      var response = Self.good(query)
      if !query.isOverTCP {
        response.flags |= 0x0200
        response.answers = []
      }
      return .reply(response.octets)
    }
    defer { server.stop() }
    let resolver = try Self.resolver(server, timeout: .seconds(5))
    let answer = try await resolver.lookup(#require(Self.name), .a)
    #expect(answer.outcome == .records([.a(.v4(0xC000_0201))]))
    #expect(answer.ttl == 60)
  }

  // RFC 9824 §3.1, from a server that makes up its proofs: nobody validates here.
  @Test func readsCompactDenial() async throws {
    let server = try HostileNameServer { query in
      var response = query.response
      let bits: [UInt8] = [0, 17, 0, 0, 0, 0, 0, 3] + [UInt8](repeating: 0, count: 10) + [0x80]
      response.authorities = [
        (query.name, 60, .other(.nsec, [1, 0] + query.name.wire + bits)),
        (
          .root, 60,
          .soa(
            StartOfAuthority(
              primaryServer: .root, responsibleMailbox: .root, serial: 1, refresh: 1, retry: 1,
              expire: 1, minimum: 30))
        ),
      ]
      return .reply(response.octets)
    }
    defer { server.stop() }
    let resolver = try Self.resolver(server, timeout: .seconds(5))
    let answer = try await resolver.lookup(#require(Self.name), .txt)
    #expect(answer.outcome == .noSuchName)
  }

  @Test func comesBackToAServerThatWasDown() async throws {
    let isUp = ManualSwitch()
    let server = try HostileNameServer { isUp.isOn ? .reply(Self.good($0).octets) : .silence }
    defer { server.stop() }
    let resolver = try Self.resolver(server)
    let name = try #require(Self.name)
    await #expect(throws: LookupFailure.timeout) { try await resolver.lookup(name, .a) }
    isUp.turnOn()
    let other = try DomainName(parsing: "b.example")
    var answer: Answer?
    for _ in 0..<6 where answer == nil { answer = try? await resolver.lookup(other, .a) }
    #expect(answer?.records.count == 1)
  }
}

@Suite("the life of a libunbound resolver")
struct UnboundLifeTests {
  /// A look-up that did not notice would end in a time-out after a minute.
  @Test func leavesWhenCancelled() async throws {
    let server = try HostileNameServer { _ in .silence }
    defer { server.stop() }
    let resolver = try UnboundHostileTests.resolver(server, timeout: .seconds(60))
    let name = try #require(UnboundHostileTests.name)
    let tasks = (0..<100).map { _ in Task { try await resolver.lookup(name, .a) } }
    #expect(await eventually { server.queryCount > 0 })
    for task in tasks { task.cancel() }
    for task in tasks {
      await #expect(throws: LookupFailure.cancelled) { try await task.value }
    }
  }

  @Test func closesUnderLoad() async throws {
    let server = try HostileNameServer { _ in .silence }
    defer { server.stop() }
    let resolver = try UnboundHostileTests.resolver(server, timeout: .seconds(60))
    let names = try (0..<100).map { try DomainName(parsing: "n\($0).example") }
    let tasks = names.map { name in Task { try await resolver.lookup(name, .a) } }
    #expect(await eventually { server.queryCount > 0 })
    resolver.close()
    resolver.close()
    let closed = LookupFailure.serverFailure("the resolver was closed")
    for task in tasks { await #expect(throws: closed) { try await task.value } }
    let name = try #require(UnboundHostileTests.name)
    await #expect(throws: closed) { try await resolver.lookup(name, .a) }
  }

  @Test func startsAndEndsOften() async throws {
    let server = try HostileNameServer { query in
      var response = query.response
      response.answers = [(query.name, 60, .a(.v4(0xC000_0201)))]
      return .reply(response.octets)
    }
    defer { server.stop() }
    let name = try #require(UnboundHostileTests.name)
    for _ in 0..<10 {
      // No `close`: the last reference does it.
      let resolver = try UnboundHostileTests.resolver(server, timeout: .seconds(5))
      #expect(try await resolver.lookup(name, .a).records.count == 1)
    }
  }

  // Nothing is sent before something is asked.
  @Test(arguments: [UnboundConfiguration.Upstream.system, .roots])
  func setsUpForTheInternet(upstream: UnboundConfiguration.Upstream) throws {
    var configuration = UnboundConfiguration()
    configuration.upstream = upstream
    configuration.threads = 2
    let resolver = try UnboundResolver(configuration)
    // Without an anchor on this system nothing is validated, and the resolver says so.
    #expect(resolver.isValidating == (resolver.trustAnchorFile != nil))
    let files = UnboundConfiguration.systemTrustAnchorFiles
    #expect(resolver.trustAnchorFile.map(files.contains) ?? true)
  }

  @Test func refusesABadConfiguration() throws {
    var configuration = UnboundConfiguration()
    configuration.trustAnchorFile = "/nonexistent/root.key"
    let error = try #require(throws: UnboundError.self) { try UnboundResolver(configuration) }
    #expect(error.description == "trust anchor /nonexistent/root.key: cannot be read")
    // A file that holds no anchor.
    configuration.trustAnchorFile = "/proc/version"
    configuration.upstream = .forwarders([NameServerAddress(.v4(0x7F00_0001), port: 9)])
    #expect(throws: UnboundError.self) { try UnboundResolver(configuration) }
  }
}

@Suite("addresses of name servers")
struct NameServerAddressTests {
  @Test(arguments: [
    ("192.0.2.53", "192.0.2.53:53"),
    ("192.0.2.53:5353", "192.0.2.53:5353"),
    ("localhost:1", "127.0.0.1:1"),
    ("2001:db8::53", "[2001:db8::53]:53"),
    ("[2001:db8::53]", "[2001:db8::53]:53"),
    ("[2001:db8::53]:65535", "[2001:db8::53]:65535"),
  ])
  func reads(text: String, description: String) throws {
    #expect(try NameServerAddress(parsing: text).description == description)
  }

  @Test(arguments: [
    "", ":53", "192.0.2.53:", "192.0.2.53:0", "192.0.2.53:65536", "192.0.2.53:53x",
    "[2001:db8::53", "[2001:db8::53]53", "dns.example", "192.0.2.53:+1", "[]:53",
  ])
  func refuses(text: String) {
    #expect(throws: SyntaxError.self) { try NameServerAddress(parsing: text) }
  }
}
