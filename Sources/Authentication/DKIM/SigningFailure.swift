public import Mail
public import Wire

/// Why a message is not signed.
///
/// What readers may understand differently is refused: a signature would vouch for it.
public enum SigningFailure: Error, Hashable, Sendable {
  /// The message has no single author that every reader sees; the flaw, in one sentence.
  case author(String)
  /// The header breaks RFC 5322 so that readers or relays may see other fields.
  case brokenHeader(HeaderDefect)
  /// The header section has more octets than this.
  case headerTooLong(limit: Int)
  /// The header section has more lines than this.
  case tooManyHeaderLines(limit: Int)
  /// More fields to be signed than `h=` may name.
  case tooManyFields(limit: Int)
  /// No key is known for the author's domain.
  case noKey(author: [DomainName])
  /// The name of the key is too long, or not one that mail can write.
  case keyNameUnusable
  /// `i=` is not at or below `d=` (RFC 6376 §3.5).
  case identityOutsideDomain
  case lifetimeOutOfBounds
  /// The message holds 50 ARC sets, or a field of a set beyond.
  case tooManySets
  /// The cryptography failed; this is no fault of the message.
  case cryptography
}

extension SigningFailure {
  /// What keeps a message from being read keeps it from being signed.
  public init(_ failure: MessageReader.Failure) {
    self =
      switch failure {
      case .headerTooLong(let limit): .headerTooLong(limit: limit)
      case .tooManyHeaderLines(let limit): .tooManyHeaderLines(limit: limit)
      }
  }
}

extension SigningFailure: CustomStringConvertible {
  public var description: String {
    switch self {
    case .author(let flaw): flaw
    case .brokenHeader(let defect): "the header is broken: \(defect)"
    case .headerTooLong(let limit): "the header is longer than \(limit) octets"
    case .tooManyHeaderLines(let limit): "the header has more than \(limit) lines"
    case .tooManyFields(let limit): "more than \(limit) header fields to sign"
    case .noKey(let domains):
      "no key for \(domains.map(\.description).joined(separator: ", "))"
    case .keyNameUnusable: "selector and domain make no usable name for a key"
    case .identityOutsideDomain: "the identity (i=) is not at or below the domain"
    case .lifetimeOutOfBounds: "the lifetime is not from 1 second to the year 33658"
    case .tooManySets: "the message has 50 ARC sets, which is the limit"
    case .cryptography: "the signature could not be computed"
    }
  }
}

/// Something in a signed message that may break its signature on the way, or make it weak.
public enum SigningNote: Hashable, Sendable {
  /// Lines longer than 998 octets (RFC 5322 §2.1.1): relays may wrap them.
  case longLines(count: Int)
  /// Lone CR or LF octets in the body (RFC 5321 §2.3.8): relays may change or refuse them.
  case bareLineEnds(count: Int)
  /// A field is missing that a relay may add; it is not guarded for that reason.
  case missingField(String)
  /// The key has fewer bits than RFC 8301 §3.2 recommends.
  case weakKey(name: DomainName, bits: Int)
}

extension SigningNote: CustomStringConvertible {
  public var description: String {
    switch self {
    case .longLines(let count): "\(count) lines over 998 octets: relays may wrap them"
    case .bareLineEnds(let count): "\(count) bare CR or LF in the body: relays may change them"
    case .missingField(let name): "no \(name) field: a relay may add one"
    case .weakKey(let name, let bits):
      "\(name): RSA key of \(bits) bits; RFC 8301 recommends "
        + "\(SigningKey.recommendedRSABits) or more"
    }
  }
}
