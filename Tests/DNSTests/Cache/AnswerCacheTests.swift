import DNS
import MailTesting
import Testing
import Wire

@Suite("the answer cache, RFC 2308 §5 and §7")
struct AnswerCacheTests {
  private static func question(_ text: String = "a.example") throws -> DomainName {
    try DomainName(parsing: text)
  }

  /// A resolver that counts questions and answers each with the same.
  private static func upstream(_ zone: String) throws -> GatedResolver<ZoneResolver> {
    let resolver = GatedResolver(ZoneResolver(zones: [try ZoneFile(parsing: zone)]))
    resolver.open()
    return resolver
  }

  @Test func keepsRecordsForTheirTTL() async throws {
    let upstream = try Self.upstream("a.example 60 A 192.0.2.1")
    let clock = ManualClock()
    let cache = AnswerCache(upstream, clock: clock)
    let name = try Self.question()
    #expect(try await cache.lookup(name, .a).ttl == 60)
    clock.advance(by: .milliseconds(59_999))
    #expect(try await cache.lookup(name, .a).ttl == 1)
    #expect(upstream.asked == 1)
    clock.advance(by: .milliseconds(1))
    #expect(try await cache.lookup(name, .a).ttl == 60)
    #expect(upstream.asked == 2)
    // Another type is another question.
    _ = try await cache.lookup(name, .txt)
    #expect(upstream.asked == 3)
  }

  @Test(arguments: [
    // TTL of the records, seconds later, questions asked: the cap of one day.
    ("a.example 604800 A 192.0.2.1", 86_399, 1),
    ("a.example 604800 A 192.0.2.1", 86_400, 2),
    // NODATA: the SOA's minimum, below the cap of three hours.
    ("example 600 SOA ns h 1 1 1 1 300\na.example TXT x", 299, 1),
    ("example 600 SOA ns h 1 1 1 1 300\na.example TXT x", 300, 2),
    // NXDOMAIN, above the cap.
    ("example 1d SOA ns h 1 1 1 1 1d", 10_799, 1),
    ("example 1d SOA ns h 1 1 1 1 1d", 10_800, 2),
    // No SOA, no keeping; the same for records of TTL zero.
    ("a.example TXT x", 0, 2),
    ("a.example 0 A 192.0.2.1", 0, 2),
  ])
  func boundsLifetimes(zone: String, seconds: Int, asked: Int) async throws {
    let upstream = try Self.upstream(zone)
    let clock = ManualClock()
    let cache = AnswerCache(upstream, clock: clock)
    let name = try Self.question()
    let first = try await cache.lookup(name, .a)
    clock.advance(by: .seconds(seconds))
    let second = try await cache.lookup(name, .a)
    #expect(first.outcome == second.outcome)
    #expect(upstream.asked == asked)
  }

  @Test(arguments: [
    (LookupFailure.timeout, 4, 1), (.timeout, 5, 2), (.serverFailure("SERVFAIL"), 4, 1),
    (.bogus("x"), 5, 2), (.aliasLoop, 4, 1),
    // Never kept.
    (.cancelled, 0, 2),
  ])
  func keepsFailuresBriefly(failure: LookupFailure, seconds: Int, asked: Int) async throws {
    let name = try Self.question()
    let upstream = ScriptedResolver([name: [.failure(failure)]])
    let clock = ManualClock()
    let cache = AnswerCache(upstream, clock: clock)
    await #expect(throws: failure) { try await cache.lookup(name, .a) }
    clock.advance(by: .seconds(seconds))
    await #expect(throws: failure) { try await cache.lookup(name, .a) }
    #expect(upstream.questions.count == asked)
  }

  @Test func dropsWhatWasUnusedForLongest() async throws {
    let upstream = try Self.upstream("*.example 60 A 192.0.2.1")
    var limits = AnswerCacheLimits()
    limits.entries = 3
    let cache = AnswerCache(upstream, clock: ManualClock(), limits: limits)
    for name in ["a", "b", "c", "a", "d"] {
      _ = try await cache.lookup(Self.question("\(name).example"), .a)
    }
    #expect(cache.count == 3)
    #expect(upstream.asked == 4)
    // `a` was used again, so `b` made way for `d`.
    for name in ["a", "c", "d"] {
      _ = try await cache.lookup(Self.question("\(name).example"), .a)
    }
    #expect(upstream.asked == 4)
    _ = try await cache.lookup(Self.question("b.example"), .a)
    #expect(upstream.asked == 5)
    // Many uses of few entries: the record of uses is swept.
    for _ in 0..<1_000 { _ = try await cache.lookup(Self.question("b.example"), .a) }
    #expect(upstream.asked == 5)
    cache.removeAll()
    #expect(cache.count == 0)
  }

  @Test func asksOnceForAllWhoWait() async throws {
    let upstream = GatedResolver(
      ZoneResolver(zones: [try ZoneFile(parsing: "a.example 60 A 192.0.2.1")]))
    let cache = AnswerCache(upstream, clock: ManualClock())
    let name = try Self.question()
    let tasks = (0..<50).map { _ in Task { try await cache.lookup(name, .a) } }
    #expect(await eventually { upstream.asked == 1 })
    upstream.open()
    for task in tasks { #expect(try await task.value.records.count == 1) }
    #expect(upstream.asked == 1)
    #expect(cache.askerCount == 0)
  }

  @Test func letsOneLeaveWithoutTheOthers() async throws {
    let upstream = GatedResolver(
      ZoneResolver(zones: [try ZoneFile(parsing: "a.example 60 A 192.0.2.1")]))
    let cache = AnswerCache(upstream, clock: ManualClock())
    let name = try Self.question()
    let first = Task { try await cache.lookup(name, .a) }
    #expect(await eventually { upstream.asked == 1 })
    let second = Task { try await cache.lookup(name, .a) }
    #expect(await eventually { cache.askerCount == 2 })
    first.cancel()
    await #expect(throws: LookupFailure.cancelled) { try await first.value }
    upstream.open()
    #expect(try await second.value.records.count == 1)
    #expect(upstream.asked == 1)
    #expect(upstream.cancelled == 0)
  }

  @Test func givesUpWhenNobodyWaits() async throws {
    let upstream = GatedResolver(
      ZoneResolver(zones: [try ZoneFile(parsing: "a.example 60 A 192.0.2.1")]))
    let cache = AnswerCache(upstream, clock: ManualClock())
    let name = try Self.question()
    let task = Task { try await cache.lookup(name, .a) }
    #expect(await eventually { upstream.asked == 1 })
    task.cancel()
    await #expect(throws: LookupFailure.cancelled) { try await task.value }
    #expect(await eventually { upstream.cancelled == 1 })
    // The next asks anew, and is not answered by what was given up.
    upstream.open()
    #expect(try await cache.lookup(name, .a).records.count == 1)
    #expect(upstream.asked == 2)
  }

  @Test func survivesManyWhoComeAndGo() async throws {
    let upstream = try Self.upstream("*.example 0 A 192.0.2.1")
    let cache = AnswerCache(upstream, clock: ContinuousClock())
    let names = try (0..<4).map { try Self.question("n\($0).example") }
    await withTaskGroup(of: Bool.self) { group in
      for index in 0..<400 {
        group.addTask {
          let task = Task { try await cache.lookup(names[index % 4], .a) }
          if index.isMultiple(of: 3) { task.cancel() }
          switch await task.result {
          case .success(let answer): return answer.records.count == 1
          case .failure(let error): return error as? LookupFailure == .cancelled
          }
        }
      }
      for await isRight in group { #expect(isRight) }
    }
  }
}
