internal import Synchronization

/// A moment after which nobody waits for DNS any longer.
package struct Deadline<Time: Clock<Duration>>: Sendable {
  private let clock: Time
  private let instant: Time.Instant

  package init(after duration: Duration, by clock: Time) {
    self.clock = clock
    instant = clock.now.advanced(by: duration)
  }

  package var isPast: Bool { clock.now >= instant }

  /// Returns once the deadline is past, or when the task is cancelled.
  package func wait() async { try? await clock.sleep(until: instant, tolerance: nil) }

  /// Does all works at once, and at the deadline cancels those that still wait.
  ///
  /// Each result comes from the work itself, which has to end soon once it is cancelled, as a
  /// `Resolver` does.
  package func run<Value: Sendable>(_ works: [@Sendable () async -> Value]) async -> [Value] {
    await withTaskGroup(of: (index: Int, value: Value)?.self) { group in
      let open = OpenWork()
      for (index, work) in works.enumerated() {
        // Immediate: what need not wait needs no thread of its own.
        group.addImmediateTask { (index, await open.counting(work)) }
      }
      // The clock is set only where something waits: it costs more than an answer that is there.
      if open.isWaiting {
        group.addTask {
          await wait()
          return nil
        }
      }
      var values: [Int: Value] = [:]
      while values.count < works.count, let end = await group.next() {
        if let (index, value) = end { values[index] = value } else { group.cancelAll() }
      }
      group.cancelAll()
      return works.indices.compactMap { values[$0] }
    }
  }

  /// The same for one work; nil never comes.
  package func run<Value: Sendable>(_ work: @escaping @Sendable () async -> Value) async -> Value? {
    await run([work]).first
  }
}

/// Counts work that has begun and not ended.
package final class OpenWork: Sendable {
  private let count = Atomic(0)

  package init() {}

  package var isWaiting: Bool { count.load(ordering: .relaxed) > 0 }

  package func counting<Value>(_ work: () async -> Value) async -> Value {
    count.wrappingAdd(1, ordering: .relaxed)
    defer { count.wrappingSubtract(1, ordering: .relaxed) }
    return await work()
  }
}
