internal import SwiftASN1
internal import Wire
internal import X509

/// Checks the chain that a mail server shows in the TLS handshake under one requirement: TLSA
/// records (RFC 7672 §3), or the web PKI (RFC 8461 §4.2).
///
/// A plain value: make one at start-up and share it. The chain is a stranger's: the leaf and at
/// most nine more certificates are looked at, of at most 64 KiB each.
public struct PeerVerifier: Sendable {
  /// The leaf and so many above it, less one; what follows is not looked at.
  public static let maximumChainLength = 10
  /// Octets of one certificate; a longer one counts as unreadable.
  public static let maximumCertificateLength = 65_536

  /// Who is trusted where no TLSA record says otherwise.
  public var trustRoots: TrustRoots

  /// A verifier that trusts these authorities.
  public init(trustRoots: TrustRoots = .system) { self.trustRoots = trustRoots }

  /// Whether the chain proves what the requirement demands. Never throws.
  ///
  /// - Parameters:
  ///   - chain: certificates in DER as presented, the server's own first.
  ///   - now: seconds since 1970.
  public func verify(
    _ chain: [[UInt8]], _ requirement: TLSRequirement, now: UInt64
  ) async -> PeerVerdict {
    switch requirement.level {
    case .plaintext, .opportunistic, .encrypted: return PeerVerdict(.notDemanded)
    case .dane, .webPKI: break
    }
    guard !chain.isEmpty else {
      return PeerVerdict(.failed(.certificateNotTrusted, "no certificate"))
    }
    let presented = chain.prefix(Self.maximumChainLength).map(PresentedCertificate.init)
    var verdict: PeerVerdict
    if case .dane(let records) = requirement.level {
      verdict = await verifyDANE(presented, records, requirement.referenceNames, now: now)
    } else {
      verdict = await verifyWebPKI(presented, requirement.referenceNames, now: now)
    }
    verdict.evidence.insert(Self.evidence(of: chain), at: 0)
    return verdict
  }

  /// RFC 8461 §4.2: a path to a trusted root, and a DNS-ID that is the host.
  private func verifyWebPKI(
    _ chain: [PresentedCertificate], _ names: [DomainName], now: UInt64
  ) async -> PeerVerdict {
    guard let path = CertificatePath(chain) else {
      return PeerVerdict(.failed(.certificateNotTrusted, "the certificate cannot be read"))
    }
    // Without a name to look for anybody's certificate would do.
    guard !names.isEmpty else {
      return PeerVerdict(.failed(.certificateHostMismatch, "no name to look for"))
    }
    let policy = PathPolicy(now: now, referenceNames: names, acceptsCommonName: false)
    switch await path.validate(to: trustRoots.store, policy) {
    case .valid(let path, let name):
      let text = "web PKI, \(name.map(\.description) ?? "")"
      let step = Evidence(
        step: "certificate path", subject: Self.subjects(path), found: "a trusted root",
        outcome: "authenticated", cites: "RFC 8461 §4.2")
      return PeerVerdict(.authenticated(by: text), evidence: [step])
    case .failed(let failure, let reason):
      let step = Evidence(
        step: "certificate path", subject: PathPolicy.cut("\(path.leaf.subject)"), found: reason,
        outcome: failure.rawValue, cites: "RFC 8461 §4.2")
      return PeerVerdict(.failed(failure, reason), evidence: [step])
    }
  }

  static func subjects(_ path: [Certificate]) -> String {
    path.map { PathPolicy.cut("\($0.subject)") }.joined(separator: " < ")
  }

  private static func evidence(of chain: [[UInt8]]) -> Evidence {
    let leaf = chain.first.flatMap { CertificateSummary(der: $0) }
    let more =
      chain.count > maximumChainLength
      ? "the first \(maximumChainLength) looked at" : "looked at"
    return Evidence(
      step: "certificate chain", subject: "\(chain.count) presented",
      found: leaf.map(\.description) ?? "a first certificate that cannot be read", outcome: more,
      cites: "RFC 8446 §4.4.2")
  }
}
