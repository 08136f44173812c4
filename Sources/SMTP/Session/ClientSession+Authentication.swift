internal import Wire

// AUTH (RFC 4954).
extension ClientSession {
  mutating func authenticate(_ credentials: SASLCredentials) {
    guard state == .ready, !isAuthenticated else {
      actions.append(.authenticationEnded(.notReady))
      return
    }
    guard mayBeGivenPasswords else {
      actions.append(.authenticationEnded(.unprotected))
      return
    }
    let offered = extensions.authenticationMechanisms
    guard let exchange = SASLExchange(credentials, offered: offered) else {
      actions.append(.authenticationEnded(.notOffered(offered)))
      return
    }
    self.exchange = exchange
    send(exchange.command, shown: exchange.name + " (secret)")
    state = .authenticating
    wait(for: .authentication)
  }

  private var mayBeGivenPasswords: Bool {
    switch options.passwords {
    case .toAuthenticatedPeer: isEncrypted && isPeerAuthenticated
    case .encrypted: isEncrypted
    case .anywhere: true
    }
  }

  mutating func answeredAuthentication(_ reply: SMTPReply) {
    switch reply.severity {
    case .success:
      // A server that says yes to an exchange given up has not authenticated anybody.
      guard exchange?.isCancelled == false else {
        fail(.outOfStep(reply), at: .authentication)
        return
      }
      isAuthenticated = true
      endAuthentication(.authenticated(reply))
    case .intermediate:
      guard reply.code == 334, let answer = exchange?.answer() else {
        fail(.outOfStep(reply), at: .authentication)
        return
      }
      send(answer, shown: answer == "*" ? "*" : "(secret)")
      wait(for: .authentication)
    case .transientFailure, .permanentFailure: endAuthentication(.refused(reply))
    }
  }

  private mutating func endAuthentication(_ result: AuthenticationResult) {
    exchange = nil
    state = .ready
    wait(for: nil)
    actions.append(.authenticationEnded(result))
  }
}
