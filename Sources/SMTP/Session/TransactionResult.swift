/// What became of one message, for each recipient of its envelope in the same order.
public struct TransactionResult: Hashable, Sendable {
  /// What became of the message for one recipient.
  public enum Outcome: Hashable, Sendable {
    /// The server took responsibility (RFC 5321 §4.2.5).
    case accepted(SMTPReply)
    /// The server refused, at this stage; whether for now or for good, the reply says.
    case refused(SMTPReply, at: Stage)
    /// The message was not offered, since the server or the session lacks what it needs.
    case notOffered(Obstacle)
    /// The session ended. `isInDoubt` where the whole message had been sent and the reply did not
    /// come: it may arrive, and has to be sent again all the same (RFC 5321 §4.2.5, §6.1).
    case interrupted(SessionFailure, isInDoubt: Bool)
  }

  /// One for each recipient.
  public var outcomes: [Outcome]

  /// A result of these parts.
  public init(_ outcomes: [Outcome]) { self.outcomes = outcomes }

  /// The replies of those who will get it.
  public var acceptedCount: Int {
    outcomes.count { if case .accepted = $0 { true } else { false } }
  }
}

/// What a message needs and a server, or the session with it, does not have.
public enum Obstacle: Error, Hashable, Sendable {
  /// An extension.
  case lacks(ServiceExtensions.Extension)
  /// The message is larger than the server takes, in octets (RFC 1870 §6.1).
  case tooLarge(limit: UInt64)
  /// TLS, or proof of who the peer is, which the delivery or the message requires.
  case unprotected
  /// The session is busy, over, or not yet open.
  case notReady

  /// What a notification of failure says (RFC 3463, RFC 8689 §4.2.1).
  public var enhancedStatus: EnhancedStatusCode {
    switch self {
    case .lacks(.requireTLS): EnhancedStatusCode(5, 7, 30)
    case .lacks(.smtpUTF8): EnhancedStatusCode(5, 6, 7)
    case .lacks(.eightBitMIME), .lacks(.binaryMIME), .lacks(.chunking): EnhancedStatusCode(5, 6, 3)
    case .lacks: EnhancedStatusCode(5, 5, 1)
    case .tooLarge: EnhancedStatusCode(5, 3, 4)
    case .unprotected: EnhancedStatusCode(5, 7, 10)
    case .notReady: EnhancedStatusCode(4, 3, 0)
    }
  }
}
