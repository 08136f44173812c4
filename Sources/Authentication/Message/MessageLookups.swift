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
  /// Whoever runs the look-ups cancels them when it is past.
  let deadline: Deadline<Time>
  private let open = OpenWork()
  private let state: Mutex<State>

  init(_ upstream: Upstream, maximum: Int, time: Duration, clock: Time) {
    self.upstream = upstream
    deadline = Deadline(after: time, by: clock)
    state = Mutex(State(remaining: maximum))
  }

  /// Whether any question waits for its answer.
  var isWaiting: Bool { open.isWaiting }

  func lookup(_ name: DomainName, _ type: RecordType) async throws(LookupFailure) -> Answer {
    let question = Question(name: name, type: type)
    // Nil: the question is new and may be asked.
    let known: Result<Answer, LookupFailure>? = state.withLock { state in
      if let answer = state.answers[question] { return answer }
      guard state.remaining > 0, !deadline.isPast else { return .failure(.timeout) }
      state.remaining -= 1
      return nil
    }
    if let known { return try known.get() }
    let answer = await ask(question)
    // Nothing is known of a question that was given up: who asks again may have more time.
    if answer != .failure(.cancelled) { state.withLock { $0.answers[question] = answer } }
    return try answer.get()
  }

  private func ask(_ question: Question) async -> Result<Answer, LookupFailure> {
    await open.counting {
      do throws(LookupFailure) {
        return .success(try await upstream.lookup(question.name, question.type))
      } catch {
        return .failure(error == .cancelled && deadline.isPast ? .timeout : error)
      }
    }
  }
}
