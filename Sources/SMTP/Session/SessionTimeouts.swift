/// How long each wait of a session may last (RFC 5321 §4.5.3.2).
///
/// Each runs from the command, or from the reply before, to the complete reply: a server that sends
/// a reply octet by octet gains no time.
public struct SessionTimeouts: Hashable, Sendable {
  /// The TCP connection: 30 seconds. RFC 5321 names no figure.
  public var connect = Duration.seconds(30)
  /// 5 minutes (§4.5.3.2.1).
  public var greeting = Duration.seconds(300)
  /// 5 minutes, as for MAIL.
  public var hello = Duration.seconds(300)
  /// The reply to STARTTLS: 5 minutes, as for MAIL.
  public var startTLS = Duration.seconds(300)
  /// The handshake, the check of the certificate among it: 2 minutes.
  public var handshake = Duration.seconds(120)
  /// Each reply of AUTH: 2 minutes.
  public var authentication = Duration.seconds(120)
  /// 5 minutes (§4.5.3.2.2).
  public var mail = Duration.seconds(300)
  /// 5 minutes for each (§4.5.3.2.3).
  public var recipient = Duration.seconds(300)
  /// 2 minutes (§4.5.3.2.4).
  public var data = Duration.seconds(120)
  /// 3 minutes for each piece (§4.5.3.2.5).
  public var content = Duration.seconds(180)
  /// 10 minutes (§4.5.3.2.6): too short a wait delivers mail twice.
  public var endOfContent = Duration.seconds(600)
  /// The reply to RSET: 5 minutes, as for MAIL.
  public var reset = Duration.seconds(300)
  /// The reply to QUIT, on which nothing depends: 10 seconds.
  public var quit = Duration.seconds(10)

  /// The waits told above.
  public init() {}

  /// The same wait everywhere.
  public init(all duration: Duration) {
    for stage in Stage.allCases { self[stage] = duration }
  }

  /// The wait at one stage; an idle session has none, and setting it changes nothing.
  public subscript(stage: Stage) -> Duration? {
    get { Self.place(of: stage).map { self[keyPath: $0] } }
    set {
      guard let place = Self.place(of: stage), let newValue else { return }
      self[keyPath: place] = newValue
    }
  }

  private static func place(of stage: Stage) -> WritableKeyPath<SessionTimeouts, Duration>? {
    switch stage {
    case .connect: \.connect
    case .greeting: \.greeting
    case .hello: \.hello
    case .startTLS: \.startTLS
    case .handshake: \.handshake
    case .authentication: \.authentication
    case .mail: \.mail
    case .recipient: \.recipient
    case .data: \.data
    case .content: \.content
    case .endOfContent: \.endOfContent
    case .reset: \.reset
    case .quit: \.quit
    case .idle: nil
    }
  }
}
