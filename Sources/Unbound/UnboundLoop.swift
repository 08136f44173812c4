import CUnbound
import DNS
import Glibc
import Synchronization
import Wire

/// A thread with an event loop and a libunbound context on it.
///
/// Sendable because other threads reach only `inbox` and `wakeUp`; the rest belongs to the loop's
/// own thread from its start on.
final class UnboundLoop: @unchecked Sendable {
  private enum Command {
    case start(UnboundQuery)
    case drop(UnboundQuery)
  }

  private struct Inbox {
    var commands: [Command] = []
    var isClosed = false
    var thread: pthread_t?
  }

  private let inbox = Mutex(Inbox())
  private let wakeUp: CInt
  private let base: OpaquePointer
  private let context: UnboundContext
  private var wakeUpEvent: OpaquePointer?
  private var timeout: timeval
  /// What libunbound may still call back for. A query is kept alive here, and only here.
  private var pending: [ObjectIdentifier: UnboundQuery] = [:]

  init(
    forwarders: [String], trustAnchorFile: String?, timeout: Swift.Duration
  ) throws(UnboundError) {
    self.timeout = Self.timeval(of: timeout)
    guard let base = event_base_new() else { throw UnboundError("libevent: no event loop") }
    self.base = base
    do throws(UnboundError) {
      context = try UnboundContext(
        loop: base, forwarders: forwarders, trustAnchorFile: trustAnchorFile)
    } catch {
      event_base_free(base)
      throw error
    }
    wakeUp = eventfd(0, CInt(EFD_NONBLOCK) | CInt(EFD_CLOEXEC))
    do throws(UnboundError) {
      try listen()
      try startThread()
    } catch {
      release()
      throw error
    }
  }

  private static func timeval(of duration: Swift.Duration) -> timeval {
    let bounded = min(max(duration, .milliseconds(1)), .seconds(300)).components
    return Glibc.timeval(
      tv_sec: Int(bounded.seconds), tv_usec: Int(bounded.attoseconds / 1_000_000_000_000))
  }

  private func listen() throws(UnboundError) {
    let me = Unmanaged.passUnretained(self).toOpaque()
    wakeUpEvent = event_new(
      base, wakeUp, Int16(EV_READ | EV_PERSIST),
      { @Sendable _, _, loop in
        guard let loop else { return }
        Unmanaged<UnboundLoop>.fromOpaque(loop).takeUnretainedValue().drain()
      }, me)
    guard wakeUp >= 0, let wakeUpEvent, event_add(wakeUpEvent, nil) == 0 else {
      throw UnboundError("libevent: no event")
    }
  }

  /// The thread keeps the loop alive until it ends.
  private func startThread() throws(UnboundError) {
    let me = Unmanaged.passRetained(self)
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { @Sendable loop in
        if let loop { Unmanaged<UnboundLoop>.fromOpaque(loop).takeRetainedValue().run() }
        return nil
      }, me.toOpaque())
    guard code == 0 else {
      me.release()
      throw UnboundError("no thread: error \(code)")
    }
    inbox.withLock { $0.thread = thread }
  }

  private func run() {
    // Signals are for the program's own threads; a SIGPIPE of a TCP query ends here.
    var signals = sigset_t()
    sigfillset(&signals)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    event_base_dispatch(base)
    let unread = inbox.withLock { inbox in
      inbox.isClosed = true
      defer { inbox.commands = [] }
      return inbox.commands
    }
    for query in Array(pending.values) {
      forget(query)
      query.finish(.failure(.serverFailure("the resolver was closed")))
    }
    for case .start(let query) in unread {
      query.finish(.failure(.serverFailure("the resolver was closed")))
    }
    release()
  }

  /// Frees what C holds; nothing may call back from here on.
  private func release() {
    ub_ctx_delete(context.pointer)
    if let wakeUpEvent { event_free(wakeUpEvent) }
    event_base_free(base)
    if wakeUp >= 0 { Glibc.close(wakeUp) }
  }

  // MARK: From any thread

  func start(_ query: UnboundQuery) {
    if !send(.start(query)) {
      query.finish(.failure(.serverFailure("the resolver was closed")))
    }
  }

  /// Lets go of a query that nobody waits for.
  func drop(_ query: UnboundQuery) { _ = send(.drop(query)) }

  /// Ends the thread and waits for it. Pending queries fail.
  func close() {
    let thread = inbox.withLock { inbox in
      defer { inbox.thread = nil }
      guard !inbox.isClosed else { return inbox.thread }
      inbox.isClosed = true
      signal()
      return inbox.thread
    }
    if let thread { pthread_join(thread, nil) }
  }

  /// Inside the lock, so that the descriptor cannot be closed meanwhile: the thread closes it only
  /// after it has seen `isClosed`, and nobody signals from then on.
  private func send(_ command: Command) -> Bool {
    inbox.withLock { inbox in
      guard !inbox.isClosed else { return false }
      inbox.commands.append(command)
      if inbox.commands.count == 1 { signal() }
      return true
    }
  }

  private func signal() {
    var one: UInt64 = 1
    _ = write(wakeUp, &one, MemoryLayout<UInt64>.size)
  }

  // MARK: On the loop's thread

  private func drain() {
    var count: UInt64 = 0
    _ = read(wakeUp, &count, MemoryLayout<UInt64>.size)
    let (commands, isClosed) = inbox.withLock { inbox in
      defer { inbox.commands = [] }
      return (inbox.commands, inbox.isClosed)
    }
    for command in commands {
      switch command {
      case .start(let query): resolve(query)
      case .drop(let query): forget(query)
      }
    }
    if isClosed { event_base_loopbreak(base) }
  }

  private func resolve(_ query: UnboundQuery) {
    guard query.isAwaited else { return }
    pending[ObjectIdentifier(query)] = query
    let code = ub_resolve_event(
      context.pointer, query.name.description, CInt(query.type.rawValue), 1,
      Unmanaged.passUnretained(query).toOpaque(), Self.answered, &query.number)
    if code != 0 {
      pending[ObjectIdentifier(query)] = nil
      query.finish(.failure(.serverFailure(UnboundContext.text(ofCode: code))))
    } else if pending[ObjectIdentifier(query)] != nil {
      // Not answered at once, from the cache.
      startTimer(query)
    }
  }

  private static let answered: ub_event_callback_type = {
    @Sendable query, code, packet, length, security, reason, _ in
    guard let query else { return }
    let octets = UnsafeRawBufferPointer(start: packet, count: max(0, Int(length)))
    let response = UnboundQuery.Response(
      responseCode: code, packet: packet == nil || code != 0 ? [] : Array(octets),
      security: security, reason: reason.map { String(cString: $0) })
    let answered = Unmanaged<UnboundQuery>.fromOpaque(query).takeUnretainedValue()
    answered.loop.settle(answered)
    answered.finish(.success(response))
  }

  private func startTimer(_ query: UnboundQuery) {
    let expired: event_callback_fn = { @Sendable _, _, query in
      guard let query else { return }
      let expired = Unmanaged<UnboundQuery>.fromOpaque(query).takeUnretainedValue()
      expired.loop.forget(expired)
      expired.finish(.failure(.timeout))
    }
    query.timer = event_new(base, -1, 0, expired, Unmanaged.passUnretained(query).toOpaque())
    if query.timer == nil || event_add(query.timer, &timeout) != 0 {
      forget(query)
      query.finish(.failure(.serverFailure("libevent: no timer")))
    }
  }

  /// Tells libunbound not to call back. It goes on by itself, for its cache.
  private func forget(_ query: UnboundQuery) {
    guard pending[ObjectIdentifier(query)] != nil else { return }
    _ = ub_cancel(context.pointer, query.number)
    settle(query)
  }

  private func settle(_ query: UnboundQuery) {
    if let timer = query.timer { event_free(timer) }
    query.timer = nil
    pending[ObjectIdentifier(query)] = nil
  }
}
