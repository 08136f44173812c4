internal import DNS
internal import Synchronization
internal import Wire

/// The DNS of one message: a question that was answered is not asked again, and there is an end to
/// their number and their time.
final class MessageLookups<Upstream: Resolver, Time: Clock<Duration>>: Resolver {
  private struct Question: Hashable {
    var name: DomainName
    var type: RecordType
  }

  private struct State {
    /// Room for what most messages ask.
    var answers = [Question: Result<Answer, LookupFailure>](minimumCapacity: 12)
    var remaining: Int
  }

  private let upstream: Upstream
  private let clock: Time
  private let deadline: Time.Instant
  private let state: Mutex<State>

  init(_ upstream: Upstream, maximum: Int, time: Duration, clock: Time) {
    self.upstream = upstream
    self.clock = clock
    deadline = clock.now.advanced(by: time)
    state = Mutex(State(remaining: maximum))
  }

  func lookup(_ name: DomainName, _ type: RecordType) async throws(LookupFailure) -> Answer {
    let question = Question(name: name, type: type)
    // Nil: the question is new and may be asked.
    let known: Result<Answer, LookupFailure>? = state.withLock { state in
      if let answer = state.answers[question] { return answer }
      guard state.remaining > 0, clock.now < deadline else { return .failure(.timeout) }
      state.remaining -= 1
      return nil
    }
    if let known { return try known.get() }
    do {
      let answer = try await upstream.lookup(name, type)
      state.withLock { $0.answers[question] = .success(answer) }
      return answer
    } catch {
      state.withLock { $0.answers[question] = .failure(error) }
      throw error
    }
  }
}
