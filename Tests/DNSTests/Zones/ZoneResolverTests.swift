import DNS
import Testing
import Wire

@Suite("answers from zones, RFC 1034 §4.3.2")
struct ZoneResolverTests {
  static let zone = """
    $ORIGIN example.
    @         60 SOA ns h 1 1h 1h 1w 30
    @         60 MX 10 mail
    mail     100 A 192.0.2.1
    mail      50 A 192.0.2.2
    mail      50 A 192.0.2.2
    a.b.c     60 TXT x
    *.w       60 TXT wild
    *.w       60 MX 10 mail
    host.w    60 A 192.0.2.3
    deep.x.w  60 A 192.0.2.3
    *.v       60 CNAME mail
    alias     20 CNAME alias2
    alias2    60 CNAME mail
    nowhere   60 CNAME gone
    outside   60 CNAME www.example.net.
    outward   60 CNAME elsewhere.other.
    loop1     60 CNAME loop2
    loop2     60 CNAME loop1
    self      60 CNAME self
    d         60 DNAME e
    x.e       60 A 192.0.2.4
    srv       60 SRV 0 0 25 mail
    compact   60 NSEC \\000.compact RRSIG NSEC NXNAME
    signed    60 A 192.0.2.5
    signed    60 NSEC t A RRSIG NSEC
    """
  static let other = "elsewhere.other 60 A 192.0.2.9"

  static func resolver() throws -> ZoneResolver {
    ZoneResolver(zones: [try ZoneFile(parsing: zone), try ZoneFile(parsing: other)])
  }

  enum Kind: Equatable { case records(Int), noData, noSuchName }

  @Test(arguments: [
    ("mail.example", RecordType.a, Kind.records(2), "mail.example", UInt32(50)),
    ("MAIL.example", .a, .records(2), "mail.example", 50),
    ("mail.example", .txt, .noData, "mail.example", 30),
    ("none.example", .a, .noSuchName, "none.example", 30),
    // Nothing stands below a name without children.
    ("x.mail.example", .a, .noSuchName, "x.mail.example", 30),
    // Empty non-terminals exist (RFC 8020 §2).
    ("b.c.example", .txt, .noData, "b.c.example", 30),
    ("c.example", .a, .noData, "c.example", 30),
    ("z.c.example", .a, .noSuchName, "z.c.example", 30),
    // Wildcards (RFC 4592 §2.2.1).
    ("foo.w.example", .txt, .records(1), "foo.w.example", 60),
    ("a.b.foo.w.example", .txt, .records(1), "a.b.foo.w.example", 60),
    ("foo.w.example", .a, .noData, "foo.w.example", 30),
    ("host.w.example", .txt, .noData, "host.w.example", 30),
    ("x.w.example", .txt, .noData, "x.w.example", 30),
    ("foo.x.w.example", .txt, .noSuchName, "foo.x.w.example", 30),
    ("*.w.example", .txt, .records(1), "*.w.example", 60),
    ("w.example", .txt, .noData, "w.example", 30),
    ("foo.v.example", .a, .records(2), "mail.example", 50),
    // Aliases: the smallest TTL of the chain.
    ("alias.example", .a, .records(2), "mail.example", 20),
    ("alias.example", .txt, .noData, "mail.example", 20),
    ("alias.example", .cname, .records(1), "alias.example", 20),
    ("nowhere.example", .a, .noSuchName, "gone.example", 30),
    ("outside.example", .a, .noSuchName, "www.example.net", 0),
    ("outward.example", .a, .records(1), "elsewhere.other", 60),
    // DNAME (RFC 6672 §2.2): names below it, not itself.
    ("x.d.example", .a, .records(1), "x.e.example", 60),
    ("y.d.example", .a, .noSuchName, "y.e.example", 30),
    ("d.example", .a, .noData, "d.example", 30),
    // A record that is not read still makes its name.
    ("srv.example", .a, .noData, "srv.example", 30),
    // Compact denial (RFC 9824 §3.1), and an ordinary NSEC.
    ("compact.example", .txt, .noSuchName, "compact.example", 30),
    ("signed.example", .txt, .noData, "signed.example", 30),
    // Outside every zone.
    ("example.org", .a, .noSuchName, "example.org", 0),
  ])
  func answers(
    name: String, type: RecordType, kind: Kind, expandedName: String, ttl: UInt32
  ) async throws {
    let answer = try await Self.resolver().lookup(ZoneFileTests.name(name), type)
    let found: Kind =
      switch answer.outcome {
      case .records(let records): .records(records.count)
      case .noData: .noData
      case .noSuchName: .noSuchName
      }
    #expect(found == kind)
    #expect(answer.expandedName == (try ZoneFileTests.name(expandedName)))
    #expect(answer.ttl == ttl)
    #expect(answer.security == .insecure)
  }

  @Test(arguments: ["loop1.example", "self.example"])
  func endsALoop(name: String) async throws {
    let resolver = try Self.resolver()
    await #expect(throws: LookupFailure.aliasLoop) {
      try await resolver.lookup(ZoneFileTests.name(name), .a)
    }
  }

  @Test(arguments: [(16, true), (17, false)])
  func boundsAChain(length: Int, isFollowed: Bool) async throws {
    let chain = (0..<length).map { "c\($0) CNAME c\($0 + 1)\n" }.joined()
    let resolver = ZoneResolver(
      zones: [try ZoneFile(parsing: chain + "c\(length) A 192.0.2.1")])
    let answer = try? await resolver.lookup(ZoneFileTests.name("c0"), .a)
    #expect((answer?.records.count == 1) == isFollowed)
  }

  @Test func refusesASubstitutionThatIsTooLong() async throws {
    let label = String(repeating: "x", count: 63)
    let zone = try ZoneFile(parsing: "d DNAME \(label).\(label).\(label)")
    let name = try ZoneFileTests.name("\(label).d")
    await #expect(throws: LookupFailure.serverFailure("YXDOMAIN")) {
      try await ZoneResolver(zones: [zone]).lookup(name, .a)
    }
  }

  @Test func saysWhatItIsToldOfSecurity() async throws {
    let zone = try ZoneFile(parsing: "a A 192.0.2.1")
    let resolver = ZoneResolver(zones: [zone], security: .secure)
    #expect(try await resolver.lookup(ZoneFileTests.name("a"), .a).security == .secure)
  }
}
