import DNS
import MailTesting
import Testing
import Transport
import Wire

@Suite("MTA-STS discovery, RFC 8461 §3.3, §5.1, §10")
struct STSPolicyFinderTests {
  typealias Finder = STSPolicyFinder<PolicyWorld, PolicyWorld, MemorySTSPolicyStore, ManualClock>

  static let start: UInt64 = 1_000_000
  static let day: UInt64 = 86_400
  static let week: UInt32 = 604_800

  let world = PolicyWorld()
  let store = MemorySTSPolicyStore()
  let clock = ManualClock()
  let domain: DomainName
  let finder: Finder

  init() throws {
    domain = try DomainName(parsing: "example.com")
    finder = Finder(
      resolver: world, fetcher: world, store: store, clock: clock, jitter: { 0 })
  }

  static func policy(_ mode: STSPolicy.Mode = .enforce, maxAge: UInt32 = week) throws -> STSPolicy {
    STSPolicy(
      mode: mode, mxPatterns: [try MXPattern(parsing: "mx.example.com".utf8, .star)],
      maxAge: maxAge)
  }

  /// What an attacker can do to a look-up.
  static let suppressions: [Result<[String], LookupFailure>] = [
    .success([]), .failure(.timeout), .failure(.serverFailure("SERVFAIL")),
    .failure(.bogus("expired")), .success(["v=STSv1; id=1", "v=STSv1; id=2"]),
    .success(["v=STSv1; id=-"]), .success(["v=spf1 -all"]),
  ]

  @Test func aNewPolicyIsFetchedAndKept() async throws {
    let policy = try Self.policy()
    world.publish(policy, id: "1")
    let finding = await finder.policy(of: domain, now: Self.start)
    #expect(finding.policy == policy)
    #expect(finding.failure == nil)
    #expect(
      await store.keptPolicy(of: domain)
        == KeptSTSPolicy(policy: policy, recordID: "1", fetchedAt: Self.start))
  }

  @Test func aFreshPolicyOfTheSameIDIsNotFetchedAgain() async throws {
    world.publish(try Self.policy(), id: "1")
    _ = await finder.policy(of: domain, now: Self.start)
    let finding = await finder.policy(of: domain, now: Self.start + Self.day - 1)
    #expect(finding.policy?.mode == .enforce)
    #expect(world.fetches == 1)
    #expect(world.lookups == 2)
  }

  @Test(arguments: suppressions)
  func withoutRecordNothingIsFetchedForAnUnknownDomain(
    texts: Result<[String], LookupFailure>
  ) async throws {
    world.publish(try Self.policy(), id: "1")
    world.texts = texts
    let finding = await finder.policy(of: domain, now: Self.start)
    #expect(finding.policy == nil)
    #expect(world.fetches == 0)
  }

  @Test(arguments: suppressions)
  func whoSuppressesTheRecordGainsNothing(texts: Result<[String], LookupFailure>) async throws {
    world.publish(try Self.policy(), id: "1")
    _ = await finder.policy(of: domain, now: Self.start)
    world.texts = texts
    world.file = .failure(PolicyFetchFailure(.stsPolicyFetchError, "HTTP status 500"))
    let last = Self.start + UInt64(Self.week) - 1
    for now in [Self.start + 60, Self.start + 2 * Self.day, last] {
      let finding = await finder.policy(of: domain, now: now)
      #expect(finding.policy?.mode == .enforce)
      #expect(finding.evidence.contains { $0.outcome == "kept policy holds" })
    }
    #expect(await finder.policy(of: domain, now: last + 1).policy == nil)
  }

  @Test(arguments: [TLSFailure.stsPolicyFetchError, .stsWebPKIInvalid])
  func aNewIDWhoseFetchFailsLeavesTheKeptPolicy(failure: TLSFailure) async throws {
    world.publish(try Self.policy(), id: "1")
    _ = await finder.policy(of: domain, now: Self.start)
    world.texts = .success(["v=STSv1; id=2"])
    world.file = .failure(PolicyFetchFailure(failure, "no"))
    let finding = await finder.policy(of: domain, now: Self.start + 10)
    #expect(finding.policy?.mode == .enforce)
    #expect(finding.failure == failure)
    #expect(await store.keptPolicy(of: domain)?.fetchedAt == Self.start)
  }

  @Test func aBrokenPolicyLeavesTheKeptOne() async throws {
    world.publish(try Self.policy(), id: "1")
    _ = await finder.policy(of: domain, now: Self.start)
    world.texts = .success(["v=STSv1; id=2"])
    world.file = .success(FetchedPolicy(body: Array("<html>".utf8), contentType: "text/html"))
    let finding = await finder.policy(of: domain, now: Self.start + 10)
    #expect(finding.policy?.mode == .enforce)
    #expect(finding.failure == .stsPolicyInvalid)
  }

  @Test func aNewIDBringsTheNewPolicy() async throws {
    world.publish(try Self.policy(), id: "1")
    _ = await finder.policy(of: domain, now: Self.start)
    world.publish(try Self.policy(.none), id: "2")
    let finding = await finder.policy(of: domain, now: Self.start + 10)
    #expect(finding.policy?.mode == STSPolicy.Mode.none)
    #expect(finding.evidence.contains { $0.outcome == "weaker than kept" })
    #expect(await store.keptPolicy(of: domain)?.recordID == "2")
  }

  @Test func aFrozenIDDoesNotHideANewBody() async throws {
    world.publish(try Self.policy(), id: "1")
    _ = await finder.policy(of: domain, now: Self.start)
    world.publish(try Self.policy(.testing), id: "1")
    let finding = await finder.policy(of: domain, now: Self.start + Self.day)
    #expect(finding.policy?.mode == .testing)
    #expect(world.fetches == 2)
  }

  @Test func aFrozenIDDoesNotExtendMaxAge() async throws {
    world.publish(try Self.policy(), id: "1")
    _ = await finder.policy(of: domain, now: Self.start)
    world.file = .failure(PolicyFetchFailure(.stsPolicyFetchError, "HTTP status 500"))
    let end = Self.start + UInt64(Self.week)
    for now in stride(from: Self.start, to: end, by: 3600) {
      #expect(await finder.policy(of: domain, now: now).policy?.mode == .enforce)
    }
    let finding = await finder.policy(of: domain, now: end)
    #expect(finding.policy == nil)
    #expect(finding.failure == .stsPolicyFetchError)
  }

  @Test func theBodyIsFetchedDailyThoughTheRecordIsGone() async throws {
    world.publish(try Self.policy(), id: "1")
    _ = await finder.policy(of: domain, now: Self.start)
    world.texts = .success([])
    _ = await finder.policy(of: domain, now: Self.start + Self.day)
    #expect(await store.keptPolicy(of: domain)?.fetchedAt == Self.start + Self.day)
    #expect(await store.keptPolicy(of: domain)?.recordID == nil)
  }

  @Test func afterAFailureFiveMinutesPassUnderTheSameID() async throws {
    world.texts = .success(["v=STSv1; id=1"])
    for offset: UInt64 in [0, 1, 299] {
      let finding = await finder.policy(of: domain, now: Self.start + offset)
      #expect(finding.policy == nil)
      #expect(finding.failure == .stsPolicyFetchError)
      #expect(world.fetches == 1)
    }
    _ = await finder.policy(of: domain, now: Self.start + 300)
    #expect(world.fetches == 2)
    world.texts = .success(["v=STSv1; id=2"])
    _ = await finder.policy(of: domain, now: Self.start + 301)
    #expect(world.fetches == 3)
  }

  @Test func manyAsksAreOneFetch() async throws {
    world.publish(try Self.policy(), id: "1")
    world.isHeld = true
    await withTaskGroup(of: STSFinding.self) { group in
      for _ in 0..<50 { group.addTask { await finder.policy(of: domain, now: Self.start) } }
      #expect(await eventually { world.fetches == 1 })
      world.isHeld = false
      for await finding in group { #expect(finding.policy?.mode == .enforce) }
    }
    #expect(world.fetches == 1)
  }

  @Test func anAskWaitsNoLongerThanItsLimit() async throws {
    world.publish(try Self.policy(), id: "1")
    world.isHeld = true
    async let slow = finder.policy(of: domain, now: Self.start)
    #expect(await eventually { world.fetches == 1 })
    clock.advance(by: .seconds(60))
    let finding = await slow
    #expect(finding.policy == nil)
    #expect(finding.failure == .stsPolicyFetchError)
    // What the fetch brings later is kept all the same.
    world.isHeld = false
    while await store.count == 0 { await Task.yield() }
    #expect(await finder.policy(of: domain, now: Self.start).policy?.mode == .enforce)
    #expect(world.fetches == 1)
  }

  @Test func aRefreshFetchesWhateverTheAge() async throws {
    world.publish(try Self.policy(), id: "1")
    _ = await finder.policy(of: domain, now: Self.start)
    let finding = await finder.refresh(domain, now: Self.start + 5)
    #expect(finding.policy?.mode == .enforce)
    #expect(world.fetches == 2)
    #expect(await store.keptPolicy(of: domain)?.fetchedAt == Self.start + 5)
  }

  @Test(
    arguments: [
      // Interval, max_age, jitter, seconds after the fetch.
      (86_400, 604_800, 0.0, 86_400), (86_400, 604_800, 1.0, 64_800), (86_400, 86_400, 0.0, 43_200),
      (86_400, 0, 0.5, 0), (86_400, 604_800, -1.0, 86_400), (86_400, 604_800, 7.0, 64_800),
    ] as [(UInt64, UInt32, Double, UInt64)])
  func refreshTimes(interval: UInt64, maxAge: UInt32, jitter: Double, after: UInt64) throws {
    let kept = KeptSTSPolicy(policy: try Self.policy(maxAge: maxAge), recordID: nil, fetchedAt: 7)
    #expect(kept.refreshTime(interval: interval, jitter: jitter) == 7 + after)
  }

  @Test func aPolicyHoldsForMaxAge() throws {
    let kept = KeptSTSPolicy(policy: try Self.policy(maxAge: 10), recordID: nil, fetchedAt: 100)
    #expect(kept.holds(at: 109))
    #expect(!kept.holds(at: 110))
    // The clock was set back.
    #expect(kept.holds(at: 50))
  }

  @Test func theMemoryForgetsTheOldest() async throws {
    let store = MemorySTSPolicyStore(capacity: 2)
    for (time, name) in [(5, "a.example"), (3, "b.example"), (9, "c.example")] as [(UInt64, String)]
    {
      await store.keep(
        KeptSTSPolicy(policy: try Self.policy(), recordID: nil, fetchedAt: time),
        of: try DomainName(parsing: name))
    }
    #expect(await store.keptPolicy(of: try DomainName(parsing: "b.example")) == nil)
    #expect(await store.count == 2)
  }
}
