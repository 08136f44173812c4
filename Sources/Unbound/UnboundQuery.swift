import DNS
import Synchronization
import Wire

/// One look-up on its way: who waits for it, and what libunbound holds for it.
///
/// Sendable because the continuation is behind a lock, and all else is touched only by the thread
/// of the loop.
final class UnboundQuery: @unchecked Sendable {
  /// What libunbound gave back.
  struct Response: Sendable {
    var responseCode: Int32
    var packet: [UInt8]
    var security: Int32
    var reason: String?
  }

  typealias Result = Swift.Result<Response, LookupFailure>

  let name: DomainName
  let type: RecordType
  let loop: UnboundLoop
  private let continuation = Mutex<CheckedContinuation<Result, Never>?>(nil)

  /// libunbound's number for it, and its deadline; set while it is pending.
  var number: Int32 = 0
  var timer: OpaquePointer?

  init(_ name: DomainName, _ type: RecordType, on loop: UnboundLoop) {
    self.name = name
    self.type = type
    self.loop = loop
  }

  func wait(_ waiting: CheckedContinuation<Result, Never>) {
    continuation.withLock { $0 = waiting }
  }

  /// Whether anybody still waits.
  var isAwaited: Bool { continuation.withLock { $0 != nil } }

  /// Resumes the waiting task; later results are dropped.
  func finish(_ result: Result) {
    let waiting = continuation.withLock { continuation in
      defer { continuation = nil }
      return continuation
    }
    waiting?.resume(returning: result)
  }
}
