import MailTesting
import NIOSSL
import SMTP
import Testing
import Transport
import Wire

@Suite("Connections to a server that behaves")
struct ConnectionTests {
  private let message = Array("Subject: x\r\n\r\n.dot\r\nend\r\n".utf8)

  @Test(
    "send over TLS, and report what they saw",
    arguments: [TLSRequirement.Level.opportunistic, .encrypted, .webPKI])
  func sendsOverTLS(level: TLSRequirement.Level) async throws {
    let certificate = try ServerCertificate()
    var behaviour = SMTPPeerBehaviour(tls: try certificate.configuration())
    behaviour.extensionsOverTLS = ["8BITMIME", "REQUIRETLS"]
    try await SMTPPeer.serving(behaviour) { peer in
      let connection = try await Opening(level).open(peer)
      let result = await connection.send(try .test(), message)
      #expect(result.acceptedCount == 1)
      let report = await connection.report
      #expect(report.tls?.version == "TLSv1.3")
      #expect(report.tls?.cipherSuite?.description.hasPrefix("TLS_") == true)
      #expect(report.tls?.chain == certificate.chain.map(\.der))
      #expect(report.tls?.serverName?.description == "mx.test")
      #expect(report.tls?.verdict?.isAcceptable == true)
      #expect(report.greeting?.code == 220)
      #expect(report.extensionsBeforeTLS?.contains(.chunking) == true)
      #expect(report.extensions.contains(.requireTLS))
      #expect(!report.extensions.contains(.chunking))
      #expect(report.failure == nil)
      await connection.quit()
      let record = peer.record
      #expect(record.serverNames == ["mx.test"])
      #expect(record.messages == [Array("Subject: x\r\n\r\n..dot\r\nend\r\n".utf8)])
      #expect(record.commands.prefix(2) == ["EHLO client.test", "STARTTLS"])
      #expect(record.encryptedCommands.first == "EHLO client.test")
      #expect(record.encryptedCommands.last == "QUIT")
    }
  }

  @Test("tell the cipher of TLS 1.2 too")
  func tellsCipher() async throws {
    let tls = try ServerCertificate().configuration(to: .tlsv12)
    try await SMTPPeer.serving(SMTPPeerBehaviour(tls: tls)) { peer in
      let connection = try await Opening(.encrypted).open(peer)
      let seen = await connection.report.tls
      #expect(seen?.version == "TLSv1.2")
      #expect(seen?.cipherSuite?.description.hasPrefix("TLS_ECDHE_ECDSA_WITH_") == true)
      await connection.quit()
    }
  }

  @Test("begin with TLS where that is asked for (RFC 8314)")
  func implicit() async throws {
    var behaviour = SMTPPeerBehaviour(tls: try ServerCertificate().configuration())
    behaviour.hasImplicitTLS = true
    behaviour.extensionsOverTLS = ["AUTH PLAIN"]
    try await SMTPPeer.serving(behaviour) { peer in
      let connection = try await Opening(.webPKI) { $0.session.tlsStart = .implicit }.open(peer)
      let credentials = try SASLCredentials(user: "u", password: "p")
      guard case .authenticated = await connection.authenticate(credentials) else {
        Issue.record("not authenticated")
        return
      }
      #expect(await connection.send(try .test(), message).acceptedCount == 1)
      #expect(await connection.report.extensionsBeforeTLS == nil)
      await connection.quit()
      #expect(peer.record.commands == peer.record.encryptedCommands)
    }
  }

  @Test("go in plaintext where nothing else is offered or wanted")
  func plaintext() async throws {
    for level in [TLSRequirement.Level.plaintext, .opportunistic] {
      try await SMTPPeer.serving(SMTPPeerBehaviour()) { peer in
        let connection = try await Opening(level).open(peer)
        #expect(await connection.send(try .test(), message).acceptedCount == 1)
        #expect(await connection.report.tls == nil)
        await connection.quit()
      }
    }
  }

  @Test("reach a server by IPv6, and come from an address told")
  func addresses() async throws {
    try await SMTPPeer.serving(SMTPPeerBehaviour(), at: "::1") { peer in
      let connection = try await Opening(.plaintext).open(peer, at: "::1")
      #expect(await connection.reset())
      await connection.quit()
    }
    try await SMTPPeer.serving(SMTPPeerBehaviour()) { peer in
      let local = try IPAddress(parsing: "127.0.0.77")
      let connection = try await Opening(.plaintext) { $0.localAddress = local }.open(peer)
      #expect(await connection.reset())
      await connection.quit()
    }
  }

  @Test("carry several messages, by chunks as well")
  func several() async throws {
    try await SMTPPeer.serving(SMTPPeerBehaviour()) { peer in
      let connection = try await Opening(.plaintext) {
        $0.session.prefersChunking = true
        $0.session.chunkSize = 100_000
      }.open(peer)
      let long = Array(repeating: Array("0123456789abcdef\r\n".utf8), count: 20_000).flatMap(\.self)
      for _ in 0..<2 { #expect(await connection.send(try .test(), long).acceptedCount == 1) }
      await connection.quit()
      #expect(Array(peer.record.chunks.joined()) == long + long)
      #expect(peer.record.chunks.allSatisfy { $0.count < 100_000 + 65_536 })
    }
  }

  @Test("speak LMTP")
  func lmtp() async throws {
    var behaviour = SMTPPeerBehaviour()
    behaviour.isLMTP = true
    behaviour.instead["RCPT TO:<b@"] = [.send("550 5.1.1 no\r\n")]
    try await SMTPPeer.serving(behaviour) { peer in
      let connection = try await Opening(.plaintext) { $0.session.dialect = .lmtp }.open(peer)
      let envelope = try OutgoingEnvelope.test(to: ["a@mx.test", "b@mx.test", "c@mx.test"])
      let result = await connection.send(envelope, message)
      #expect(
        result.outcomes.map(describe) == [
          "accepted 250", "refused 550 at recipient", "accepted 250",
        ])
      await connection.quit()
    }
  }

  @Test("stream a message, piece by piece")
  func streams() async throws {
    try await SMTPPeer.serving(SMTPPeerBehaviour()) { peer in
      let connection = try await Opening(.plaintext).open(peer)
      let pieces = AsyncStream<[UInt8]> { continuation in
        for piece in ["a\r", "\n.", "b\r\n"] { continuation.yield(Array(piece.utf8)) }
        continuation.finish()
      }
      #expect(await connection.send(try .test(), pieces).acceptedCount == 1)
      await connection.quit()
      #expect(peer.record.messages == [Array("a\r\n..b\r\n".utf8)])
    }
  }

  @Test("end without a dot where the source of a message fails")
  func abandons() async throws {
    struct Broken: Error {}
    try await SMTPPeer.serving(SMTPPeerBehaviour()) { peer in
      let connection = try await Opening(.plaintext).open(peer)
      let pieces = AsyncThrowingStream<[UInt8], any Error> { continuation in
        continuation.yield(Array("a\r\n".utf8))
        continuation.finish(throwing: Broken())
      }
      let result = await connection.send(try .test(), pieces)
      #expect(result.outcomes.map(describe) == ["interrupted"])
      #expect(await connection.report.failure?.reason == .contentAbandoned)
      #expect(peer.record.messages == [])
    }
  }
}
