/// Why a session or a policy failed, in the words of TLS reports (RFC 8460 §4.3).
///
///     certificate-expired
public enum TLSFailure: String, Hashable, Sendable, CaseIterable {
  /// STARTTLS was not offered where it had to be.
  case startTLSNotSupported = "starttls-not-supported"
  /// The certificate shows none of the reference names.
  case certificateHostMismatch = "certificate-host-mismatch"
  /// A certificate of the chain is not valid yet, or no longer.
  case certificateExpired = "certificate-expired"
  /// The chain leads to no trusted root.
  case certificateNotTrusted = "certificate-not-trusted"
  /// TLS failed in another way: no common version or cipher, a broken handshake, a stall.
  case validationFailure = "validation-failure"
  /// TLSA records there, but none fits the chain.
  case tlsaInvalid = "tlsa-invalid"
  /// DNSSEC validation failed, or the answer did not come.
  case dnssecInvalid = "dnssec-invalid"
  /// DANE was demanded, and there are no TLSA records.
  case daneRequired = "dane-required"
  /// The policy could not be fetched.
  case stsPolicyFetchError = "sts-policy-fetch-error"
  /// The policy breaks its grammar.
  case stsPolicyInvalid = "sts-policy-invalid"
  /// The policy host's certificate did not verify.
  case stsWebPKIInvalid = "sts-webpki-invalid"
}
