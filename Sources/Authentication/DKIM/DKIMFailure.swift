public import DNS
public import Wire

/// Why a signature does not count.
public enum DKIMFailure: Error, Hashable, Sendable {
  // The signature field
  case syntax(SyntaxError)
  case sha1
  case fromNotSigned
  case publicSuffix(DomainName)
  case identityOutsideDomain
  case noUsableQueryMethod
  case keyNameTooLong
  case tooManySignatures(limit: Int)
  /// More different `l=` than are hashed for one message.
  case tooManyBodyLengths
  // Time
  case expired(at: UInt64)
  case fromTheFuture(UInt64)
  case expiresBeforeSigned
  // The key
  case keyNotFound
  case keyLookupFailed(LookupFailure)
  case severalKeys
  case keySyntax(SyntaxError)
  case keyRevoked
  case keyTypeMismatch(published: String)
  case hashNotAllowed
  case notForEmail
  case identityNotDomainItself
  case keyUnusable(String)
  case keyTooSmall(bits: Int)
  case keyTooLarge(bits: Int)
  // The message
  case bodyShorterThanSigned
  case bodyHashMismatch
  case signatureMismatch
  case unsignedTail(octets: UInt64)

  /// The word of RFC 8601 §2.7.1 for it.
  public var result: DKIMResult {
    switch self {
    case .keyLookupFailed: .temperror
    case .bodyHashMismatch, .signatureMismatch, .expired: .fail
    case .unsignedTail, .tooManySignatures, .tooManyBodyLengths, .fromTheFuture: .policy
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
    case .keySyntax, .keyRevoked, .hashNotAllowed, .notForEmail, .identityNotDomainItself:
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
