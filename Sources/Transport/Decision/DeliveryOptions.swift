public import Wire

/// What an operator decides for all deliveries, and for single destinations.
public struct DeliveryOptions: Hashable, Sendable {
  /// What TLSA records of a host count for where DNSSEC does not vouch for the MX record that led
  /// to it (RFC 7672 §2.2.1); named as Postfix's `smtp_tls_dane_insecure_mx_policy` names them.
  public enum InsecureMXPolicy: String, Hashable, Sendable, CaseIterable {
    /// They authenticate the host, though an attacker may have chosen it.
    case dane
    /// They make TLS mandatory, and are not compared.
    case encrypt
    /// They are not asked for.
    case may
  }

  /// The operator's word for one destination, named as Postfix's levels; it stands before every
  /// published policy.
  public enum Override: Hashable, Sendable {
    /// Opportunistic TLS, whatever is published.
    case may
    /// TLS, whoever the peer is.
    case encrypt
    /// DANE or nothing (RFC 7672 §6).
    case daneOnly
    /// The web PKI and one of these names; none given: the MX host's own, which DNS chose.
    case verify([DomainName])
    /// The web PKI and one of these names; none given: the destination's own.
    case secure([DomainName])
  }

  /// Whether the resolver validates DNSSEC. Where it does not, nothing is secure and DANE is off.
  public var resolverValidates: Bool
  /// What TLSA records count for behind insecure MX records.
  public var insecureMX: InsecureMXPolicy
  /// Per destination, as named in it; subdomains are not meant.
  public var overrides: [DomainName: Override]

  /// Options of these parts.
  public init(
    resolverValidates: Bool, insecureMX: InsecureMXPolicy = .dane,
    overrides: [DomainName: Override] = [:]
  ) {
    self.resolverValidates = resolverValidates
    self.insecureMX = insecureMX
    self.overrides = overrides
  }
}

/// What one message asks of TLS (RFC 8689).
public enum MessageTLS: Hashable, Sendable {
  /// Nothing of its own.
  case unspecified
  /// `MAIL FROM:<…> REQUIRETLS`; the SMTP client must also see the keyword in the second EHLO
  /// (§4.2.1). A bounce, whose reverse-path is empty, is not held back by it (§5).
  case required(reversePathIsEmpty: Bool)
  /// The header field `TLS-Required: No`: policies are followed and never stop the message
  /// (§4.2.2). Where a message carries both, REQUIRETLS holds (§4.1).
  case optional

  /// Whether the message must not go where the conditions of §4.2.1 do not hold.
  public var demandsTLS: Bool { self == .required(reversePathIsEmpty: false) }
}
