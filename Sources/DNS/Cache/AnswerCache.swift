internal import Synchronization
public import Wire

/// Keeps the answers of another resolver for as long as they may be kept, and asks each question
/// once however many tasks wait for it.
///
/// Answers are kept for their TTL, negative ones as RFC 2308 §5 says, both up to `Limits`; their
/// `ttl` shrinks with their age. A failure is kept for a few seconds (RFC 2308 §7 allows up to
/// five minutes), so that one message with many signatures does not wait for a dead server many
/// times; a cancelled look-up is never kept.
///
/// A task that is cancelled leaves at once; the question goes on as long as anybody waits for it.
public final class AnswerCache<Upstream: Resolver, C: Clock>: Resolver
where C.Duration == Swift.Duration {
  private let upstream: Upstream
  private let clock: C
  private let limits: AnswerCacheLimits
  private let state: Mutex<State>

  /// A cache before `upstream`, whose entries age by `clock`.
  public init(_ upstream: Upstream, clock: C, limits: AnswerCacheLimits = AnswerCacheLimits()) {
    self.upstream = upstream
    self.clock = clock
    self.limits = limits
    state = Mutex(State(capacity: limits.entries))
  }

  /// How many answers and failures are held; some may be too old to be given.
  public var count: Int { state.withLock { $0.store.count } }

  /// How many tasks wait for an answer.
  package var askerCount: Int {
    state.withLock { $0.flights.values.reduce(0) { $0 + $1.askers.count } }
  }

  /// Forgets every answer; questions under way are not touched.
  public func removeAll() { state.withLock { $0.store.removeAll() } }

  public func lookup(
    _ name: DomainName, _ type: RecordType
  ) async throws(LookupFailure) -> Answer {
    let question = DNSQuestion(name: name, type: type)
    if Task.isCancelled { throw .cancelled }
    if let kept = state.withLock({ $0.kept(question, now: clock.now) }) { return try kept.get() }
    let asker = state.withLock { $0.makeNumber() }
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        join(question, asker, continuation)
      }
    } onCancel: {
      leave(question, asker)
    }
    return try result.get()
  }

  private func join(_ question: DNSQuestion, _ asker: UInt64, _ continuation: Continuation) {
    // Looked for again: a flight may have landed since.
    let kept: LookupResult? = state.withLock { state in
      if let kept = state.kept(question, now: clock.now) { return kept }
      if state.flights[question] == nil {
        let flight = state.makeNumber()
        state.flights[question] = Flight(
          number: flight, task: Task { await fly(question, flight) })
      }
      state.flights[question]?.askers[asker] = continuation
      return nil
    }
    if let kept {
      continuation.resume(returning: kept)
    } else if Task.isCancelled {
      // The handler may have run before there was anything to leave.
      leave(question, asker)
    }
  }

  private func leave(_ question: DNSQuestion, _ asker: UInt64) {
    let (continuation, task) = state.withLock { state in
      let continuation = state.flights[question]?.askers.removeValue(forKey: asker)
      let isEmpty = continuation != nil && state.flights[question]?.askers.isEmpty == true
      let flight = isEmpty ? state.flights.removeValue(forKey: question) : nil
      return (continuation, flight?.task)
    }
    continuation?.resume(returning: .failure(.cancelled))
    task?.cancel()
  }

  /// Asks upstream and gives the result to all who wait.
  private func fly(_ question: DNSQuestion, _ number: UInt64) async {
    let result: LookupResult
    do {
      result = .success(try await upstream.lookup(question.name, question.type))
    } catch {
      result = .failure(error)
    }
    let lifetime = limits.lifetime(of: result)
    let askers = state.withLock { state -> [UInt64: Continuation] in
      // Everybody left, and others may have asked anew.
      guard state.flights[question]?.number == number else { return [:] }
      state.store.insert(result, for: question, now: clock.now, lifetime: lifetime)
      return state.flights.removeValue(forKey: question)?.askers ?? [:]
    }
    for continuation in askers.values { continuation.resume(returning: result) }
  }

  private typealias Continuation = CheckedContinuation<LookupResult, Never>

  /// One question under way.
  private struct Flight {
    let number: UInt64
    let task: Task<Void, Never>
    var askers: [UInt64: Continuation] = [:]
  }

  private struct State {
    var store: AnswerStore<C.Instant>
    var flights: [DNSQuestion: Flight] = [:]
    private var lastNumber: UInt64 = 0

    init(capacity: Int) { store = AnswerStore(capacity: capacity) }

    mutating func makeNumber() -> UInt64 {
      lastNumber &+= 1
      return lastNumber
    }

    mutating func kept(_ question: DNSQuestion, now: C.Instant) -> LookupResult? {
      store.result(for: question, now: now)
    }
  }
}

typealias LookupResult = Result<Answer, LookupFailure>

/// What is asked: a name and a type, always of class IN.
struct DNSQuestion: Hashable, Sendable {
  var name: DomainName
  var type: RecordType
}
