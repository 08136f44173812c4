public import Transport
public import Wire

/// What a connection showed, for a probe, a log or a TLS report.
public struct SessionReport: Hashable, Sendable {
  /// The TLS of a session.
  public struct TLS: Hashable, Sendable {
    /// `TLSv1.3`; nil where the handshake did not get that far.
    public var version: String?
    /// Nil where the server did not get that far.
    public var cipherSuite: CipherSuite?
    /// The name that was sent as SNI; nil where there was none, or none that SNI can carry.
    public var serverName: DomainName?
    /// The certificates that the peer presented, leaf first, in DER.
    public var chain: [[UInt8]] = []
    /// What they were found to prove; nil where the handshake did not get that far.
    public var verdict: PeerVerdict?
  }

  /// Whom it was with.
  public var address: IPAddress
  public var port: UInt16
  /// The first reply, the banner.
  public var greeting: SMTPReply?
  /// The reply to the last EHLO or HELO.
  public var hello: SMTPReply?
  /// What was offered in plaintext; nil where STARTTLS did not come between.
  public var extensionsBeforeTLS: ServiceExtensions?
  /// What is offered now.
  public var extensions: ServiceExtensions
  /// Nil where no handshake was begun.
  public var tls: TLS?
  /// Why the session ended, if it failed.
  public var failure: SessionFailure?
  public var transcript: Transcript

  init(address: IPAddress, port: UInt16, session: ClientSession, tls: TLS?) {
    self.address = address
    self.port = port
    greeting = session.greeting
    hello = session.helloReply
    extensionsBeforeTLS = session.extensionsBeforeTLS
    extensions = session.extensions
    self.tls = tls
    failure = session.failure
    transcript = session.transcript
  }
}

/// There is no session: why, and what was seen until then.
public struct FailedOpening: Error, Hashable, Sendable {
  public let failure: SessionFailure
  public let report: SessionReport
}

extension FailedOpening: CustomStringConvertible {
  public var description: String { failure.description }
}
