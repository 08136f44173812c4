import Authentication
import DNS
import MailTesting
import Synchronization
import Testing
import Wire

@Suite("SPF limits, RFC 7208 §4.6.4")
struct SPFLimitTests {
  private func check(
    _ resolver: ScriptedResolver, _ domain: String = "d.example", client: String = "192.0.2.1",
    limits: SPFLimits = SPFLimits()
  ) async throws -> SPFCheck {
    var verifier = SPFVerifier(resolver: resolver)
    verifier.limits = limits
    return await verifier.check(
      .mailFrom, client: try IPAddress(parsing: client), helo: [],
      mailFrom: Array("u@\(domain)".utf8), now: 0, clock: ManualClock())
  }

  private func check(_ zone: String, client: String = "192.0.2.1") async throws -> SPFCheck {
    try await check(try spfZone(zone), client: client)
  }

  @Test(arguments: [
    ("v=spf1 redirect=d.example", 11),
    ("v=spf1 include:d.example -all", 11),
    ("v=spf1 include:e.example", 11),
    ("v=spf1 redirect=e.example", 11),
  ])
  func endsLoops(record: String, questions: Int) async throws {
    let resolver = try spfZone(
      "d.example TXT \(record)\ne.example TXT v=spf1 include:d.example redirect=d.example")
    let check = try await check(resolver)
    #expect(check.result == .permerror)
    #expect(check.lookups == 11)
    #expect(resolver.questions.count == questions)
  }

  @Test(arguments: [
    ("a", 10, SPFResult.fail), ("a", 11, .permerror),
    ("mx", 10, .fail), ("mx", 11, .permerror),
    ("ptr", 10, .fail), ("ptr", 11, .permerror),
    ("include:i.example", 10, .fail), ("include:i.example", 11, .permerror),
    ("ip4:198.51.100.1", 200, .fail),  // asks nothing
    ("ip6:::/0", 200, .fail),
  ])
  func countsTerms(term: String, count: Int, result: SPFResult) async throws {
    let terms = repeatElement(term, count: count).joined(separator: " ")
    let check = try await check(
      """
      d.example TXT v=spf1 \(terms) -all
      d.example A 198.51.100.1
      d.example MX d.example
      i.example TXT v=spf1 ?all
      1.2.0.192.in-addr.arpa PTR other.example
      """)
    #expect(check.result == result)
    #expect(check.lookups == (term.hasPrefix("ip") ? 0 : count))
    #expect(check.voidLookups == 0)
  }

  /// Terms in included records count in the same sum; those behind the match do not.
  @Test(arguments: [(8, SPFResult.pass, 9), (9, .pass, 10), (10, .permerror, 11)])
  func countsAcrossRecords(inner: Int, result: SPFResult, lookups: Int) async throws {
    let terms = repeatElement("a", count: inner).joined(separator: " ")
    let check = try await check(
      """
      d.example TXT v=spf1 include:i.example ip4:192.0.2.1 a a a -all
      i.example TXT v=spf1 \(terms) ?all
      i.example A 198.51.100.1
      """)
    #expect(check.result == result)
    #expect(check.lookups == lookups)
  }

  /// `%{p}` asks for the client's PTR records: once, and charged once.
  @Test(arguments: [(9, SPFResult.fail, 10), (10, .permerror, 11)])
  func countsReverseMacro(terms: Int, result: SPFResult, lookups: Int) async throws {
    let terms = repeatElement("exists:%{p}.x.example", count: terms - 1).joined(separator: " ")
    let resolver = try spfZone(
      """
      d.example TXT v=spf1 a:other.example \(terms) -all
      other.example A 198.51.100.1
      unknown.x.example AAAA ::1
      1.2.0.192.in-addr.arpa PTR other.example
      """)
    var limits = SPFLimits()
    limits.voidLookups = 100
    let check = try await check(resolver, limits: limits)
    #expect(check.result == result)
    #expect(check.lookups == lookups)
    #expect(resolver.questions.filter { $0.type == .ptr }.count == 1)
  }

  @Test(arguments: [
    ("a:n1.x a:n2.x", SPFResult.fail, 2),
    ("a:n1.x a:n2.x a:n3.x", .permerror, 3),
    ("exists:n1.x mx:n2.x ptr", .permerror, 3),
    ("a:t.example mx:t.example exists:t.example", .permerror, 3),  // NODATA is void too
    ("a:n1.x a:n1.x a:n1.x", .permerror, 3),
    ("mx:m.example a:n1.x", .fail, 2),  // two hosts without addresses: one term
    ("a:n1.x a:n2.x ip4:192.0.2.1 a:n3.x", .pass, 2),  // the third is not reached
  ])
  func countsVoids(terms: String, result: SPFResult, voids: Int) async throws {
    let check = try await check(
      """
      d.example TXT v=spf1 \(terms) -all exp=nowhere.example
      t.example TXT no address
      m.example MX n4.x n5.x
      """)
    #expect(check.result == result)
    #expect(check.voidLookups == voids)
    #expect(check.explanation == nil)
  }

  @Test(arguments: [(10, SPFResult.fail), (11, .permerror)])
  func boundsExchangers(count: Int, result: SPFResult) async throws {
    let hosts = (1...count).map { "mx\($0).example" }
    let resolver = try spfZone(
      "d.example TXT v=spf1 mx -all\nd.example MX \(hosts.joined(separator: " "))\n"
        + hosts.map { "\($0) A 198.51.100.1" }.joined(separator: "\n"))
    let check = try await check(resolver)
    #expect(check.result == result)
    #expect(resolver.questions.count == (count == 10 ? 12 : 2))
  }

  /// The names beyond ten are the client's, not the publisher's: ignored, and no error.
  @Test(arguments: [(10, SPFResult.pass), (11, .fail)])
  func boundsReverseNames(place: Int, result: SPFResult) async throws {
    let names = (1...11).map { $0 == place ? "ok.d.example" : "h\($0).d.example" }
    let resolver = try spfZone(
      """
      d.example TXT v=spf1 ptr -all
      1.2.0.192.in-addr.arpa PTR \(names.joined(separator: " "))
      ok.d.example A 192.0.2.1
      """)
    #expect(try await check(resolver).result == result)
    #expect(resolver.questions.count == 12)
  }

  /// Names that could not match are not asked for.
  @Test func asksOnlyForNamesBelow() async throws {
    let resolver = try spfZone(
      """
      d.example TXT v=spf1 ptr -all
      1.2.0.192.in-addr.arpa PTR victim.org notd.example mail.D.Example
      mail.d.example A 192.0.2.1
      """)
    #expect(try await check(resolver).result == .pass)
    #expect(resolver.questions.count == 3)
  }

  @Test func boundsFanOut() async throws {
    let includes = (1...100).map { "include:i\($0).example" }.joined(separator: " ")
    let inner = (1...100).map { "include:j\($0).example" }.joined(separator: " ")
    let resolver = try spfZone(
      "d.example TXT v=spf1 \(includes) -all\n"
        + (1...100).map { "i\($0).example TXT v=spf1 \(inner)" }.joined(separator: "\n") + "\n"
        + (1...100).map { "j\($0).example TXT v=spf1 ?all" }.joined(separator: "\n"))
    let check = try await check(resolver)
    #expect(check.result == .permerror)
    #expect(resolver.questions.count == 11)
  }

  /// A record of 64 KiB costs no more than its octets.
  @Test func readsLargeRecords() async throws {
    let terms = (0..<3000).map { "ip4:10.\($0 / 250).\($0 % 250).1/32" }.joined(separator: " ")
    let check = try await check("d.example TXT v=spf1 \(terms) -all")
    #expect(check.result == .fail)
    #expect(check.evidence.count == 501)
  }

  /// A clock that moves only when a question is asked.
  private struct SteppingClock: Clock {
    struct Instant: InstantProtocol {
      var offset: Duration
      func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
      func duration(to other: Instant) -> Duration { other.offset - offset }
      static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    final class Hand: Sendable {
      let offset = Mutex(Duration.zero)
    }

    let hand = Hand()
    var now: Instant { Instant(offset: hand.offset.withLock { $0 }) }
    var minimumResolution: Duration { .nanoseconds(1) }
    func sleep(until deadline: Instant, tolerance: Duration?) async throws {}
  }

  private struct SlowResolver: Resolver {
    let zone: ScriptedResolver
    let clock: SteppingClock
    let seconds: Int

    func lookup(
      _ name: DomainName, _ type: RecordType
    ) async throws(LookupFailure) -> Answer {
      clock.hand.offset.withLock { $0 += .seconds(seconds) }
      return try await zone.lookup(name, type)
    }
  }

  @Test(arguments: [
    (6, SPFResult.pass),  // 18 seconds for three questions
    (7, .temperror),
    (20, .temperror),
  ])
  func boundsTime(seconds: Int, result: SPFResult) async throws {
    let zone = try spfZone(
      """
      d.example TXT v=spf1 include:e.example -all
      e.example TXT v=spf1 a
      e.example A 192.0.2.1
      """)
    let clock = SteppingClock()
    let resolver = SlowResolver(zone: zone, clock: clock, seconds: seconds)
    let check = await SPFVerifier(resolver: resolver).check(
      .mailFrom, client: try IPAddress(parsing: "192.0.2.1"), helo: [],
      mailFrom: Array("u@d.example".utf8), now: 0, clock: clock)
    #expect(check.result == result)
    #expect(zone.questions.count == (seconds == 20 ? 1 : 3))
  }

  /// One question that is never answered ends at the deadline, not when its resolver likes.
  @Test func givesUpWhatHangs() async throws {
    let resolver = GatedResolver(try spfZone("d.example TXT v=spf1 -all"))
    let clock = ManualClock()
    let task = Task {
      await SPFVerifier(resolver: resolver).check(
        client: .v4(1), helo: "h.example", mailFrom: Array("u@d.example".utf8), now: 0,
        clock: clock)
    }
    // Both identities ask, and one watch is set for them.
    #expect(await eventually { resolver.asked == 2 && clock.sleeperCount == 1 })
    clock.advance(by: .milliseconds(19_999))
    #expect(clock.sleeperCount == 1)
    clock.advance(by: .milliseconds(1))
    let verdict = await task.value
    for check in [verdict.helo, verdict.mailFrom] {
      #expect(check.result == .temperror)
      #expect(check.reason == "the check took longer than 20.0 seconds")
    }
    #expect(verdict.helo.identity == .helo && verdict.mailFrom.identity == .mailFrom)
    #expect(resolver.cancelled == 2)
  }

  /// What is answered in time leaves no watch behind.
  @Test func setsNoClockInVain() async throws {
    let clock = ManualClock()
    let resolver = GatedResolver(try spfZone("d.example TXT v=spf1 -all"))
    let verifier = SPFVerifier(resolver: resolver)
    let task = Task {
      await verifier.check(
        .mailFrom, client: .v4(1), helo: [], mailFrom: Array("u@d.example".utf8), now: 0,
        clock: clock)
    }
    #expect(await eventually { clock.sleeperCount == 1 })
    resolver.open()
    #expect(await task.value.result == .fail)
    #expect(clock.sleeperCount == 0)
  }

  /// Whoever gives the whole check up is told so, and not that time was short.
  @Test func tellsCancellationApart() async throws {
    let clock = ManualClock()
    let resolver = GatedResolver(try spfZone("d.example TXT v=spf1 -all"))
    let task = Task {
      await SPFVerifier(resolver: resolver).check(
        .mailFrom, client: .v4(1), helo: [], mailFrom: Array("u@d.example".utf8), now: 0,
        clock: clock)
    }
    #expect(await eventually { clock.sleeperCount == 1 })
    task.cancel()
    let check = await task.value
    #expect(check.result == .temperror)
    #expect(check.reason == "the check was cancelled")
  }

  /// Time that runs out over the explanation leaves the result as it is.
  @Test func keepsTheResultWithoutTimeForExplanations() async throws {
    let zone = try spfZone(
      "d.example TXT v=spf1 -all exp=e.example\ne.example TXT because")
    let clock = SteppingClock()
    let resolver = SlowResolver(zone: zone, clock: clock, seconds: 15)
    let check = await SPFVerifier(resolver: resolver).check(
      .mailFrom, client: .v4(1), helo: [], mailFrom: Array("u@d.example".utf8), now: 0,
      clock: clock)
    #expect(check.result == .fail)
    #expect(check.explanation == nil)
  }
}
