import DNS
import MailTesting
import Testing

@Suite("deadlines")
struct DeadlineTests {
  /// Waits for ever, or until it is cancelled; what it then gives.
  private static func wait(for value: String) async -> String {
    try? await Task.sleep(for: .seconds(3600))
    return Task.isCancelled ? "\(value), cancelled" : value
  }

  @Test func setsNoClockForWhatNeedNotWait() async {
    let clock = ManualClock()
    let deadline = Deadline(after: .seconds(1), by: clock)
    #expect(await deadline.run([{ @Sendable in "a" }, { @Sendable in "b" }]) == ["a", "b"])
    #expect(await deadline.run { "c" } == "c")
    #expect(await deadline.run([@Sendable () async -> String]()).isEmpty)
    #expect(clock.sleeperCount == 0)
  }

  @Test func cancelsWhatStillWaits() async {
    let clock = ManualClock()
    let deadline = Deadline(after: .seconds(1), by: clock)
    let task = Task {
      await deadline.run([
        { @Sendable in await Self.wait(for: "a") }, { @Sendable in "b" },
        { @Sendable in await Self.wait(for: "c") },
      ])
    }
    #expect(await eventually { clock.sleeperCount == 1 })
    clock.advance(by: .milliseconds(999))
    #expect(!deadline.isPast)
    #expect(clock.sleeperCount == 1)
    clock.advance(by: .milliseconds(1))
    #expect(deadline.isPast)
    #expect(await task.value == ["a, cancelled", "b", "c, cancelled"])
    #expect(clock.sleeperCount == 0)
  }

  /// Work that begins behind the deadline is cancelled once it waits.
  @Test func isPastForGood() async {
    let clock = ManualClock()
    let deadline = Deadline(after: .zero, by: clock)
    #expect(deadline.isPast)
    #expect(await deadline.run { "a" } == "a")
    #expect(await deadline.run { await Self.wait(for: "b") } == "b, cancelled")
  }

  @Test func isCancelledFromOutside() async {
    let clock = ManualClock()
    let deadline = Deadline(after: .seconds(1), by: clock)
    let task = Task { await deadline.run { await Self.wait(for: "a") } }
    #expect(await eventually { clock.sleeperCount == 1 })
    task.cancel()
    #expect(await task.value == "a, cancelled")
    #expect(clock.sleeperCount == 0)
    #expect(!deadline.isPast)
  }

  @Test func countsOpenWork() async {
    let open = OpenWork()
    #expect(!open.isWaiting)
    let count = await open.counting {
      await open.counting { open.isWaiting ? 2 : 0 }
    }
    #expect(count == 2)
    #expect(!open.isWaiting)
  }
}
