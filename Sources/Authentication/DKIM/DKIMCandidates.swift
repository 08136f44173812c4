internal import Mail
internal import Wire

/// The DKIM-Signature fields of a message, read and judged as far as they alone allow (RFC 6376
/// §6.1.1), before a key is asked for or an octet of the body is there.
struct DKIMCandidates: Sendable {
  enum Standing: Sendable {
    /// It may pass, if key, body and header agree.
    case open(DKIMSignature)
    /// It cannot pass, whatever the key and the body say.
    case refused(DKIMSignature?, DKIMFailure)
  }

  let candidates: [(field: HeaderField, standing: Standing)]

  /// Of the signatures that may pass, only so many are looked at as the policy allows; those of
  /// the authors' own domains come first, then the upper ones. What cannot pass costs nothing and
  /// does not count, so nobody can push a genuine signature out by putting others above it.
  ///
  /// - Parameters:
  ///   - authors: the domains of From; asked for only where there are too many signatures.
  ///   - isPublicSuffix: whether names directly below a name belong to different owners.
  init(
    _ header: MessageHeader, policy: DKIMPolicy, authors: () -> [DomainName],
    isPublicSuffix: (DomainName) -> Bool
  ) {
    var candidates = header.fields(named: "dkim-signature").map { field in
      (field: field, standing: Self.standing(of: header.value(of: field), isPublicSuffix))
    }
    if candidates.count > policy.maximumSignatures {
      for (index, signature) in Self.surplus(of: candidates.map(\.standing), policy, authors()) {
        candidates[index].standing = .refused(
          signature, .tooManySignatures(limit: policy.maximumSignatures))
      }
    }
    self.candidates = candidates
  }

  /// The signatures that might pass but are not looked at.
  private static func surplus(
    of standings: [Standing], _ policy: DKIMPolicy, _ authors: [DomainName]
  ) -> ArraySlice<(Int, DKIMSignature)> {
    let open = standings.enumerated().compactMap { index, standing in
      if case .open(let signature) = standing { (index, signature) } else { nil }
    }
    let authors = authors.prefix(10)
    func isRelated(_ signature: DKIMSignature) -> Bool {
      let domain = signature.signature.signingDomain
      return authors.contains { $0.isAtOrBelow(domain) || domain.isAtOrBelow($0) }
    }
    let related = open.filter { isRelated($0.1) }
    let others = open.filter { !isRelated($0.1) }
    return (related + others).dropFirst(policy.maximumSignatures)
  }

  private static func standing(
    of fieldValue: ArraySlice<UInt8>, _ isPublicSuffix: (DomainName) -> Bool
  ) -> Standing {
    do throws(SyntaxError) {
      let signature = try DKIMSignature(parsing: fieldValue)
      guard let failure = failure(of: signature, isPublicSuffix) else { return .open(signature) }
      return .refused(signature, failure)
    } catch {
      return .refused(nil, .syntax(error))
    }
  }

  private static func failure(
    of signature: DKIMSignature, _ isPublicSuffix: (DomainName) -> Bool
  ) -> DKIMFailure? {
    let common = signature.signature
    if common.algorithm == .rsaSHA1 { return .sha1 }
    if !common.signedFields.contains("from") { return .fromNotSigned }
    if !signature.identity.domain.isAtOrBelow(common.signingDomain) {
      return .identityOutsideDomain
    }
    if !signature.queryMethods.contains("dns/txt") { return .noUsableQueryMethod }
    if common.signingDomain.labelCount < 2 || isPublicSuffix(common.signingDomain) {
      return .publicSuffix(common.signingDomain)
    }
    if common.keyName == nil { return .keyNameTooLong }
    return nil
  }

  /// What can still pass.
  private var open: [MessageSignature] {
    candidates.compactMap {
      if case .open(let signature) = $0.standing { signature.signature } else { nil }
    }
  }

  /// The names of the keys that are needed.
  var keyNames: Set<DomainName> { Set(open.compactMap(\.keyName)) }

  /// Asks for the body hashes that are needed.
  func request(in hashes: inout BodyHashes) {
    for signature in open { hashes.request(signature.bodyHashKind) }
  }

  /// Judges every signature, from the top down.
  func verdicts(
    _ header: MessageHeader, keys: [DomainName: DKIMKeyAnswer],
    digests: BodyDigests, now: UInt64, policy: DKIMPolicy
  ) -> [DKIMVerdict] {
    candidates.map { field, standing in
      switch standing {
      case .refused(let signature, let failure):
        var verdict = DKIMVerdict(signature)
        verdict.conclude(failure)
        return verdict
      case .open(let signature):
        let check = SignatureCheck(signature.signature, in: field, of: header, method: "dkim")
        return Self.verdict(on: signature, check, keys, digests, now, policy)
      }
    }
  }

  private static func verdict(
    on signature: DKIMSignature, _ check: SignatureCheck, _ keys: [DomainName: DKIMKeyAnswer],
    _ digests: BodyDigests, _ now: UInt64, _ policy: DKIMPolicy
  ) -> DKIMVerdict {
    var verdict = DKIMVerdict(signature)
    var check = check
    do throws(DKIMFailure) {
      try check.checkTime(now: now, policy: policy)
      let (record, key) = try check.key(signature.signature.keyName.flatMap { keys[$0] })
      verdict.key = record
      verdict.isTesting = record.isTesting
      if record.isStrict, signature.identity.domain != signature.signature.signingDomain {
        throw .identityNotDomainItself
      }
      try check.checkBody(digests)
      try check.checkHeader(with: key)
      verdict.unsignedDuplicates = check.unsignedDuplicates()
      if check.unsignedTail > 0, !policy.acceptsPartialBody {
        throw .unsignedTail(octets: check.unsignedTail)
      }
      if record.isTesting, !policy.acceptsTestKeys { throw .keyInTestMode }
      verdict.take(check)
      verdict.pass()
    } catch {
      verdict.take(check)
      verdict.conclude(error)
    }
    return verdict
  }
}
