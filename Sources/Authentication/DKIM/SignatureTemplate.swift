internal import Mail
public import Wire

/// One signature to be made: for whom, with which key, and over what (RFC 6376 §3.5).
public struct SignatureTemplate: Sendable {
  /// `d=`.
  public var domain: DomainName
  /// `s=`.
  public var selector: DomainName
  /// The private key that signs.
  public var key: SigningKey
  /// `i=`, at or below the domain; nil to leave it out.
  public var identity: DKIMSignature.Identity?
  /// `c=`, first half.
  public var headerCanonicalization = DKIMCanonicalization.relaxed
  /// `c=`, second half.
  public var bodyCanonicalization = DKIMCanonicalization.relaxed
  /// Which header fields are signed, and which against addition (RFC 6376 §5.4).
  public var fields = SignedFieldChoice.standard
  /// For how many seconds the signature is good (`x=`); nil for ever.
  public var lifetime: UInt64?
  /// Whether the signed fields are copied into the signature (`z=`), so that a failure can be
  /// explained. It shows them to all who get the message, and makes it larger.
  public var copiesHeader = false
  /// `l=`: only so many octets of the body are signed. For tests: it vouches for no tail.
  package var bodyLength: UInt64?
  /// `x=` itself, whatever the time; for tests.
  var expiration: UInt64?

  /// A template with the defaults for this key at `selector._domainkey.domain`.
  public init(domain: DomainName, selector: DomainName, key: SigningKey) {
    self.domain = domain
    self.selector = selector
    self.key = key
  }

  /// Where the public key is to be published; nil where the name would be too long.
  public var keyName: DomainName? { DKIMKeyRecord.name(selector, of: domain) }

  var bodyHashKind: BodyHashes.Kind {
    BodyHashes.Kind(form: bodyCanonicalization, length: bodyLength)
  }

  /// Refuses what no verifier would accept.
  func check(now: UInt64) throws(SigningFailure) {
    guard keyName != nil, isMailName(domain), isMailName(selector) else {
      throw .keyNameUnusable
    }
    if let identity, !identity.domain.isAtOrBelow(domain) { throw .identityOutsideDomain }
    if let lifetime {
      // §3.5: at most twelve digits, and later than t=.
      guard lifetime > 0, now.addingOrMaximum(lifetime) <= 999_999_999_999 else {
        throw .lifetimeOutOfBounds
      }
    }
  }

  /// Whether the name can be written into a tag as it is.
  private func isMailName(_ name: DomainName) -> Bool {
    (try? DomainName(parsing: name.description)) == name
  }
}

extension DKIMSignature.Identity {
  /// On whose behalf a message is signed (`i=`, RFC 6376 §3.5).
  ///
  /// - Parameters:
  ///   - localPart: empty where only the domain is named.
  ///   - domain: at or below the signing domain.
  public init(localPart: String = "", domain: DomainName) {
    self.init(localPart: Array(localPart.utf8), domain: domain)
  }
}
