/// The certificates of a small world: a root that tests trust, authorities below it, and servers
/// with every fault. Made once a process; names end in `.test` as those of `LabZone` do.
///
/// The name of a server with nothing wrong is `mx.good.test`; ask `server(for:)` for others.
public struct LabCertificates: Sendable {
  /// A moment at which all but the expired ones are valid: 2026-01-01.
  public static let now: UInt64 = 1_767_225_600
  /// From 2020 to 2040, so that the lab works by the wall clock too.
  public static let validity: ClosedRange<UInt64> = 1_577_836_800...2_208_988_800
  /// Past at `now`, and by any clock.
  public static let pastValidity: ClosedRange<UInt64> = 1_577_836_800...1_609_459_200
  /// Not yet begun at `now`: from 2041.
  public static let futureValidity: ClosedRange<UInt64> = 2_240_611_200...2_556_144_000

  /// Trusted by the tests.
  public let root: LabCertificate
  /// Issued by `root`; issues the servers.
  public let intermediate: LabCertificate
  /// An authority that nobody trusts.
  public let strangeRoot: LabCertificate

  /// The names of the server `mx.good.test`, all in one certificate of `intermediate`.
  public static let goodName = "mx.good.test"

  public static let shared: LabCertificates = {
    do { return try LabCertificates() } catch {
      preconditionFailure("no lab certificates: \(error)")
    }
  }()

  /// An RSA chain: root, intermediate, server `mx.good.test`. Made when first asked for.
  public static let rsaChain: [LabCertificate] = {
    do {
      let root = try LabCertificate(
        selfSigned: .init(commonName: "Lab RSA Root", authority: .unlimited, keyKind: .rsa2048))
      let intermediate = try root.issue(
        .init(commonName: "Lab RSA Authority", authority: .atMost(0), keyKind: .rsa2048))
      let server = try intermediate.issue(
        .init(commonName: goodName, dnsNames: [goodName], keyKind: .rsa2048))
      return [server, intermediate, root]
    } catch {
      preconditionFailure("no RSA chain: \(error)")
    }
  }()

  public init() throws {
    root = try LabCertificate(
      selfSigned: .init(
        commonName: "Lab Root", authority: .unlimited, signsCertificates: true))
    intermediate = try root.issue(
      .init(commonName: "Lab Authority", authority: .atMost(0), signsCertificates: true))
    strangeRoot = try LabCertificate(
      selfSigned: .init(commonName: "Strange Root", authority: .unlimited))
  }

  /// A faultless server certificate of `intermediate` for these names.
  public func server(for names: String...) throws -> LabCertificate {
    try intermediate.issue(
      .init(commonName: names.first, dnsNames: names, extendedKeyUsage: .serverAuth))
  }

  /// What is wrong with a server's chain.
  public enum Fault: String, CaseIterable, Sendable {
    case none
    /// The server's certificate is past its end.
    case expired
    /// Its time has not come.
    case notYetValid
    /// It carries another name.
    case wrongName
    /// Self-signed.
    case selfSigned
    /// Of an authority that nobody trusts.
    case strangeAuthority
    /// Good, but the intermediate is not sent.
    case missingIntermediate
    /// Its name is covered by a wildcard: nothing wrong.
    case wildcard
    /// Its name stands in the subject alone.
    case commonNameOnly
    /// For clients, not for servers.
    case clientUsage
  }

  /// A chain as a server presents it, leaf first and without the root, for `name`.
  public func chain(for name: String, _ fault: Fault = .none) throws -> [LabCertificate] {
    var content = LabCertificate.Content(
      commonName: name, dnsNames: [name], extendedKeyUsage: .serverAuth)
    switch fault {
    case .none, .missingIntermediate: break
    case .expired: content.validity = Self.pastValidity
    case .notYetValid: content.validity = Self.futureValidity
    case .wrongName:
      content.commonName = "mx.elsewhere.test"
      content.dnsNames = ["mx.elsewhere.test"]
    case .selfSigned: return [try LabCertificate(selfSigned: content)]
    case .strangeAuthority: return [try strangeRoot.issue(content), strangeRoot]
    case .wildcard:
      content.dnsNames = ["*." + name.split(separator: ".").dropFirst().joined(separator: ".")]
    case .commonNameOnly: content.dnsNames = []
    case .clientUsage: content.extendedKeyUsage = .clientAuth
    }
    let leaf = try intermediate.issue(content)
    return fault == .missingIntermediate ? [leaf] : [leaf, intermediate]
  }
}
