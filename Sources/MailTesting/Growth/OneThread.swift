internal import CoreFoundation
internal import Foundation
internal import Synchronization

/// Runs tasks on one thread of its own, so that the processor time they take can be told from what
/// others take meanwhile.
final class OneThread: TaskExecutor {
  private struct Queue {
    var jobs: [UnownedJob] = []
    var isClosed = false
  }

  private let queue = Mutex(Queue())
  private let arrivals = DispatchSemaphore(value: 0)

  /// The thread ends with `close()`.
  init() {
    Thread.detachNewThread { [self] in
      while let job = next() { job.runSynchronously(on: asUnownedTaskExecutor()) }
    }
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.withLock { $0.jobs.append(job) }
    arrivals.signal()
  }

  func close() {
    queue.withLock { $0.isClosed = true }
    arrivals.signal()
  }

  private func next() -> UnownedJob? {
    while true {
      arrivals.wait()
      let (job, isClosed) = queue.withLock { queue in
        (queue.jobs.isEmpty ? nil : queue.jobs.removeFirst(), queue.isClosed)
      }
      if job != nil || isClosed { return job }
    }
  }

  /// Seconds of processor time that the work takes on this thread.
  func seconds(of work: @escaping @Sendable () async throws -> Void) async throws -> Double {
    try await Task(executorPreference: self) {
      let thread = pthread_self()
      let start = Self.processorTime
      try await work()
      let end = Self.processorTime
      guard pthread_equal(thread, pthread_self()) != 0 else { throw LeftItsThread() }
      return end - start
    }.value
  }

  private struct LeftItsThread: Error {}

  private static var processorTime: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
