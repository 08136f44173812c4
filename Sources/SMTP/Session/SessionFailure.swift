public import Transport

/// Why a session ended before its work was done.
public struct SessionFailure: Error, Hashable, Sendable {
  /// What happened.
  public enum Reason: Hashable, Sendable {
    /// No TCP connection; the text says why.
    case unreachable(String)
    /// The server refused a step without which there is no session.
    case refused(SMTPReply)
    /// 421 (RFC 5321 §3.8).
    case closing(SMTPReply)
    /// Octets that are no reply.
    case malformedReply(ReplyFault)
    /// A reply that no command asked for, or of a kind that the command cannot have.
    case outOfStep(SMTPReply)
    /// Octets behind the reply to STARTTLS, in front of the handshake: somebody on the path put
    /// them there, to be read as if they came from within (CVE-2021-38371).
    case injection
    /// TLS is required and was not to be had, or the peer did not prove who it is.
    case tls(TLSFailure, String)
    /// No complete reply in time.
    case timedOut
    /// The session as a whole took too long.
    case overallTimeout
    /// The peer closed the connection.
    case closedByPeer
    /// The task that used the session was cancelled.
    case cancelled
    /// The message cannot be sent as it is; half of it had been, so that the connection was closed.
    case content(ContentFault)
    /// The source of the message failed; the same.
    case contentAbandoned
  }

  /// What happened.
  public let reason: Reason
  /// Where.
  public let stage: Stage
  /// Whether the message may be offered in plaintext, over a new connection: TLS was tried because
  /// it was there and did not come about, and nobody requires it (RFC 7435 §3).
  public let allowsPlaintext: Bool

  package init(_ reason: Reason, at stage: Stage, allowsPlaintext: Bool = false) {
    self.reason = reason
    self.stage = stage
    self.allowsPlaintext = allowsPlaintext
  }

  /// What a TLS report calls it (RFC 8460 §4.3); nil where TLS was not at fault.
  public var tlsFailure: TLSFailure? {
    switch reason {
    case .tls(let failure, _): failure
    case .injection: .validationFailure
    case .timedOut, .closedByPeer, .malformedReply, .outOfStep:
      stage == .handshake || stage == .startTLS ? .validationFailure : nil
    default: nil
    }
  }

  /// The reply that ended the session, if one did.
  public var reply: SMTPReply? {
    switch reason {
    case .refused(let reply), .closing(let reply), .outOfStep(let reply): reply
    default: nil
    }
  }
}

extension SessionFailure: CustomStringConvertible {
  public var description: String { "\(words) (at \(stage.rawValue))" }

  private var words: String {
    switch reason {
    case .unreachable(let text): "no connection: \(text)"
    case .refused(let reply): "refused: \(reply)"
    case .closing(let reply): "the server is closing: \(reply)"
    case .malformedReply(let fault): "not a reply: \(fault)"
    case .outOfStep(let reply): "unexpected reply: \(reply)"
    case .injection: "octets between the reply to STARTTLS and the handshake"
    case .tls(let failure, let text): "\(failure.rawValue): \(text)"
    case .timedOut: "timed out"
    case .overallTimeout: "the session took too long"
    case .closedByPeer: "the peer closed the connection"
    case .cancelled: "cancelled"
    case .content(let fault): "cannot be sent: \(fault)"
    case .contentAbandoned: "the source of the message failed"
    }
  }
}
