import MailTesting
import SMTP
import Transport
import Wire

/// What a test connects with.
struct Opening: Sendable {
  var options: ConnectionOptions
  var check: PeerCheck = { _ in PeerVerdict(.authenticated(by: "test")) }

  init(
    _ level: TLSRequirement.Level, _ change: (inout ConnectionOptions) -> Void = { _ in }
  ) throws {
    var session = try SessionOptions.test(level)
    session.requirement.serverName = try DomainName(parsing: "mx.test")
    options = ConnectionOptions(session)
    // Far above what a slow machine needs, and below what hangs a test run.
    options.overallTimeout = .seconds(60)
    change(&options)
  }

  func open(
    _ peer: SMTPPeer, at address: String = "127.0.0.1"
  ) async throws -> SMTPConnection {
    try await SMTPConnection.open(
      to: IPAddress(parsing: address), port: peer.port, options: options, verifying: check)
  }

  /// What becomes of an opening that must not succeed.
  func failure(_ behaviour: SMTPPeerBehaviour) async throws -> (FailedOpening, SMTPPeer.Record)? {
    try await SMTPPeer.serving(behaviour) { peer in
      do {
        await (try open(peer)).close()
        return nil
      } catch let failed as FailedOpening {
        return (failed, peer.record)
      }
    }
  }
}
