internal import Synchronization

/// Off until a test turns it on.
public final class ManualSwitch: Sendable {
  private let state = Mutex(false)

  public init() {}

  public var isOn: Bool { state.withLock { $0 } }
  public func turnOn() { state.withLock { $0 = true } }
}
