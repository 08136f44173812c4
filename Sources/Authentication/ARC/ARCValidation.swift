internal import Crypto
internal import Mail
internal import Wire

/// The part of chain validation that needs keys and the body (RFC 8617 §5.2 steps 4 to 6).
struct ARCValidation {
  let header: MessageHeader
  /// At least one, the first instance first.
  let sets: [ARCSet]
  let keys: [DomainName: DKIMKeyAnswer]
  let digests: BodyDigests
  let now: UInt64
  let policy: DKIMPolicy
  private(set) var evidence: [Evidence] = []
  /// The keys of message signatures whose hashes do not agree, by instance.
  private(set) var failedKeys: [Int: DKIMKeyRecord] = [:]

  init(
    header: MessageHeader, sets: [ARCSet], keys: [DomainName: DKIMKeyAnswer],
    digests: BodyDigests, now: UInt64, policy: DKIMPolicy
  ) {
    self.header = header
    self.sets = sets
    self.keys = keys
    self.digests = digests
    self.now = now
    self.policy = policy
  }

  /// - Returns: the oldest-pass value.
  /// - Throws: `ARCFailure` of the first step that fails.
  mutating func validate() throws(ARCFailure) -> Int {
    guard let newest = sets.last else { return 0 }
    do {
      try verifyMessageSignature(newest)
    } catch {
      throw .messageSignature(instance: newest.instance, error)
    }
    let oldestPass = oldestPass(below: newest)
    for (set, digest) in zip(sets, sealDigests()).reversed() {
      do {
        try verifySeal(set, digest)
      } catch {
        throw .seal(instance: set.instance, error)
      }
    }
    return oldestPass
  }

  /// Step 5: an older AMS that fails only tells that the message was changed after it.
  private mutating func oldestPass(below newest: ARCSet) -> Int {
    var lowest = newest.instance
    for set in sets.dropLast().reversed() {
      do {
        try verifyMessageSignature(set)
        lowest = set.instance
      } catch {
        return lowest
      }
    }
    return 0
  }

  private mutating func verifyMessageSignature(_ set: ARCSet) throws(DKIMFailure) {
    guard set.messageSignature.algorithm != .rsaSHA1 else { throw .sha1 }
    var check = SignatureCheck(
      set.messageSignature, in: set.messageSignatureField, of: header,
      method: "arc AMS \(set.instance)")
    defer { evidence += check.evidence }
    try check.checkTime(now: now, policy: policy)
    let (record, key) = try check.key(set.messageSignature.keyName.flatMap { keys[$0] })
    failedKeys[set.instance] = record
    try check.checkBody(digests)
    try check.checkHeader(with: key)
    failedKeys[set.instance] = nil
    if check.unsignedTail > 0, !policy.acceptsPartialBody {
      throw .unsignedTail(octets: check.unsignedTail)
    }
  }

  private mutating func verifySeal(_ set: ARCSet, _ digest: SHA256Digest) throws(DKIMFailure) {
    guard let keyName = set.seal.keyName else { throw .keyNameTooLong }
    let key = try sealKey(set.seal, keys[keyName])
    let verifies = key.verifies(set.seal.signature, of: digest)
    evidence.append(
      Evidence(
        step: "arc seal \(set.instance)", subject: "d=\(set.seal.sealingDomain)",
        found: "the fields of \(set.instance) sets, key of \(key.bits) bits",
        outcome: verifies ? "b= verifies" : "b= does not verify", cites: "RFC 8617 §5.1.1"))
    guard verifies else { throw .signatureMismatch }
  }

  private func sealKey(
    _ seal: ARCSeal, _ answer: DKIMKeyAnswer?
  ) throws(DKIMFailure) -> DKIMPublicKey {
    switch answer {
    case .key(let published): try published.publicKey(for: seal.algorithm)
    case .failure(let failure): throw failure
    case nil: throw .keyNotFound
    }
  }

  /// What each seal signs (§5.1.1): all sets up to its own, in order; of the seal itself all but
  /// the value of `b=`. The common start is hashed once, so the work is linear in the header.
  private func sealDigests() -> [SHA256Digest] {
    let relaxed = DKIMCanonicalization.relaxed
    var earlier = SHA256()
    return sets.map { set in
      var octets: [UInt8] = []
      relaxed.append(set.authenticationResults, of: header, to: &octets)
      relaxed.append(set.messageSignatureField, of: header, to: &octets)
      earlier.update(octets: octets[...])
      var own: [UInt8] = []
      relaxed.append(
        signatureField: set.sealField, of: header, without: set.seal.signatureValueRange, to: &own)
      var hash = earlier
      hash.update(octets: own[...])
      var whole: [UInt8] = []
      relaxed.append(set.sealField, of: header, to: &whole)
      earlier.update(octets: whole[...])
      return hash.finalize()
    }
  }
}
