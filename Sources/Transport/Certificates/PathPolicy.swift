internal import FoundationEssentials
internal import SwiftASN1
internal import Wire
@_spi(DisableValidityCheck) internal import X509

/// What a path from a server certificate to its trust anchor has to meet (RFC 5280 §6.1), with the
/// failures kept in the words of TLS reports.
///
/// Basic constraints and name constraints are checked by swift-certificates. Dates and names are
/// checked here, so that a report says `certificate-expired` where that is all that is wrong, and
/// key usage, which swift-certificates leaves alone.
struct PathPolicy: VerifierPolicy {
  /// Seconds since 1970.
  let now: UInt64
  let referenceNames: [DomainName]
  let acceptsCommonName: Bool
  /// Whether a key outside the path vouches for the leaf itself.
  let acceptsLeafAlone: Bool
  /// What went wrong with each path tried.
  private(set) var failures: [(TLSFailure, String)] = []
  /// The reference name that was found.
  private(set) var matchedName: DomainName?

  /// So many paths are looked at: a chain that needs more was made to take time.
  static let maximumPaths = 16
  /// Octets of name constraints times octets of names in one path: their comparison is quadratic.
  static let maximumNameWork = 1 << 24

  let verifyingCriticalExtensions: [ASN1ObjectIdentifier] = [
    .X509ExtensionID.basicConstraints, .X509ExtensionID.nameConstraints,
    .X509ExtensionID.keyUsage, .X509ExtensionID.extendedKeyUsage,
    .X509ExtensionID.subjectAlternativeName,
  ]

  init(
    now: UInt64, referenceNames: [DomainName], acceptsCommonName: Bool,
    acceptsLeafAlone: Bool = false
  ) {
    self.now = now
    self.referenceNames = referenceNames
    self.acceptsCommonName = acceptsCommonName
    self.acceptsLeafAlone = acceptsLeafAlone
  }

  mutating func chainMeetsPolicyRequirements(
    chain: UnverifiedCertificateChain
  ) -> PolicyEvaluationResult {
    if let (failure, reason) = fault(in: chain) {
      failures.append((failure, reason))
      return .failsToMeetPolicy(reason: reason)
    }
    return .meetsPolicy
  }

  private mutating func fault(in chain: UnverifiedCertificateChain) -> (TLSFailure, String)? {
    guard failures.count < Self.maximumPaths else {
      return (.certificateNotTrusted, "more than \(Self.maximumPaths) paths")
    }
    guard Self.nameWork(in: chain) <= Self.maximumNameWork else {
      return (.certificateNotTrusted, "too many names and name constraints")
    }
    if let reason = Self.usageFault(in: chain) { return (.certificateNotTrusted, reason) }
    if let reason = constraintFault(in: chain) { return (.certificateNotTrusted, reason) }
    if let reason = validityFault(in: chain) { return (.certificateExpired, reason) }
    let names = CertificateNames(chain.leaf)
    matchedName = names.match(referenceNames, acceptsCommonName: acceptsCommonName)
    guard matchedName != nil else {
      let wanted = referenceNames.map(\.description).joined(separator: ", ")
      return (.certificateHostMismatch, "\(names.text) instead of \(wanted)")
    }
    return nil
  }

  private func constraintFault(in chain: UnverifiedCertificateChain) -> String? {
    // Alone, swift-certificates takes the leaf for its own anchor and wants an authority.
    if chain.count == 1, acceptsLeafAlone { return nil }
    let policy = RFC5280Policy.withValidityCheckDisabled()
    switch policy.chainMeetsPolicyRequirements(chain: chain) {
    case .meetsPolicy: return nil
    case .failsToMeetPolicy(let reason): return Self.cut("\(reason)")
    }
  }

  private func validityFault(in chain: UnverifiedCertificateChain) -> String? {
    for certificate in chain {
      let subject = Self.cut("\(certificate.subject)")
      // §4.1.2.5: both ends belong to the period.
      if Double(now) < certificate.notValidBefore.timeIntervalSince1970 {
        return "\(subject) is not valid yet"
      }
      if Double(now) > certificate.notValidAfter.timeIntervalSince1970 {
        return "\(subject) has expired"
      }
    }
    return nil
  }

  /// Whether a signature counts for nothing: collisions under SHA-1 can be bought (RFC 9325 §4.5).
  static func isWeak(_ certificate: Certificate) -> Bool {
    certificate.signatureAlgorithm == .sha1WithRSAEncryption
  }

  /// §6.1.4 (n) for issuers, §4.2.1.12 for the server, and the signatures that make the path.
  private static func usageFault(in chain: UnverifiedCertificateChain) -> String? {
    if chain.dropLast().contains(where: isWeak) { return "a signature with SHA-1" }
    for issuer in chain.dropFirst() {
      do {
        if let usage = try issuer.extensions.keyUsage, !usage.keyCertSign {
          return cut("\(issuer.subject)") + " may not sign certificates"
        }
      } catch {
        return "a key usage that cannot be read"
      }
    }
    do {
      if let usages = try chain.leaf.extensions.extendedKeyUsage,
        !usages.contains(.serverAuth), !usages.contains(.any)
      {
        return "the certificate is not for servers"
      }
    } catch {
      return "an extended key usage that cannot be read"
    }
    return nil
  }

  private static func nameWork(in chain: UnverifiedCertificateChain) -> Int {
    var names = 0
    var constraints = 0
    for certificate in chain {
      let extensions = certificate.extensions
      // The subject is compared too.
      names += 256 + (extensions[oid: .X509ExtensionID.subjectAlternativeName]?.value.count ?? 0)
      constraints += extensions[oid: .X509ExtensionID.nameConstraints]?.value.count ?? 0
    }
    // Neither can be over ten times 64 KiB: this cannot overflow.
    return names * constraints
  }

  /// Names come from strangers; reasons are printed.
  static func cut(_ text: String) -> String {
    text.utf8.count <= 160 ? text : String(text.prefix(150)) + "…"
  }
}
