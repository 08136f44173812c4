internal import Wire

/// An ARC-Seal field (RFC 8617 §4.1.3).
///
///     i=1; a=rsa-sha256; t=1490812345; cv=none; d=lists.example.org; s=dk-lists; b=TlCCKzgk3Tr…
struct ARCSeal: Hashable, Sendable {
  let algorithm: DKIMAlgorithm
  let signature: [UInt8]
  let signatureValueRange: Range<Int>
  /// `cv=`: what the sealer found of the chain before it.
  let chainStatus: ARCResult
  let sealingDomain: DomainName
  let selector: DomainName
  let timestamp: UInt64?

  /// Unknown tags are passed over, but for `h=`, which makes the chain fail (§4.1.3).
  init(parsing fieldValue: some Collection<UInt8>) throws(SyntaxError) {
    let octets = Array(fieldValue)
    let tags = try TagList(parsing: octets)
    if let tag = tags["h"] { throw SyntaxError(.badValue("tag h"), at: tag.offset) }
    let reader = SignatureTagReader(tags, end: octets.count)
    algorithm = try reader.algorithm()
    (signature, signatureValueRange) = try reader.signature()
    let status = try reader.required("cv")
    guard let chainStatus = ARCResult(rawValue: status.value.text) else {
      throw SyntaxError(.badValue("tag cv"), at: status.offset)
    }
    self.chainStatus = chainStatus
    sealingDomain = try reader.domain("d")
    selector = try reader.domain("s")
    timestamp = try reader.number("t", digits: 12)
  }

  var keyName: DomainName? { DKIMKeyRecord.name(selector, of: sealingDomain) }
}
