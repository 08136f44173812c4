internal import Transport
internal import Wire

// From the connection to the point where mail may go: greeting, EHLO, STARTTLS, EHLO anew.
extension ClientSession {
  mutating func connected() {
    guard state == .unconnected else { return }
    switch options.tlsStart {
    case .startTLS: awaitGreeting()
    case .implicit: beginHandshake()
    }
  }

  private mutating func awaitGreeting() {
    state = .greeting
    wait(for: .greeting)
  }

  private mutating func beginHandshake() {
    state = .handshake
    wait(for: .handshake)
    actions.append(.startTLS)
  }

  /// RFC 5321 §3.1: 220, or 554 where there is no service.
  mutating func greeted(_ reply: SMTPReply) {
    greeting = reply
    switch reply.severity {
    case .success: sayHello()
    case .intermediate: fail(.outOfStep(reply), at: .greeting)
    case .transientFailure, .permanentFailure: failAndQuit(.refused(reply), at: .greeting)
    }
  }

  private mutating func sayHello() {
    let verb = options.dialect == .lmtp ? "LHLO" : "EHLO"
    send("\(verb) \(options.helloName)")
    state = .hello
    wait(for: .hello)
  }

  mutating func answeredHello(_ reply: SMTPReply) {
    switch reply.severity {
    case .success:
      helloReply = reply
      extensions = ServiceExtensions(reply: reply)
      introduced()
    case .intermediate: fail(.outOfStep(reply), at: .hello)
    case .transientFailure: failAndQuit(.refused(reply), at: .hello)
    case .permanentFailure: fallBackToHelo(reply)
    }
  }

  /// RFC 5321 §3.2: a server that does not know EHLO is greeted with HELO. Where TLS is required
  /// and not yet on, that would lead nowhere; LMTP has no HELO (RFC 2033 §4.1).
  private mutating func fallBackToHelo(_ reply: SMTPReply) {
    guard options.dialect == .smtp else {
      failAndQuit(.refused(reply), at: .hello)
      return
    }
    guard isEncrypted || !options.requirement.requiresTLS else {
      failAndQuit(.tls(.startTLSNotSupported, "EHLO was refused: \(reply)"), at: .hello)
      return
    }
    send("HELO \(options.helloName)")
    state = .helo
    wait(for: .hello)
  }

  mutating func answeredHelo(_ reply: SMTPReply) {
    switch reply.severity {
    case .success:
      helloReply = reply
      extensions = .none
      introduced()
    case .intermediate: fail(.outOfStep(reply), at: .hello)
    case .transientFailure, .permanentFailure: failAndQuit(.refused(reply), at: .hello)
    }
  }

  /// The extensions are known: TLS is started, or is on, or is not needed.
  private mutating func introduced() {
    if isEncrypted || options.requirement.level == .plaintext {
      open()
    } else if extensions.contains(.startTLS) {
      send("STARTTLS")
      state = .startTLS
      wait(for: .startTLS)
    } else if options.requirement.requiresTLS {
      failAndQuit(.tls(.startTLSNotSupported, "STARTTLS is not offered"), at: .hello)
    } else {
      open()
    }
  }

  /// RFC 3207 §4. Whatever else was in the same octets did not come from within TLS.
  mutating func answeredStartTLS(_ reply: SMTPReply) {
    switch reply.severity {
    case .success:
      guard !parser.holdsOctets else {
        fail(.injection, at: .startTLS)
        return
      }
      extensionsBeforeTLS = extensions
      extensions = .none
      helloReply = nil
      beginHandshake()
    case .intermediate: fail(.outOfStep(reply), at: .startTLS)
    case .transientFailure, .permanentFailure:
      if options.requirement.requiresTLS {
        failAndQuit(.tls(.startTLSNotSupported, "STARTTLS was refused: \(reply)"), at: .startTLS)
      } else {
        open()
      }
    }
  }

  /// RFC 3207 §4.2: everything starts anew. With implicit TLS the greeting is still to come.
  mutating func tlsEstablished(_ verdict: PeerVerdict) {
    guard state == .handshake else { return }
    peerVerdict = verdict
    transcript.add(.note, "TLS established", isEncrypted: true)
    guard meetsRequirement else {
      let failure = Self.failure(of: verdict)
      // The peer is not the one that mail was meant for: not even QUIT is owed to it.
      fail(.tls(failure.0, failure.1), at: .handshake)
      return
    }
    if greeting == nil { awaitGreeting() } else { sayHello() }
  }

  private static func failure(of verdict: PeerVerdict) -> (TLSFailure, String) {
    guard case .failed(let failure, let text) = verdict.result else {
      return (.validationFailure, "the peer was not authenticated")
    }
    return (failure, text)
  }

  mutating func tlsFailed(_ failure: TLSFailure, _ text: String) {
    guard state == .handshake else { return }
    transcript.add(.note, "TLS failed: \(Array(text.utf8).printable)", isEncrypted: false)
    fail(.tls(failure, text), at: .handshake, allowsPlaintext: mayFallBackToPlaintext)
  }

  private mutating func open() {
    state = .ready
    wait(for: nil)
    actions.append(.ready)
  }

  mutating func reset() {
    guard state == .ready else { return }
    send("RSET")
    needsReset = false
    state = .resetting
    wait(for: .reset)
  }

  mutating func answeredReset(_ reply: SMTPReply) {
    guard reply.isSuccess else {
      failAndQuit(.refused(reply), at: .reset)
      return
    }
    open()
  }
}
