internal import DNS
internal import SwiftASN1
internal import Wire
internal import X509

extension PeerVerifier {
  /// So many trust anchors that only DNS carries are tried: each costs work on every certificate.
  static let maximumAnchorsOfDNS = 10

  /// RFC 7672 §3.1: the records as the decision found them; sorted again, for whoever calls.
  func verifyDANE(
    _ chain: [PresentedCertificate], _ records: [TLSARecord], _ names: [DomainName], now: UInt64
  ) async -> PeerVerdict {
    let usable = TLSASelection(records).usable
    guard !usable.isEmpty else {
      return PeerVerdict(.failed(.tlsaInvalid, "no usable TLSA record"))
    }
    if let verdict = Self.verifyEndEntity(chain, usable) { return verdict }
    return await verifyTrustAnchor(chain, usable.filter { $0.usage == 2 }, names, now: now)
  }

  /// DANE-EE(3): the leaf matches, and nothing else counts: neither names nor dates nor who
  /// signed (RFC 7672 §3.1.1, §3.2.1).
  private static func verifyEndEntity(
    _ chain: [PresentedCertificate], _ records: [TLSARecord]
  ) -> PeerVerdict? {
    guard let leaf = chain.first,
      let record = records.first(where: { $0.usage == 3 && leaf.matches($0) })
    else { return nil }
    let step = Evidence(
      step: "dane", subject: record.excerpt, found: "the server's certificate",
      outcome: "authenticated", cites: "RFC 7672 §3.1.1")
    return PeerVerdict(.authenticated(by: "DANE-EE \(record.numbers)"), evidence: [step])
  }

  /// DANE-TA(2): a path to an anchor that a record vouches for, with names and dates
  /// (RFC 7672 §3.1.2, §3.2.2).
  private func verifyTrustAnchor(
    _ chain: [PresentedCertificate], _ records: [TLSARecord], _ names: [DomainName], now: UInt64
  ) async -> PeerVerdict {
    let anchors = Self.anchors(for: records, in: chain)
    guard let first = anchors.first else {
      let reason = "no TLSA record matches the presented chain"
      let step = Evidence(
        step: "dane", subject: "TLSA", found: reason, outcome: TLSFailure.tlsaInvalid.rawValue,
        cites: "RFC 7672 §3.2")
      return PeerVerdict(.failed(.tlsaInvalid, reason), evidence: [step])
    }
    guard let path = CertificatePath(chain) else {
      return PeerVerdict(.failed(.certificateNotTrusted, "the certificate cannot be read"))
    }
    guard !names.isEmpty else {
      return PeerVerdict(.failed(.certificateHostMismatch, "no name to look for"))
    }
    let policy = PathPolicy(
      now: now, referenceNames: names, acceptsCommonName: true,
      acceptsLeafAlone: anchors.contains { $0.isBareKey && $0.certificate == path.leaf })
    let store = CertificateStore(anchors.map(\.certificate))
    switch await path.validate(to: store, policy) {
    case .valid(let path, let name):
      let record = anchors.first { $0.certificate == path.last }?.record ?? first.record
      let shown = name.map(\.description) ?? ""
      let step = Evidence(
        step: "dane", subject: record.excerpt, found: Self.subjects(path),
        outcome: "authenticated as \(shown)", cites: "RFC 7672 §3.1.2")
      return PeerVerdict(
        .authenticated(by: "DANE-TA \(record.numbers), \(shown)"), evidence: [step])
    case .failed(let failure, let reason):
      let step = Evidence(
        step: "dane", subject: first.record.excerpt, found: reason, outcome: failure.rawValue,
        cites: "RFC 7672 §3.1.2")
      return PeerVerdict(.failed(failure, reason), evidence: [step])
    }
  }

  /// A certificate that ends a path, the record that makes it so, and whether it is there only
  /// because the record's bare key signed it.
  private typealias Anchor = (record: TLSARecord, certificate: Certificate, isBareKey: Bool)

  /// Presented certificates that match; a certificate that the record alone carries; and, for a
  /// bare key, the presented certificates that it signed (RFC 7671 §5.2.2, §5.2.3).
  ///
  /// The text speaks of the topmost certificate under a bare key; any is taken here, since whatever
  /// the key signed is vouched for wherever it stands, and path, names and dates are checked below
  /// it all the same.
  private static func anchors(
    for records: [TLSARecord], in chain: [PresentedCertificate]
  ) -> [Anchor] {
    var anchors: [Anchor] = []
    var ofDNS = 0
    for record in records {
      let matching = chain.filter { $0.matches(record) }
      anchors += matching.compactMap { $0.certificate }.map { (record, $0, false) }
      guard matching.isEmpty, record.matchingType == 0, ofDNS < maximumAnchorsOfDNS else {
        continue
      }
      ofDNS += 1
      if record.selector == 0 {
        if let certificate = try? Certificate(derEncoded: record.associationData) {
          anchors.append((record, certificate, false))
        }
      } else if let key = try? Certificate.PublicKey(derEncoded: record.associationData) {
        anchors += chain.compactMap(\.certificate)
          .filter { !PathPolicy.isWeak($0) && key.isValidSignature($0.signature, for: $0) }
          .map { (record, $0, true) }
      }
    }
    return anchors
  }
}
