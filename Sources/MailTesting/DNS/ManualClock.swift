internal import Synchronization

/// A clock that moves only when told to.
public final class ManualClock: Clock {
  public struct Instant: InstantProtocol {
    public var offset: Swift.Duration

    public func advanced(by duration: Swift.Duration) -> Instant {
      Instant(offset: offset + duration)
    }
    public func duration(to other: Instant) -> Swift.Duration { other.offset - offset }
    public static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
  }

  private struct State {
    var now = Instant(offset: .zero)
    var lastNumber = 0
    var sleepers: [Int: (deadline: Instant, continuation: CheckedContinuation<Void, Never>)] = [:]
  }

  private let state = Mutex(State())

  public init() {}

  public var now: Instant { state.withLock { $0.now } }
  public var minimumResolution: Swift.Duration { .nanoseconds(1) }
  /// How many tasks sleep.
  public var sleeperCount: Int { state.withLock { $0.sleepers.count } }

  public func advance(by duration: Swift.Duration) {
    let woken = state.withLock { state in
      state.now = state.now.advanced(by: duration)
      let woken = state.sleepers.filter { $0.value.deadline <= state.now }
      for number in woken.keys { state.sleepers[number] = nil }
      return woken.values.map(\.continuation)
    }
    for continuation in woken { continuation.resume() }
  }

  /// Returns once others have moved the clock to `deadline`.
  public func sleep(until deadline: Instant, tolerance: Swift.Duration?) async throws {
    let number = state.withLock { state in
      state.lastNumber += 1
      return state.lastNumber
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isPast = state.withLock { state in
          if state.now < deadline { state.sleepers[number] = (deadline, continuation) }
          return state.now >= deadline
        }
        if isPast { continuation.resume() } else if Task.isCancelled { wake(number) }
      }
    } onCancel: {
      wake(number)
    }
    try Task.checkCancellation()
  }

  private func wake(_ number: Int) {
    state.withLock { $0.sleepers.removeValue(forKey: number) }?.continuation.resume()
  }
}
