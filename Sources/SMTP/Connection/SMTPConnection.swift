internal import NIOConcurrencyHelpers
internal import NIOCore
internal import NIOPosix
internal import Transport
public import Wire

/// A session with one mail server over TCP.
///
///     let connection = try await SMTPConnection.open(to: address, options: options) { chain in
///       await verifier.verify(chain)
///     }
///     let result = await connection.send(envelope, message)
///     await connection.quit()
///
/// One thing is done at a time. Cancelling the task that waits closes the connection.
public final class SMTPConnection: Sendable {
  private let channel: any Channel
  private let handler: NIOLoopBound<SessionHandler>
  private let address: IPAddress
  private let port: UInt16

  private init(
    _ channel: any Channel, _ handler: NIOLoopBound<SessionHandler>, _ address: IPAddress,
    _ port: UInt16
  ) {
    self.channel = channel
    self.handler = handler
    self.address = address
    self.port = port
  }

  /// Connects, and goes as far as the requirement demands: greeting, EHLO, TLS, EHLO.
  ///
  /// - Parameter check: asked for the peer's chain where the requirement demands proof; otherwise
  ///   any chain is taken, and told in the report. Without a check, no chain proves anything.
  /// - Throws: `FailedOpening`, with all that was seen.
  public static func open(
    to address: IPAddress, port: UInt16 = SMTP.port, options: ConnectionOptions,
    verifying check: @escaping PeerCheck = nobodyIsKnown
  ) async throws(FailedOpening) -> SMTPConnection {
    let connection: SMTPConnection
    do {
      connection = try await connect(to: address, port: port, options: options, check)
    } catch {
      let reason: SessionFailure.Reason =
        Task.isCancelled ? .cancelled : .unreachable("\(error)")
      let session = ClientSession(options.session)
      var report = SessionReport(address: address, port: port, session: session, tls: nil)
      report.failure = SessionFailure(reason, at: .connect)
      throw FailedOpening(failure: SessionFailure(reason, at: .connect), report: report)
    }
    let step = await connection.waiting { $0.opening }
    if case .ready = step { return connection }
    var report = await connection.report
    // A cancelled connection is closed by us, which the session cannot tell from the peer's doing.
    if Task.isCancelled {
      report.failure = SessionFailure(.cancelled, at: report.failure?.stage ?? .connect)
    }
    let closed = SessionFailure(.closedByPeer, at: .connect)
    throw FailedOpening(failure: report.failure ?? closed, report: report)
  }

  /// The check of those who have none.
  public static let nobodyIsKnown: PeerCheck = { _ in
    PeerVerdict(.failed(.certificateNotTrusted, "nothing was given to verify certificates by"))
  }

  private static func connect(
    to address: IPAddress, port: UInt16, options: ConnectionOptions, _ check: @escaping PeerCheck
  ) async throws -> SMTPConnection {
    var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connectTimeout(TimeAmount(options.session.timeouts.connect))
    if let local = options.localAddress {
      bootstrap = bootstrap.bind(to: try SocketAddress(local, port: 0))
    }
    let begun = NIOLockedValueBox<(any Channel)?>(nil)
    let remote = try SocketAddress(address, port: port)
    return try await withTaskCancellationHandler {
      try await bootstrap.connect(to: remote) { channel in
        begun.withLockedValue { $0 = channel }
        return channel.eventLoop.makeCompletedFuture {
          let handler = SessionHandler(
            options: options, check: check, eventLoop: channel.eventLoop)
          try channel.pipeline.syncOperations.addHandler(handler)
          let bound = NIOLoopBound(handler, eventLoop: channel.eventLoop)
          return SMTPConnection(channel, bound, address, port)
        }
      }
    } onCancel: {
      begun.withLockedValue { $0 }?.close(promise: nil)
    }
  }

  /// Waits for what `ask` comes to; a cancelled wait ends the session.
  private func waiting(
    for ask: @escaping @Sendable (SessionHandler) -> EventLoopFuture<SessionHandler.Step>
  ) async -> SessionHandler.Step {
    let handler = handler
    let eventLoop = channel.eventLoop
    return await withTaskCancellationHandler {
      let step = try? await eventLoop.flatSubmit { ask(handler.value) }.get()
      return step ?? .closed
    } onCancel: {
      eventLoop.execute { handler.value.feed(.cancelled) }
    }
  }

  private func ask(_ event: ClientSession.Event) async -> SessionHandler.Step {
    await waiting { $0.ask(event) }
  }

  /// What the connection has shown until now.
  public var report: SessionReport {
    get async {
      let (handler, address, port) = (handler, address, port)
      let report = try? await channel.eventLoop.submit {
        let seen = handler.value
        return SessionReport(address: address, port: port, session: seen.session, tls: seen.tls)
      }.get()
      // The event loops of the process have ended; nothing can be known any more.
      let ended = SessionOptions(
        helloName: .literal(address), requirement: TLSRequirement(.plaintext))
      return report
        ?? SessionReport(
          address: address, port: port, session: ClientSession(ended), tls: nil)
    }
  }

  /// What the server offers now.
  public var extensions: ServiceExtensions { get async { await report.extensions } }

  /// AUTH (RFC 4954).
  public func authenticate(_ credentials: SASLCredentials) async -> AuthenticationResult {
    switch await ask(.authenticate(credentials)) {
    case .authenticationEnded(let result): result
    case .failed(let failure): .interrupted(failure)
    default: .notReady
    }
  }

  /// RSET: whether the session can go on.
  public func reset() async -> Bool {
    if case .ready = await ask(.reset) { true } else { false }
  }

  /// Ends the session as RFC 5321 §4.1.1.10 wants it, and the connection.
  public func quit() async {
    _ = await ask(.quit)
    await close()
  }

  /// Ends the connection at once.
  public func close() async {
    _ = try? await channel.close()
  }
}

// MARK: - Messages

extension SMTPConnection {
  /// How much of a message is in the session's hands at once, in octets.
  private static let pieceSize = 65_536

  /// Sends one message whose octets come in pieces; the next is asked for when the one before has
  /// left.
  ///
  /// Never throws: where `content` does, nobody is delivered to and the connection is closed.
  public func send<Content: AsyncSequence>(
    _ envelope: OutgoingEnvelope, _ content: Content
  ) async -> TransactionResult where Content.Element == [UInt8] {
    var step = await ask(.begin(envelope))
    do {
      for try await piece in content {
        guard case .sendContent = step else { break }
        step = await hand(piece)
      }
    } catch {
      if case .sendContent = step { step = await ask(.abandonContent) }
    }
    return await finish(envelope, step)
  }

  /// Sends one message.
  public func send(_ envelope: OutgoingEnvelope, _ message: [UInt8]) async -> TransactionResult {
    var step = await ask(.begin(envelope))
    if case .sendContent = step { step = await hand(message) }
    return await finish(envelope, step)
  }

  private func hand(_ piece: [UInt8]) async -> SessionHandler.Step {
    var step = SessionHandler.Step.sendContent
    var start = 0
    while start < piece.count, case .sendContent = step {
      let end = min(piece.count, start + Self.pieceSize)
      step = await ask(.content(Array(piece[start..<end])))
      start = end
    }
    return step
  }

  private func finish(
    _ envelope: OutgoingEnvelope, _ step: SessionHandler.Step
  ) async -> TransactionResult {
    var last = step
    if case .sendContent = last { last = await ask(.endOfContent) }
    let outcome: TransactionResult.Outcome
    switch last {
    case .finished(let result): return result
    case .failed(let failure): outcome = .interrupted(failure, isInDoubt: false)
    default: outcome = .notOffered(.notReady)
    }
    return TransactionResult(envelope.recipients.map { _ in outcome })
  }
}

extension SocketAddress {
  init(_ address: IPAddress, port: UInt16) throws {
    try self.init(packedIPAddress: ByteBuffer(bytes: address.octets), port: Int(port))
  }
}
