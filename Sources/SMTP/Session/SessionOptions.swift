public import Transport
public import Wire

/// How a client introduces itself, and what it demands of the session.
public struct SessionOptions: Hashable, Sendable {
  /// The protocol spoken.
  public enum Dialect: Hashable, Sendable {
    /// RFC 5321.
    case smtp
    /// RFC 2033: LHLO, and a reply for each recipient at the end of a message.
    case lmtp
  }

  /// When TLS begins.
  public enum TLSStart: Hashable, Sendable {
    /// After STARTTLS (RFC 3207).
    case startTLS
    /// With the connection (RFC 8314 §3.3).
    case implicit
  }

  /// Where a password may be sent.
  public enum PasswordRule: Hashable, Sendable {
    /// To a peer that has proven who it is.
    case toAuthenticatedPeer
    /// Over TLS, whoever the peer is.
    case encrypted
    /// Anywhere; for tests and links protected otherwise.
    case anywhere
  }

  /// What EHLO says (RFC 5321 §4.1.1.1).
  public var helloName: HelloName
  /// What the session must show before mail goes over it.
  public var requirement: TLSRequirement
  public var dialect = Dialect.smtp
  public var tlsStart = TLSStart.startTLS
  /// Whether groups of commands are sent at once where that is offered (RFC 2920).
  public var usesPipelining = true
  /// Whether BDAT is used for every message where it is offered (RFC 3030); binary messages go by
  /// BDAT in any case.
  public var prefersChunking = false
  /// The size of BDAT chunks in octets, at least 1; the last may be smaller, others larger by what
  /// was handed over at once.
  public var chunkSize = 262_144
  /// What is done with a CR or LF that stands alone in a message.
  public var loneLineEnds = LoneLineEnds.refuse
  public var passwords = PasswordRule.toAuthenticatedPeer
  public var timeouts = SessionTimeouts()
  public var replyLimits = ReplyLimits()
  /// Octets of the transcript: 65,536.
  public var transcriptLimit = 65_536

  /// Options of an SMTP session with STARTTLS.
  public init(helloName: HelloName, requirement: TLSRequirement) {
    self.helloName = helloName
    self.requirement = requirement
  }
}

/// How a client names itself (RFC 5321 §4.1.1.1, §4.1.3).
///
///     mail.example.com    [192.0.2.1]    [IPv6:2001:db8::1]
public enum HelloName: Hashable, Sendable {
  case domain(DomainName)
  /// For a client without a name.
  case literal(IPAddress)
}

extension HelloName: CustomStringConvertible {
  public var description: String {
    switch self {
    case .domain(let name): name.description
    case .literal(let address): address.isIPv4 ? "[\(address)]" : "[IPv6:\(address)]"
    }
  }
}
