import DNS
import MailTesting
import Testing
import Unbound
import Wire

@Suite(
  "libunbound over NSD, RFC 4035 §4.3",
  .enabled(if: NameServer.isPresent, "needs nsd and ldnsutils"))
struct UnboundLabTests {
  /// The zones that this suite asks, beside those of `ResolverConformance`.
  static let zones: [LabZone] = [
    .plain(
      origin: "secure.test.", text: "a 300 A 192.0.2.1\nalias 300 CNAME a.insecure.test.",
      signing: .signed),
    .plain(
      origin: "insecure.test.", text: "a 300 A 192.0.2.2\nback 300 CNAME a.secure.test.",
      signing: .unsigned),
    .plain(
      origin: "bogus.test.",
      text: "a 300 A 192.0.2.77\ngood 300 A 192.0.2.3\nalias 300 CNAME a", signing: .signed,
      tampering: ["192.0.2.77": "192.0.2.78"]),
    .plain(origin: "expired.test.", text: "a 300 A 192.0.2.4", signing: .expired),
    .plain(origin: "stripped.test.", text: "a 300 A 192.0.2.5", signing: .stripped),
    // Names that libunbound answers itself unless told not to (RFC 6761, RFC 6303).
    .plain(
      origin: "168.192.in-addr.arpa.", text: "1.2 300 PTR a.secure.test.",
      signing: .unsigned),
    .plain(origin: "2.0.192.in-addr.arpa.", text: "1 300 PTR a.secure.test.", signing: .signed),
    .plain(origin: "invalid.", text: "a 300 A 192.0.2.6", signing: .signed),
  ]

  /// One for all tests of the suite; it ends with the process.
  static let server = Task { try await NameServer(zones) }

  static func conformanceZones(_ signing: LabZone.Signing) -> [LabZone] {
    ResolverConformance.zones.map {
      LabZone(origin: $0.origin, text: $0.text, signing: signing)
    }
  }

  static func configuration(_ server: NameServer) -> UnboundConfiguration {
    var configuration = UnboundConfiguration()
    configuration.upstream = .forwarders([
      NameServerAddress(.v4(0x7F00_0001), port: server.port)
    ])
    configuration.trustAnchorFile = server.trustAnchorFile
    return configuration
  }

  private static func name(_ text: String) throws -> DomainName {
    try DomainName(parsing: text)
  }

  @Test(arguments: [
    (LabZone.Signing.signed, true, Answer.Security.secure),
    (.unsigned, true, .insecure),
    // Signed, but nobody looks.
    (.signed, false, .insecure),
  ])
  func conforms(
    signing: LabZone.Signing, validates: Bool, security: Answer.Security
  ) async throws {
    let server = try await NameServer(Self.conformanceZones(signing))
    defer { server.stop() }
    var configuration = Self.configuration(server)
    configuration.validates = validates
    configuration.threads = validates ? 2 : 1
    let resolver = try UnboundResolver(configuration)
    #expect(resolver.isValidating == validates)
    // Compact denial is an NSEC, which an unsigned zone has not.
    let features: ResolverConformance.Features =
      signing == .signed ? .all : [.aliases, .wildcards, .negativeTTLs]
    let deviations = await ResolverConformance.deviations(
      of: resolver, security: security, features: features)
    #expect(deviations == [])
    let cached = await ResolverConformance.deviations(
      of: AnswerCache(resolver, clock: ContinuousClock()), security: security,
      features: features)
    #expect(cached == [])
  }

  @Test func tellsSecurityApart() async throws {
    let server = try await Self.server.value
    let resolver = try UnboundResolver(Self.configuration(server))
    let table: [(String, RecordType, Answer.Security?)] = [
      ("a.secure.test", .a, .secure),
      ("a.insecure.test", .a, .insecure),
      // An answer is as secure as the weakest zone on its way.
      ("alias.secure.test", .a, .insecure),
      ("back.insecure.test", .a, .insecure),
      ("good.bogus.test", .a, .secure),
      ("1.2.168.192.in-addr.arpa", .ptr, .insecure),
      ("1.2.0.192.in-addr.arpa", .ptr, .secure),
      ("a.invalid", .a, .secure),
      // Bogus: tampered with, by way of an alias, out of date, and signatures taken away.
      ("a.bogus.test", .a, nil),
      ("alias.bogus.test", .a, nil),
      ("a.expired.test", .a, nil),
      ("none.expired.test", .a, nil),
      ("a.stripped.test", .a, nil),
      ("none.stripped.test", .a, nil),
    ]
    for (name, type, security) in table {
      do {
        let answer = try await resolver.lookup(Self.name(name), type)
        #expect(answer.security == security, "\(name)")
        #expect(answer.records.count == 1, "\(name)")
      } catch LookupFailure.bogus(let reason) {
        #expect(security == nil, "\(name): \(reason)")
        #expect(!reason.isEmpty)
      }
    }
  }

  // Proofs of absence: for NXDOMAIN and NODATA, each secure where the zone is signed.
  @Test(arguments: [
    ("none.secure.test", Answer.Outcome.noSuchName, Answer.Security.secure),
    ("a.secure.test", .noData, .secure),
    ("none.insecure.test", .noSuchName, .insecure),
    ("nowhere.example", .noSuchName, .secure),
    ("test", .noData, .secure),
  ])
  func provesAbsence(
    name: String, outcome: Answer.Outcome, security: Answer.Security
  ) async throws {
    let server = try await Self.server.value
    let resolver = try UnboundResolver(Self.configuration(server))
    let answer = try await resolver.lookup(Self.name(name), .txt)
    #expect(answer.outcome == outcome)
    #expect(answer.security == security)
    #expect((1...60).contains(answer.ttl))
  }

  @Test func saysThatItDoesNotValidate() async throws {
    let server = try await Self.server.value
    var configuration = Self.configuration(server)
    configuration.validates = false
    let resolver = try UnboundResolver(configuration)
    #expect(!resolver.isValidating)
    #expect(resolver.trustAnchorFile == nil)
    let answer = try await resolver.lookup(Self.name("a.bogus.test"), .a)
    #expect(answer.security == .insecure)
  }
}
