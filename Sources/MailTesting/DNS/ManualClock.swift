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

  private let time = Mutex(Instant(offset: .zero))

  public init() {}

  public var now: Instant { time.withLock { $0 } }
  public var minimumResolution: Swift.Duration { .nanoseconds(1) }

  public func advance(by duration: Swift.Duration) {
    time.withLock { $0 = $0.advanced(by: duration) }
  }

  /// Returns once others have moved the clock to `deadline`.
  public func sleep(until deadline: Instant, tolerance: Swift.Duration?) async throws {
    while now < deadline {
      try Task.checkCancellation()
      await Task.yield()
    }
  }
}
