public import DNS
internal import Synchronization
public import Wire

/// A resolver whose answers wait until the test opens the gate.
public final class GatedResolver<Base: Resolver>: Resolver {
  private struct State {
    var isOpen = false
    var asked = 0
    var cancelled = 0
    var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
  }

  private let base: Base
  private let state = Mutex(State())

  public init(_ base: Base) { self.base = base }

  /// How many questions have come, and how many of them were given up while they waited.
  public var asked: Int { state.withLock { $0.asked } }
  public var cancelled: Int { state.withLock { $0.cancelled } }

  /// Lets everything through from now on.
  public func open() {
    let waiting = state.withLock { state in
      state.isOpen = true
      defer { state.waiting = [:] }
      return state.waiting.values
    }
    for continuation in waiting { continuation.resume() }
  }

  public func lookup(
    _ name: DomainName, _ type: RecordType
  ) async throws(LookupFailure) -> Answer {
    let number = state.withLock { state in
      state.asked += 1
      return state.asked
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { wait(number, $0) }
    } onCancel: {
      giveUp(number)
    }
    if Task.isCancelled {
      state.withLock { $0.cancelled += 1 }
      throw .cancelled
    }
    return try await base.lookup(name, type)
  }

  private func wait(_ number: Int, _ continuation: CheckedContinuation<Void, Never>) {
    let passes = state.withLock { state in
      if !state.isOpen { state.waiting[number] = continuation }
      return state.isOpen
    }
    if passes {
      continuation.resume()
    } else if Task.isCancelled {
      giveUp(number)
    }
  }

  private func giveUp(_ number: Int) {
    state.withLock { $0.waiting.removeValue(forKey: number) }?.resume()
  }
}

/// Waits until `condition` holds, for at most `limit`; whether it held.
public func eventually(
  within limit: Swift.Duration = .seconds(120), _ condition: () -> Bool
) async -> Bool {
  let clock = ContinuousClock()
  let end = clock.now + limit
  // Where other tests keep the threads busy, both this task and the one waited for stand in line:
  // time alone says nothing, turns do.
  var turns = 0
  while !condition() {
    if clock.now > end, turns > 1000 { return false }
    turns += 1
    try? await Task.sleep(for: .milliseconds(1))
  }
  return true
}
