internal import Wire
internal import X509

/// Builds a path from a presented leaf to one of some trust anchors.
struct CertificatePath {
  let leaf: Certificate
  let intermediates: [Certificate]

  /// So many presented certificates of one subject are used: more make the number of paths
  /// through them grow like a factorial.
  static let maximumOfOneSubject = 3

  /// Nil where the leaf cannot be read.
  init?(_ chain: [PresentedCertificate]) {
    guard let leaf = chain.first?.certificate else { return nil }
    self.leaf = leaf
    var counts: [DistinguishedName: Int] = [:]
    var intermediates: [Certificate] = []
    for certificate in chain.dropFirst().compactMap(\.certificate) {
      guard !intermediates.contains(certificate) else { continue }
      let count = counts[certificate.subject, default: 0]
      guard count < Self.maximumOfOneSubject else { continue }
      counts[certificate.subject] = count + 1
      intermediates.append(certificate)
    }
    self.intermediates = intermediates
  }

  /// What came of it.
  enum Outcome {
    /// From leaf to anchor, and the reference name that the leaf shows.
    case valid([Certificate], name: DomainName?)
    case failed(TLSFailure, String)
  }

  /// Tries every path; never throws.
  func validate(to anchors: CertificateStore, _ policy: PathPolicy) async -> Outcome {
    var verifier = Verifier(rootCertificates: anchors) { return policy }
    let result = await verifier.validate(
      leaf: leaf, intermediates: CertificateStore(intermediates))
    switch result {
    case .validCertificate(let path):
      return .valid(Array(path), name: verifier.policy.matchedName)
    case .couldNotValidate:
      let failures = verifier.policy.failures
      // Of several paths, the one that came furthest tells most.
      for kind in [TLSFailure.certificateHostMismatch, .certificateExpired] {
        if let failure = failures.first(where: { $0.0 == kind }) {
          return .failed(failure.0, failure.1)
        }
      }
      let handled = policy.verifyingCriticalExtensions
      let isUnknown = leaf.extensions.contains { $0.critical && !handled.contains($0.oid) }
      let reason = isUnknown ? "an unknown critical extension" : "no path to a trust anchor"
      return .failed(.certificateNotTrusted, failures.first?.1 ?? reason)
    }
  }
}
