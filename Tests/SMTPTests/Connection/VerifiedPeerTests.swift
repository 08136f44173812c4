import DNS
import MailTesting
import NIOSSL
import SMTP
import Testing
import Transport
import Wire

@Suite("Chains judged inside the handshake, RFC 7672 and RFC 8461 §4.1")
struct VerifiedPeerTests {
  /// What becomes of a session with a server that shows this chain, under this requirement.
  private func open(
    _ certificate: ServerCertificate, _ level: TLSRequirement.Level
  ) async throws -> SessionFailure? {
    var opening = try Opening(level)
    let name = try DomainName(parsing: "mx.test")
    let requirement = TLSRequirement(level, serverName: name, referenceNames: [name])
    opening.options.session.requirement = requirement
    let verifier = PeerVerifier(
      trustRoots: try TrustRoots(der: [LabCertificates.shared.root.der]))
    opening.check = { await verifier.verify($0, requirement, now: LabCertificates.now) }
    let behaviour = SMTPPeerBehaviour(tls: try certificate.configuration())
    return try await opening.failure(behaviour)?.0.failure
  }

  static let faults: [(LabCertificates.Fault, TLSFailure?)] = [
    (.none, nil), (.expired, .certificateExpired), (.wrongName, .certificateHostMismatch),
    (.selfSigned, .certificateNotTrusted), (.strangeAuthority, .certificateNotTrusted),
  ]

  @Test("the web PKI decides", arguments: faults)
  func webPKI(fault: LabCertificates.Fault, expected: TLSFailure?) async throws {
    let failure = try await open(try ServerCertificate(fault), .webPKI)
    #expect(failure?.tlsFailure == expected)
    #expect(failure?.allowsPlaintext != true)
  }

  @Test("DANE-EE looks at nothing but the key", arguments: faults.map(\.0))
  func daneEE(fault: LabCertificates.Fault) async throws {
    let certificate = try ServerCertificate(fault)
    let fitting = try certificate.chain[0].tlsa(usage: 3, selector: 1, matchingType: 1)
    #expect(try await open(certificate, .dane([fitting])) == nil)
    let other = try ServerCertificate().chain[0].tlsa(usage: 3, selector: 1, matchingType: 1)
    #expect(try await open(certificate, .dane([other]))?.tlsFailure == .tlsaInvalid)
  }

  @Test("nothing is looked at where nothing is demanded", arguments: faults.map(\.0))
  func encrypted(fault: LabCertificates.Fault) async throws {
    #expect(try await open(try ServerCertificate(fault), .encrypted) == nil)
    #expect(try await open(try ServerCertificate(fault), .opportunistic) == nil)
  }
}
