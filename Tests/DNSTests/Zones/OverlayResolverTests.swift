import DNS
import MailTesting
import Testing
import Wire

@Suite("planned records over published ones")
struct OverlayResolverTests {
  static let published = """
    $ORIGIN example.
    @      600 SOA ns h 1 1 1 1 300
    @      600 TXT "v=spf1 -all"
    @      600 MX 10 old
    mail   600 A 192.0.2.1
    www    600 CNAME cdn
    cdn    600 CNAME far
    far    600 A 192.0.2.2
    gone   600 CNAME nowhere
    loop   600 CNAME loop
    x.w    600 A 192.0.2.3
    """
  static let planned = """
    $ORIGIN example.
    @        60 TXT "v=spf1 mx -all"
    _dmarc   60 TXT "v=DMARC1; p=reject"
    cdn      60 CNAME near
    near     60 A 192.0.2.9
    nowhere  60 A 192.0.2.10
    new      60 CNAME mail
    a.deep   60 TXT x
    *.w      60 TXT wild
    """

  static func resolver() throws -> OverlayResolver<ZoneResolver> {
    OverlayResolver(
      overlay: ZoneResolver(zones: [try ZoneFile(parsing: planned)]),
      base: ZoneResolver(zones: [try ZoneFile(parsing: published)], security: .secure))
  }

  private static func a(_ last: UInt32) -> Answer.Outcome {
    .records([.a(.v4(0xC000_0200 | last))])
  }

  @Test(arguments: [
    // Replaced, and added.
    (
      "example", RecordType.txt, Answer.Outcome.records([.txt([Array("v=spf1 mx -all".utf8)])]),
      "example", UInt32(60), Answer.Security.insecure
    ),
    (
      "_dmarc.example", .txt, .records([.txt([Array("v=DMARC1; p=reject".utf8)])]),
      "_dmarc.example", 60, .insecure
    ),
    // Not planned: as published, security included.
    ("mail.example", .a, a(1), "mail.example", 600, .secure),
    ("none.example", .a, .noSuchName, "none.example", 300, .secure),
    // Other types of a planned name, and the names above it, exist.
    ("_dmarc.example", .mx, .noData, "_dmarc.example", 300, .secure),
    ("deep.example", .txt, .noData, "deep.example", 300, .secure),
    ("b.deep.example", .txt, .noSuchName, "b.deep.example", 300, .secure),
    // Aliases from the plan into the base, from the base into the plan, and through it.
    ("new.example", .a, a(1), "mail.example", 60, .insecure),
    ("gone.example", .a, a(10), "nowhere.example", 60, .insecure),
    ("www.example", .a, a(9), "near.example", 60, .insecure),
    // Wildcards: only where neither has the name nor one between.
    ("y.w.example", .txt, .records([.txt([Array("wild".utf8)])]), "y.w.example", 60, .insecure),
    (
      "z.y.w.example", .txt, .records([.txt([Array("wild".utf8)])]), "z.y.w.example", 60,
      .insecure
    ),
    ("y.w.example", .a, .noData, "y.w.example", 0, .insecure),
    ("x.w.example", .txt, .noData, "x.w.example", 300, .secure),
    ("z.x.w.example", .txt, .noSuchName, "z.x.w.example", 300, .secure),
  ])
  func answers(
    name: String, type: RecordType, outcome: Answer.Outcome, expandedName: String, ttl: UInt32,
    security: Answer.Security
  ) async throws {
    let answer = try await Self.resolver().lookup(ZoneFileTests.name(name), type)
    #expect(
      answer
        == Answer(
          outcome, expandedName: try ZoneFileTests.name(expandedName), ttl: ttl,
          security: security))
  }

  @Test func endsALoop() async throws {
    let resolver = try Self.resolver()
    await #expect(throws: LookupFailure.aliasLoop) {
      try await resolver.lookup(ZoneFileTests.name("loop.example"), .a)
    }
  }

  @Test(arguments: [
    // The base fails, but its alias leads to a planned name only for the first.
    LookupFailure.serverFailure("SERVFAIL"), .bogus("x"), .timeout, .cancelled, .aliasLoop,
  ])
  func passesFailuresOn(failure: LookupFailure) async throws {
    let name = try ZoneFileTests.name("a.example")
    let resolver = OverlayResolver(
      overlay: ZoneResolver(zones: []), base: ScriptedResolver([name: [.failure(failure)]]))
    await #expect(throws: failure) { try await resolver.lookup(name, .a) }
  }

  // The published alias leads to a zone that fails; the plan has the target.
  @Test func stepsOverAFailingTarget() async throws {
    let name = try ZoneFileTests.name("a.example")
    let base = ScriptedResolver([
      name: [
        .records([.cname(try ZoneFileTests.name("near.example"))]),
        .failure(.serverFailure("SERVFAIL")),
      ]
    ])
    let resolver = OverlayResolver(
      overlay: ZoneResolver(zones: [try ZoneFile(parsing: Self.planned)]), base: base)
    let answer = try await resolver.lookup(name, .a)
    #expect(answer.outcome == Self.a(9))
  }
}
