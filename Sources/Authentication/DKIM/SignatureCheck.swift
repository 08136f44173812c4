internal import Crypto
internal import Mail
internal import Wire

/// Verifies one signature over a header and a body: the part that DKIM (RFC 6376 §6.1) and the
/// ARC-Message-Signature (RFC 8617 §5.2) share.
///
/// Each step throws what makes the signature fail, and leaves its evidence.
struct SignatureCheck {
  let header: MessageHeader
  /// The field that holds the signature.
  let field: HeaderField
  let signature: MessageSignature
  /// How evidence names the check: `dkim`, `arc`.
  let method: String
  private(set) var steps: [SignatureStep] = []
  var evidence: [Evidence] { steps.map { $0.evidence(method: method) } }
  private(set) var keyBits: Int?
  private(set) var unsignedTail: UInt64 = 0

  init(
    _ signature: MessageSignature, in field: HeaderField, of header: MessageHeader, method: String
  ) {
    self.signature = signature
    self.field = field
    self.header = header
    self.method = method
  }

  /// `t=` and `x=` against the clock (RFC 6376 §3.5).
  func checkTime(now: UInt64, policy: DKIMPolicy) throws(DKIMFailure) {
    if let signed = signature.timestamp, let expires = signature.expiration, expires <= signed {
      throw .expiresBeforeSigned
    }
    if let expires = signature.expiration, now > expires.addingOrMaximum(policy.clockSkew) {
      throw .expired(at: expires)
    }
    if let signed = signature.timestamp, signed > now.addingOrMaximum(policy.clockSkew) {
      throw .fromTheFuture(signed)
    }
  }

  /// The key, if it may be used for this signature (RFC 6376 §6.1.2).
  mutating func key(_ answer: DKIMKeyAnswer?) throws(DKIMFailure) -> (DKIMKeyRecord, DKIMPublicKey)
  {
    guard let name = signature.keyName else { throw .keyNameTooLong }
    let type = signature.algorithm.keyType
    switch answer {
    case .key(let published):
      do {
        let key = try published.publicKey(for: signature.algorithm)
        keyBits = key.bits
        steps.append(.key(name, found: published.text, bits: key.bits, type, nil))
        return (published.record, key)
      } catch {
        steps.append(.key(name, found: published.text, bits: nil, type, error))
        throw error
      }
    case .failure(let failure):
      steps.append(.key(name, found: nil, bits: nil, type, failure))
      throw failure
    case nil:
      throw .keyNotFound
    }
  }

  /// `bh=` and `l=` against the body (§3.7).
  mutating func checkBody(_ digests: BodyDigests) throws(DKIMFailure) {
    guard let body = digests[signature.bodyHashKind] else { throw .tooManyBodyLengths }
    if let length = signature.bodyLength {
      guard length <= body.canonicalCount else { throw .bodyShorterThanSigned }
      unsignedTail = body.canonicalCount - length
    }
    steps.append(.bodyHash(body, signature.bodyCanonicalization, signed: signature.bodyHash))
    guard body.digest == signature.bodyHash else { throw .bodyHashMismatch }
  }

  /// `b=` against the header (§3.7).
  mutating func checkHeader(with key: DKIMPublicKey) throws(DKIMFailure) {
    let octets = signedOctets()
    let digest = SHA256.hash(octets: octets)
    let verifies = key.verifies(signature.signature, of: digest)
    steps.append(
      .headerHash(
        octets: octets.count, signature.headerCanonicalization, fields: signature.signedFields,
        digest: digest.octets, verifies))
    guard verifies else { throw .signatureMismatch }
  }

  private func signedOctets() -> [UInt8] {
    var octets: [UInt8] = []
    octets.reserveCapacity(min(header.octets.count, 4096))
    var picker = SignedFieldPicker(header)
    for name in signature.signedFields {
      guard let field = picker.pick(name) else { continue }
      signature.headerCanonicalization.append(field, of: header, to: &octets)
    }
    signature.headerCanonicalization.append(
      signatureField: field, of: header, without: signature.signatureValueRange, to: &octets)
    return octets
  }

  /// Fields shown to people that occur more often than the signature covers (§8.15).
  func unsignedDuplicates() -> [String] {
    Self.shownFields.filter { name in
      let present = header.indices(of: name).count
      return present > 1 && present > signature.signedFields.count { $0 == name }
    }
  }

  private static let shownFields = [
    "from", "sender", "reply-to", "subject", "date", "to", "cc", "message-id", "mime-version",
    "content-type", "content-transfer-encoding",
  ]
}

extension UInt64 {
  /// The sum, or the largest number where it does not fit.
  func addingOrMaximum(_ other: UInt64) -> UInt64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}
