internal import NIOCore
internal import NIOSSL
internal import NIOTLS
internal import Transport

/// Drives a `ClientSession` on its event loop: octets, time-outs and requests in, actions out.
///
/// The session is driven inside `channelRead`, so that STARTTLS takes effect before the next octet
/// is read: nothing that arrives in plaintext behind it is ever read as if it came by TLS.
final class SessionHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// What a request comes to.
  enum Step: Sendable {
    case ready
    case sendContent
    case finished(TransactionResult)
    case authenticationEnded(AuthenticationResult)
    case failed(SessionFailure)
    case closed
    /// The session cannot do that now.
    case refused
  }

  private(set) var session: ClientSession
  var tls: SessionReport.TLS?
  let options: ConnectionOptions
  let check: PeerCheck
  var verification: Task<Void, Never>?
  let tap = ServerHelloTap()

  private let eventLoop: any EventLoop
  private var context: ChannelHandlerContext?
  private var request: EventLoopPromise<Step>?
  private var timer: Scheduled<Void>?
  private var armedWait: UInt64 = 0
  private var overallTimer: Scheduled<Void>?
  private var contentTimer: Scheduled<Void>?
  private var lastWrite: EventLoopFuture<Void>?
  /// Whether more content is asked for as soon as the last write is done.
  private var contentIsWanted = false
  /// A result that came while nobody was waiting: the server spoke between two pieces of a message.
  private var unclaimed: TransactionResult?

  /// What becomes of the opening: `ready` or `failed`.
  let opening: EventLoopFuture<Step>

  init(options: ConnectionOptions, check: @escaping PeerCheck, eventLoop: any EventLoop) {
    self.options = options
    self.check = check
    self.eventLoop = eventLoop
    session = ClientSession(options.session)
    let promise = eventLoop.makePromise(of: Step.self)
    request = promise
    opening = promise.futureResult
  }

  /// Asks something of the session; one request at a time.
  func ask(_ event: ClientSession.Event) -> EventLoopFuture<Step> {
    guard request == nil else { return eventLoop.makeSucceededFuture(.refused) }
    if let result = unclaimed {
      unclaimed = nil
      return eventLoop.makeSucceededFuture(.finished(result))
    }
    if let failure = session.failure { return eventLoop.makeSucceededFuture(.failed(failure)) }
    let promise = eventLoop.makePromise(of: Step.self)
    request = promise
    // A session that does nothing about it cannot do that now.
    if !feed(event) { answer(.refused) }
    return promise.futureResult
  }

  private func answer(_ step: Step) {
    guard let promise = request else { return }
    request = nil
    promise.succeed(step)
  }

  /// Feeds an event to the session and carries out what it wants; says whether it wants anything.
  @discardableResult
  func feed(_ event: ClientSession.Event) -> Bool {
    let actions = session.handle(event)
    for action in actions { carryOut(action) }
    armTimer()
    return !actions.isEmpty
  }

  private func carryOut(_ action: ClientSession.Action) {
    switch action {
    case .send(let octets): write(octets)
    case .startTLS: if let context { startTLS(context) }
    case .ready: answer(.ready)
    case .authenticationEnded(let result): answer(.authenticationEnded(result))
    case .sendContent: wantContent()
    case .finished(let result):
      contentIsWanted = false
      contentTimer?.cancel()
      if request == nil { unclaimed = result }
      answer(.finished(result))
    case .failed(let failure): answer(.failed(failure))
    case .close: close()
    }
  }

  private func write(_ octets: [UInt8]) {
    guard let context else { return }
    let written = context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: octets)))
    lastWrite = written
    written.assumeIsolated().whenFailure { [weak self] _ in
      self?.feed(.closedByPeer)
    }
  }

  /// Content is asked for when what came before has left: the source waits for the network.
  private func wantContent() {
    guard let written = lastWrite else {
      answer(.sendContent)
      return
    }
    contentIsWanted = true
    if let timeout = options.session.timeouts[.content] {
      contentTimer = schedule(timeout) { $0.feed(.timedOut) }
    }
    written.assumeIsolated().whenComplete { [weak self] _ in
      guard let self, self.contentIsWanted else { return }
      self.contentIsWanted = false
      self.contentTimer?.cancel()
      self.answer(.sendContent)
    }
  }

  private func close() {
    stopTimers()
    verification?.cancel()
    answer(.closed)
    context?.close(promise: nil)
  }
}

// MARK: - Time

extension SessionHandler {
  private func schedule(
    _ duration: Duration, _ body: @escaping (SessionHandler) -> Void
  ) -> Scheduled<Void> {
    eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(duration)) { [weak self] in
      if let self { body(self) }
    }
  }

  private func armTimer() {
    guard armedWait != session.waitCount else { return }
    armedWait = session.waitCount
    timer?.cancel()
    timer = session.timeout.map { schedule($0) { $0.feed(.timedOut) } }
  }

  private func armOverallTimer() {
    overallTimer = options.overallTimeout.map { schedule($0) { $0.feed(.overallTimeout) } }
  }

  private func stopTimers() {
    for timer in [timer, overallTimer, contentTimer] { timer?.cancel() }
  }
}

// MARK: - The channel

extension SessionHandler {
  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) {
    self.context = nil
    feed(.closedByPeer)
    stopTimers()
    answer(.closed)
  }

  func channelActive(context: ChannelHandlerContext) {
    armOverallTimer()
    feed(.connected)
  }

  func channelInactive(context: ChannelHandlerContext) { feed(.closedByPeer) }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    feed(.received(Array(unwrapInboundIn(data).readableBytesView)))
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .handshakeCompleted? = event as? TLSUserEvent { tlsEstablished(context) }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if session.wait == .handshake {
      tlsFailed(error)
    } else {
      feed(.closedByPeer)
    }
  }
}
