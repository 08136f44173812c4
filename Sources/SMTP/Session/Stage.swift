/// What a session waits for, and where it was when it failed.
public enum Stage: String, Hashable, Sendable, CaseIterable {
  /// The TCP connection.
  case connect
  /// The first 220.
  case greeting
  /// The reply to EHLO, HELO or LHLO.
  case hello
  /// The reply to STARTTLS.
  case startTLS = "starttls"
  /// The TLS handshake.
  case handshake
  /// A reply of an AUTH exchange.
  case authentication
  /// The reply to MAIL.
  case mail
  /// The reply to RCPT.
  case recipient
  /// The reply to DATA.
  case data
  /// The sending of a piece of the message, or the reply to a BDAT that is not the last.
  case content
  /// The reply to the end of the message.
  case endOfContent = "end-of-content"
  /// The reply to RSET.
  case reset
  /// The reply to QUIT.
  case quit
  /// Nothing: the session is open and has nothing to do.
  case idle
}
