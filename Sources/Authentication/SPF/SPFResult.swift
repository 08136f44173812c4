/// The outcome of `check_host()` (RFC 7208 §2.6), spelled as in RFC 8601 §2.7.2.
public enum SPFResult: String, Hashable, Sendable, CaseIterable {
  /// No domain name to ask for, or no SPF record there (§2.6.1).
  case none
  /// The domain states that it asserts nothing about the client (§2.6.2).
  case neutral
  /// The client may use the domain (§2.6.3).
  case pass
  /// The client may not use the domain (§2.6.4).
  case fail
  /// The client is probably not authorized (§2.6.5).
  case softfail
  /// A passing error, generally of DNS: a later try may succeed (§2.6.6).
  case temperror
  /// The published records could not be interpreted (§2.6.7).
  case permerror
}

/// Which name of the SMTP session is judged. Each has a verdict of its own: a pass of one says
/// nothing about the other.
public enum SPFIdentity: String, Hashable, Sendable {
  /// The host name given by HELO or EHLO (RFC 7208 §2.3).
  case helo
  /// The reverse-path; `postmaster` at the HELO name where it is null (RFC 7208 §2.4). The only
  /// identity that DMARC looks at (RFC 9989 §4.4.2).
  case mailFrom = "mailfrom"
}
