public import DNS
public import Wire

/// Why a signature does not count.
public enum DKIMFailure: Error, Hashable, Sendable {
  // The signature field
  /// The field does not match its grammar (RFC 6376 §3.5).
  case syntax(SyntaxError)
  /// `a=rsa-sha1`, which nobody may accept (RFC 8301 §3.1).
  case sha1
  /// `h=` does not name From (§5.4).
  case fromNotSigned
  /// `d=` is a domain below which the public registers (§6.1.1).
  case publicSuffix(DomainName)
  /// `i=` is not at or below `d=`.
  case identityOutsideDomain
  /// `q=` offers no way to the key that we know.
  case noUsableQueryMethod
  /// `s=` and `d=` together are no domain name.
  case keyNameTooLong
  /// The signature stands below those that are looked at (§6.1).
  case tooManySignatures(limit: Int)
  /// More different `l=` than are hashed for one message.
  case tooManyBodyLengths
  // Time
  /// `x=` is past: seconds since 1970.
  case expired(at: UInt64)
  /// `t=` is yet to come.
  case fromTheFuture(UInt64)
  /// `x=` is not after `t=`.
  case expiresBeforeSigned
  // The key
  /// DNS answers, and there is no key (§6.1.2).
  case keyNotFound
  /// DNS failed: another try may bring the key.
  case keyLookupFailed(LookupFailure)
  /// More than one record at the name of the key.
  case severalKeys
  /// The record does not match its grammar (§3.6.1).
  case keySyntax(SyntaxError)
  /// `p=` is empty: the key was withdrawn.
  case keyRevoked
  /// `k=` is not the key type of `a=`.
  case keyTypeMismatch(published: String)
  /// `h=` of the record does not list the hash.
  case hashNotAllowed
  /// `s=` of the record does not list email.
  case notForEmail
  /// The record says `t=s`, and `i=` is in a subdomain.
  case identityNotDomainItself
  /// The record says `t=y`, and the policy does not accept that.
  case keyInTestMode
  /// `p=` holds no key of its type; the text says why.
  case keyUnusable(String)
  /// An RSA key that is too easily broken (RFC 8301 §3.2).
  case keyTooSmall(bits: Int)
  /// An RSA key that costs too much to use.
  case keyTooLarge(bits: Int)
  // The message
  /// The body has fewer octets than `l=` says.
  case bodyShorterThanSigned
  /// The body is not what was signed (§6.1.3).
  case bodyHashMismatch
  /// The header is not what was signed, or the key is another one (§6.1.3).
  case signatureMismatch
  /// `l=` leaves octets of the body unsigned (§8.2).
  case unsignedTail(octets: UInt64)

  /// The word of RFC 8601 §2.7.1 for it.
  public var result: DKIMResult {
    switch self {
    case .keyLookupFailed: .temperror
    case .bodyHashMismatch, .signatureMismatch, .expired: .fail
    case .unsignedTail, .tooManySignatures, .tooManyBodyLengths, .fromTheFuture, .keyInTestMode:
      .policy
    default: .permerror
    }
  }

  /// The rule that decided.
  public var cites: String {
    switch self {
    case .sha1: "RFC 8301 §3.1"
    case .keyTooSmall, .keyTooLarge: "RFC 8301 §3.2"
    case .fromNotSigned: "RFC 6376 §5.4"
    case .syntax, .expired, .expiresBeforeSigned, .fromTheFuture, .identityOutsideDomain,
      .noUsableQueryMethod, .bodyShorterThanSigned:
      "RFC 6376 §3.5"
    case .publicSuffix: "RFC 6376 §6.1.1"
    case .unsignedTail: "RFC 6376 §8.2"
    case .keySyntax, .keyRevoked, .hashNotAllowed, .notForEmail, .identityNotDomainItself,
      .keyInTestMode:
      "RFC 6376 §3.6.1"
    case .keyTypeMismatch, .keyNotFound, .keyLookupFailed, .keyUnusable, .keyNameTooLong,
      .severalKeys:
      "RFC 6376 §6.1.2"
    case .tooManySignatures, .tooManyBodyLengths: "RFC 6376 §6.1"
    case .bodyHashMismatch, .signatureMismatch: "RFC 6376 §6.1.3"
    }
  }
}

extension DKIMFailure: CustomStringConvertible {
  /// A sentence fit for `reason=` and for people. It never holds octets of the message.
  public var description: String {
    switch self {
    case .syntax(let error): "signature field: \(error)"
    case .sha1: "rsa-sha1 is not accepted"
    case .fromNotSigned: "From is not signed"
    case .publicSuffix(let domain): "d=\(domain) is a public suffix"
    case .identityOutsideDomain: "i= is not at or below d="
    case .noUsableQueryMethod: "q= offers no dns/txt"
    case .keyNameTooLong: "the name of the key is too long"
    case .tooManySignatures(let limit): "only the first \(limit) signatures are looked at"
    case .tooManyBodyLengths: "too many different l= in one message"
    case .expired(let time): "signature expired at \(time)"
    case .fromTheFuture(let time): "signature from the future (t=\(time))"
    case .expiresBeforeSigned: "x= is not after t="
    case .keyNotFound: "no key published"
    case .keyLookupFailed(let failure): "key look-up: \(failure)"
    case .severalKeys: "several keys published at one name"
    case .keySyntax(let error): "key record: \(error)"
    case .keyRevoked: "key revoked"
    case .keyTypeMismatch(let published): "key is of type \(published.prefix(20))"
    case .hashNotAllowed: "key does not allow the hash"
    case .notForEmail: "key is not for email"
    case .identityNotDomainItself: "key wants i= in d= itself"
    case .keyInTestMode: "key in test mode"
    case .keyUnusable(let why): "key unusable: \(why)"
    case .keyTooSmall(let bits): "RSA key of \(bits) bits is too small"
    case .keyTooLarge(let bits): "RSA key of \(bits) bits is too large"
    case .bodyShorterThanSigned: "body is shorter than l= says"
    case .bodyHashMismatch: "body hash did not verify"
    case .signatureMismatch: "signature did not verify"
    case .unsignedTail(let octets): "\(octets) octets of the body are not signed"
    }
  }
}
