public import DNS
public import Wire

/// Finds the MTA-STS policy of a domain: the TXT record says which, HTTPS brings it, and a store
/// keeps it for as long as it holds (RFC 8461 §3.3, §5.1, §10.2).
///
/// - A kept policy holds until its `max_age` has passed since it was last fetched over HTTPS.
///   Whoever suppresses or spoofs the TXT record, or breaks the fetch, neither ends nor extends it.
/// - Its body is fetched again when the `id` changes, and about once a day whatever the TXT record
///   says.
/// - Many asks for one domain are one look-up and one fetch.
///
/// One finder serves a whole program; it is an actor because its fetches outlive an ask.
public actor STSPolicyFinder<
  Names: Resolver, Fetcher: PolicyFetcher, Store: STSPolicyStore, C: Clock
>: STSPolicySource where C.Duration == Duration {
  let resolver: Names
  let fetcher: Fetcher
  let store: Store
  let limits: STSFinderLimits
  private let clock: C
  private let jitter: @Sendable () -> Double

  private var flights: [DomainName: Flight] = [:]
  private var lastAsker: UInt64 = 0
  var failures: [DomainName: FetchFailure] = [:]
  private var refreshTimes: [DomainName: RefreshTime] = [:]

  private typealias Asker = CheckedContinuation<STSFinding?, Never>

  /// One look under way, and who waits for it.
  private struct Flight {
    /// Somebody wants the body fetched, whatever its age.
    var isRefresh: Bool
    var askers: [UInt64: Asker] = [:]
  }

  private struct RefreshTime {
    var fetchedAt: UInt64
    var dueAt: UInt64
  }

  /// - Parameters:
  ///   - clock: bounds the wait of an ask; policies age by the `now` of each ask.
  ///   - jitter: a random number from 0 up to 1, drawn once for each fetched policy, so that those
  ///     fetched together are not all fetched again together.
  public init(
    resolver: Names, fetcher: Fetcher, store: Store, clock: C,
    limits: STSFinderLimits = STSFinderLimits(),
    jitter: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
  ) {
    self.resolver = resolver
    self.fetcher = fetcher
    self.store = store
    self.clock = clock
    self.limits = limits
    self.jitter = jitter
  }

  public func policy(of domain: DomainName, now: UInt64) async -> STSFinding {
    await ask(domain, now: now, isRefresh: false)
  }

  /// Fetches a policy anew however young the kept one is, whatever the TXT record says: for a task
  /// in the background, and for a look behind a delivery that a policy has stopped. After a failure
  /// it waits like everybody else.
  public func refresh(_ domain: DomainName, now: UInt64) async -> STSFinding {
    await ask(domain, now: now, isRefresh: true)
  }

  private func ask(_ domain: DomainName, now: UInt64, isRefresh: Bool) async -> STSFinding {
    lastAsker += 1
    let asker = lastAsker
    let deadline = Task { [clock, limits] in
      do { try await clock.sleep(for: limits.wait) } catch { return }
      giveUp(asker, domain)
    }
    defer { deadline.cancel() }
    let finding = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        join(domain, now, isRefresh, asker, continuation)
      }
    } onCancel: {
      Task { await self.giveUp(asker, domain) }
    }
    if let finding { return finding }
    return await findingWithoutAnswer(of: domain, now: now)
  }

  private func join(
    _ domain: DomainName, _ now: UInt64, _ isRefresh: Bool, _ asker: UInt64,
    _ continuation: Asker
  ) {
    // The handler may have run before there was anything to give up.
    if Task.isCancelled { return continuation.resume(returning: nil) }
    if flights[domain] == nil {
      flights[domain] = Flight(isRefresh: isRefresh)
      Task { await fly(domain, now, isRefresh) }
    } else if isRefresh {
      flights[domain]?.isRefresh = true
    }
    flights[domain]?.askers[asker] = continuation
  }

  private func fly(_ domain: DomainName, _ now: UInt64, _ isRefresh: Bool) async {
    var finding = await find(domain, now: now, isRefresh: isRefresh)
    if !isRefresh, flights[domain]?.isRefresh == true {
      finding = await find(domain, now: now, isRefresh: true)
    }
    for asker in flights.removeValue(forKey: domain)?.askers.values ?? [:].values {
      asker.resume(returning: finding)
    }
  }

  private func giveUp(_ asker: UInt64, _ domain: DomainName) {
    flights[domain]?.askers.removeValue(forKey: asker)?.resume(returning: nil)
  }

  /// When the body of a kept policy is to be fetched again, in seconds since 1970.
  func refreshTime(of kept: KeptSTSPolicy, _ domain: DomainName) -> UInt64 {
    if let known = refreshTimes[domain], known.fetchedAt == kept.fetchedAt { return known.dueAt }
    if refreshTimes.count >= limits.rememberedDomains { refreshTimes.removeAll() }
    let dueAt = kept.refreshTime(interval: limits.refreshInterval, jitter: jitter())
    refreshTimes[domain] = RefreshTime(fetchedAt: kept.fetchedAt, dueAt: dueAt)
    return dueAt
  }
}

extension KeptSTSPolicy {
  /// Whether `max_age` has not passed at `now` since the fetch (RFC 8461 §3.2). A fetch in the
  /// future, after the clock was set back, counts as one of this moment.
  public func holds(at now: UInt64) -> Bool {
    now < fetchedAt || now - fetchedAt < UInt64(policy.maxAge)
  }

  /// When to fetch the body again: after the interval or half of `max_age`, whichever is shorter,
  /// less up to a quarter of that.
  ///
  /// - Parameter jitter: from 0 up to 1.
  public func refreshTime(interval: UInt64, jitter: Double) -> UInt64 {
    let period = min(interval, UInt64(policy.maxAge) / 2)
    let earlier = UInt64(Double(period / 4) * min(max(jitter, 0), 1))
    let (time, overflow) = fetchedAt.addingReportingOverflow(period - earlier)
    return overflow ? .max : time
  }
}
