public import Transport
internal import Wire

/// One SMTP or LMTP connection from the client's side, as a value: events go in, actions come out
/// (RFC 5321, RFC 2033). It reads no clock and opens no socket.
///
///     220 mx.example.com ESMTP          ← received
///     EHLO client.example.net           → send
///
/// After `ready`, one thing can be asked of it at a time: `begin`, `authenticate`, `reset`, `quit`.
/// Whoever drives it carries the actions out in their order before the next event, and lets
/// `timedOut` happen when `wait` has lasted longer than the time-outs allow; a new wait has a new
/// `waitCount`.
public struct ClientSession: Sendable {
  /// What happens to a session.
  public enum Event: Sendable {
    /// The connection is there; with implicit TLS, the handshake begins.
    case connected
    case received([UInt8])
    case closedByPeer
    /// The present wait has lasted too long.
    case timedOut
    /// The session as a whole has lasted too long.
    case overallTimeout
    case cancelled
    /// The handshake is complete, and this was found of the peer.
    case tlsEstablished(PeerVerdict)
    case tlsFailed(TLSFailure, String)
    case authenticate(SASLCredentials)
    case begin(OutgoingEnvelope)
    /// The next piece of the message; asked for by `sendContent`.
    case content([UInt8])
    case endOfContent
    /// The source of the message failed.
    case abandonContent
    case reset
    case quit
  }

  /// What is to be done.
  public enum Action: Hashable, Sendable {
    case send([UInt8])
    /// Nothing more is read in plaintext; the handshake begins.
    case startTLS
    /// The session is open, or RSET has been answered.
    case ready
    case authenticationEnded(AuthenticationResult)
    /// The next piece of the message, or its end, may be handed over as soon as what was to be sent
    /// before has gone out.
    case sendContent
    case finished(TransactionResult)
    /// Nothing more can be done with the session. `close` follows, at once or after QUIT.
    case failed(SessionFailure)
    case close
  }

  enum State {
    case unconnected, greeting, hello, helo, startTLS, handshake, ready, authenticating
    case transaction, resetting, quitting, over
  }

  public let options: SessionOptions
  /// What the session waits for; nil where it is the driver's turn.
  public internal(set) var wait: Stage?
  /// Goes up with each new wait.
  public private(set) var waitCount: UInt64 = 0
  /// The first reply.
  public internal(set) var greeting: SMTPReply?
  /// The reply to the last EHLO, HELO or LHLO: its first line names the server.
  public internal(set) var helloReply: SMTPReply?
  /// What the server offers now.
  public internal(set) var extensions = ServiceExtensions.none
  /// What it offered in plaintext; of no use after TLS, but worth a look. Nil where nothing was
  /// asked in plaintext.
  public internal(set) var extensionsBeforeTLS: ServiceExtensions?
  /// What was found of the peer; nil without TLS.
  public internal(set) var peerVerdict: PeerVerdict?
  /// Whether AUTH has succeeded.
  public internal(set) var isAuthenticated = false
  /// Why the session ended, if it failed.
  public internal(set) var failure: SessionFailure?
  public internal(set) var transcript: Transcript

  var state = State.unconnected
  var parser: ReplyParser
  var actions: [Action] = []
  var exchange: SASLExchange?
  var transaction: Transaction?
  /// Whether the server may still hold a transaction that came to nothing.
  var needsReset = false

  /// A session before its connection.
  public init(_ options: SessionOptions) {
    self.options = options
    parser = ReplyParser(limits: options.replyLimits)
    transcript = Transcript(limit: options.transcriptLimit)
  }

  /// Whether TLS is on.
  public var isEncrypted: Bool { peerVerdict != nil }

  /// Whether the peer has proven who it is.
  public var isPeerAuthenticated: Bool {
    if case .authenticated = peerVerdict?.result { true } else { false }
  }

  /// Whether the session shows what its requirement demands.
  public var meetsRequirement: Bool {
    let requirement = options.requirement
    guard !requirement.requiresTLS || isEncrypted else { return false }
    guard peerVerdict?.isAcceptable ?? true else { return false }
    return !requirement.requiresAuthentication || isPeerAuthenticated
  }

  /// Whether something can be asked of it.
  public var isReady: Bool { state == .ready }

  /// How long `wait` may last.
  public var timeout: Duration? { wait.flatMap { options.timeouts[$0] } }

  /// Takes one event in.
  public mutating func handle(_ event: Event) -> [Action] {
    if state != .over { take(event) }
    defer { actions = [] }
    return actions
  }

  private mutating func take(_ event: Event) {
    switch event {
    case .connected: connected()
    case .received(let octets): received(octets)
    case .closedByPeer: connectionEnded(.closedByPeer)
    case .timedOut: connectionEnded(.timedOut)
    case .overallTimeout: connectionEnded(.overallTimeout)
    case .cancelled: connectionEnded(.cancelled)
    case .tlsEstablished(let verdict): tlsEstablished(verdict)
    case .tlsFailed(let failure, let text): tlsFailed(failure, text)
    case .authenticate(let credentials): authenticate(credentials)
    case .begin(let envelope): begin(envelope)
    case .content(let octets): content(octets)
    case .endOfContent: endOfContent()
    case .abandonContent: abandonContent()
    case .reset: reset()
    case .quit: if state == .ready { quit() }
    }
  }

  private mutating func received(_ octets: [UInt8]) {
    // In plaintext, nothing is read between STARTTLS's reply and the handshake.
    guard state != .handshake, state != .unconnected else {
      fail(.injection, at: .handshake)
      return
    }
    parser.append(octets)
    while state != .over, state != .handshake {
      do {
        guard let reply = try parser.next() else { return }
        transcript.add(reply, isEncrypted: isEncrypted)
        take(reply)
      } catch {
        transcript.add(.note, "\(error)", isEncrypted: isEncrypted)
        fail(.malformedReply(error), at: wait ?? .idle)
      }
    }
  }

  private mutating func take(_ reply: SMTPReply) {
    if reply.isClosing, state != .quitting {
      closing(reply)
      return
    }
    switch state {
    case .greeting: greeted(reply)
    case .hello: answeredHello(reply)
    case .helo: answeredHelo(reply)
    case .startTLS: answeredStartTLS(reply)
    case .authenticating: answeredAuthentication(reply)
    case .transaction: answeredTransaction(reply)
    case .resetting: answeredReset(reply)
    case .quitting: over()
    case .ready, .unconnected, .handshake, .over: fail(.outOfStep(reply), at: .idle)
    }
  }
}

// MARK: - Ends

extension ClientSession {
  mutating func wait(for stage: Stage?) {
    wait = stage
    waitCount &+= 1
  }

  /// Sends a command whose text is known to be one line; `shown` is what the transcript keeps.
  mutating func send(_ command: String, shown: String? = nil) {
    var octets: [UInt8] = []
    write(command, shown: shown, into: &octets)
    actions.append(.send(octets))
  }

  /// Writes a command behind others that leave together.
  mutating func write(_ command: String, shown: String? = nil, into octets: inout [UInt8]) {
    transcript.add(.client, shown ?? Array(command.utf8).printable, isEncrypted: isEncrypted)
    octets += command.utf8
    octets.append(.carriageReturn)
    octets.append(.lineFeed)
  }

  /// Ends the session at once: what is under way has failed.
  mutating func fail(
    _ reason: SessionFailure.Reason, at stage: Stage, allowsPlaintext: Bool = false
  ) {
    settle(SessionFailure(reason, at: stage, allowsPlaintext: allowsPlaintext))
    over()
  }

  /// Ends the session with QUIT, as RFC 5321 §4.1.1.10 wants it even after a refusal.
  mutating func failAndQuit(_ reason: SessionFailure.Reason, at stage: Stage) {
    settle(SessionFailure(reason, at: stage))
    quit()
  }

  mutating func quit() {
    send("QUIT")
    state = .quitting
    wait(for: .quit)
  }

  mutating func over() {
    state = .over
    wait(for: nil)
    actions.append(.close)
  }

  private mutating func settle(_ failure: SessionFailure) {
    self.failure = failure
    let wasAuthenticating = exchange != nil
    exchange = nil
    if wasAuthenticating { actions.append(.authenticationEnded(.interrupted(failure))) }
    interruptTransaction(failure)
    actions.append(.failed(failure))
  }

  /// The connection is gone, or is given up. Where the handshake was under way, plaintext may be
  /// tried if nobody requires TLS.
  private mutating func connectionEnded(_ reason: SessionFailure.Reason) {
    if state == .quitting {
      over()
      return
    }
    let isTrouble = reason == .closedByPeer || reason == .timedOut
    let stage = state == .unconnected ? .connect : wait ?? currentStage
    fail(
      reason, at: stage,
      allowsPlaintext: isTrouble && state == .handshake && mayFallBackToPlaintext)
  }

  private var currentStage: Stage { state == .transaction ? .content : .idle }

  var mayFallBackToPlaintext: Bool {
    options.requirement.level == .opportunistic && options.tlsStart == .startTLS
  }

  /// 421 answers whatever was asked, and is the last word.
  private mutating func closing(_ reply: SMTPReply) {
    let stage = wait ?? currentStage
    refuseTransaction(reply, at: stage)
    fail(.closing(reply), at: stage)
  }
}
