public import DNS
public import Wire

/// What the TLS session with one mail server must show before mail goes over it.
///
/// The decision makes it, the SMTP client hands it to `PeerVerifier` inside the handshake.
public struct TLSRequirement: Hashable, Sendable {
  /// How much is demanded, from nothing to a proven peer.
  public enum Level: Hashable, Sendable {
    /// No TLS at all: only where an operator says so, or `TLS-Required: No` (RFC 8689 §5).
    case plaintext
    /// TLS where it is offered, whoever the peer is; plaintext where it is not (RFC 7435).
    case opportunistic
    /// TLS, whoever the peer is (RFC 7672 §2.2: TLSA records, none of them usable).
    case encrypted
    /// TLS, and a chain that one of these usable TLSA records vouches for (RFC 7672 §3.1).
    case dane([TLSARecord])
    /// TLS, and a chain that leads to a trusted root (RFC 8461 §4.1).
    case webPKI
  }

  /// How much is demanded.
  public var level: Level
  /// The host name to send as SNI: the TLSA base domain (RFC 7672 §8.1) or the MX host (RFC 8461
  /// §4.3). Nil where the peer has no name.
  public var serverName: DomainName?
  /// The names of which the certificate must show one, in DNS-ID form (RFC 6125 §6.4). DANE-EE
  /// does not look at them (RFC 7672 §3.1.1). Empty where names do not matter.
  public var referenceNames: [DomainName]

  /// A requirement of these parts.
  public init(
    _ level: Level, serverName: DomainName? = nil, referenceNames: [DomainName] = []
  ) {
    self.level = level
    self.serverName = serverName
    self.referenceNames = referenceNames
  }

  /// Whether mail may not go in plaintext.
  public var requiresTLS: Bool {
    switch level {
    case .plaintext, .opportunistic: false
    case .encrypted, .dane, .webPKI: true
    }
  }

  /// Whether the peer has to prove who it is.
  public var requiresAuthentication: Bool {
    switch level {
    case .plaintext, .opportunistic, .encrypted: false
    case .dane, .webPKI: true
    }
  }
}
