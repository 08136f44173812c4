import MailTesting
import NIOSSL
import SMTP
import Testing
import Transport
import Wire

@Suite("Connections to hostile servers")
struct HostilePeerTests {
  private func plain(_ change: (inout SMTPPeerBehaviour) -> Void) -> SMTPPeerBehaviour {
    var behaviour = SMTPPeerBehaviour()
    change(&behaviour)
    return behaviour
  }

  private func secure(_ change: (inout SMTPPeerBehaviour) -> Void) throws -> SMTPPeerBehaviour {
    var behaviour = SMTPPeerBehaviour(tls: try ServerCertificate().configuration())
    change(&behaviour)
    return behaviour
  }

  @Test("strip STARTTLS, or refuse it: nothing goes in plaintext")
  func stripped() async throws {
    let behaviours = [
      plain { _ in }, try secure { $0.instead["STARTTLS"] = [.send("454 later\r\n")] },
      try secure { $0.instead["EHLO"] = [.send("502 what\r\n")] },
    ]
    for behaviour in behaviours {
      for level in [TLSRequirement.Level.encrypted, .webPKI] {
        let (failed, record) = try #require(try await Opening(level).failure(behaviour))
        #expect(failed.failure.tlsFailure == .startTLSNotSupported)
        #expect(!record.commands.contains { $0.hasPrefix("MAIL") || $0.hasPrefix("HELO") })
      }
    }
  }

  @Test(
    "put replies behind the one to STARTTLS, in one segment",
    arguments: [TLSRequirement.Level.opportunistic, .encrypted, .webPKI])
  func injects(level: TLSRequirement.Level) async throws {
    let behaviour = try secure {
      $0.instead["STARTTLS"] = [.send("220 go\r\n250-REQUIRETLS\r\n"), .startTLS]
    }
    let (failed, _) = try #require(try await Opening(level).failure(behaviour))
    #expect(failed.failure.reason == .injection)
    #expect(failed.report.tls == nil)
    #expect(!failed.report.extensions.contains(.requireTLS))
  }

  @Test("put replies behind the one to STARTTLS, one octet at a time")
  func injectsSlowly() async throws {
    let behaviour = try secure {
      $0.instead["STARTTLS"] = [
        .sendSlowly("220 go\r\n250-REQUIRETLS\r\n", every: .milliseconds(2)), .startTLS,
      ]
    }
    let (failed, _) = try #require(try await Opening(.encrypted).failure(behaviour))
    // What comes after the reply is read as TLS, and is none.
    #expect(failed.failure.tlsFailure == .validationFailure)
    #expect(failed.report.extensions == .none)
  }

  @Test("show a certificate that proves nothing")
  func unproven() async throws {
    var opening = try Opening(.webPKI)
    opening.check = { _ in PeerVerdict(.failed(.certificateExpired, "yesterday")) }
    let (failed, record) = try #require(try await opening.failure(try secure { _ in }))
    #expect(failed.failure.reason == .tls(.certificateExpired, "yesterday"))
    #expect(failed.failure.stage == .handshake)
    #expect(!failed.failure.allowsPlaintext)
    #expect(failed.report.tls?.chain.count == 2)
    #expect(record.encryptedCommands == [])
    // A check that has nothing to say is no proof either; nor is none at all.
    opening.check = { _ in PeerVerdict(.notDemanded) }
    let (second, _) = try #require(try await opening.failure(try secure { _ in }))
    #expect(second.failure.tlsFailure == .validationFailure)
    opening.check = SMTPConnection.nobodyIsKnown
    let (third, _) = try #require(try await opening.failure(try secure { _ in }))
    #expect(third.failure.tlsFailure == .certificateNotTrusted)
  }

  @Test("know only old TLS (RFC 8996)")
  func oldTLS() async throws {
    let old = try ServerCertificate().configuration(from: .tlsv1, to: .tlsv11)
    let behaviour = SMTPPeerBehaviour(tls: old)
    for level in [TLSRequirement.Level.opportunistic, .encrypted] {
      let (failed, _) = try #require(try await Opening(level).failure(behaviour))
      #expect(failed.failure.tlsFailure == .validationFailure)
      #expect(failed.failure.allowsPlaintext == (level == .opportunistic))
    }
    // RFC 9325 §5.2: better than nothing, by option, and only where nothing is the alternative.
    let (refused, _) = try #require(
      try await Opening(.encrypted) { $0.minimumTLSVersion = .tls11 }.failure(behaviour))
    #expect(refused.failure.tlsFailure == .validationFailure)
    try await SMTPPeer.serving(behaviour) { peer in
      let connection = try await Opening(.opportunistic) { $0.minimumTLSVersion = .tls11 }
        .open(peer)
      #expect(await connection.report.tls?.version == "TLSv1.1")
      await connection.quit()
    }
  }

  @Test("answer the handshake with garbage, or hang up", arguments: [true, false])
  func brokenHandshake(sendsGarbage: Bool) async throws {
    let behaviour = try secure {
      let rest: [SMTPPeerStep] =
        sendsGarbage
        ? [.sendSlowly("nothing like TLS at all\r\n", every: .milliseconds(1)), .stall] : [.close]
      $0.instead["STARTTLS"] = [.send("220 go\r\n")] + rest
    }
    for level in [TLSRequirement.Level.opportunistic, .encrypted] {
      let (failed, _) = try #require(try await Opening(level).failure(behaviour))
      // The first octet may come with the reply to STARTTLS: then it is an injection.
      if failed.failure.reason == .injection {
        #expect(sendsGarbage && !failed.failure.allowsPlaintext)
        continue
      }
      // The hang-up may be seen before the handshake begins, or in it.
      if sendsGarbage || failed.failure.stage == .handshake {
        #expect(failed.failure.tlsFailure == .validationFailure)
      }
      #expect(failed.failure.allowsPlaintext == (level == .opportunistic))
    }
  }

  static let stalls: [(String, Stage)] = [
    ("", .greeting), ("EHLO", .hello), ("STARTTLS", .startTLS), ("TLS", .handshake),
    ("EHLO over TLS", .hello),
  ]

  @Test("stall in each state of the opening", arguments: stalls)
  func stall(command: String, stage: Stage) async throws {
    let behaviour = try secure {
      switch command {
      case "": $0.greeting = [.stall]
      case "TLS": $0.instead["STARTTLS"] = [.send("220 go\r\n"), .stall]
      case "EHLO over TLS": $0.insteadOverTLS["EHLO"] = [.stall]
      default: $0.instead[command] = [.stall]
      }
    }
    let opening = try Opening(.encrypted) {
      $0.session.timeouts = SessionTimeouts(all: .seconds(30))
      $0.session.timeouts[stage] = .milliseconds(300)
    }
    let (failed, _) = try #require(try await opening.failure(behaviour))
    #expect(failed.failure.reason == .timedOut)
    #expect(failed.failure.stage == stage)
  }

  static let transactionStalls: [(String, Stage, String)] = [
    ("MAIL", .mail, "interrupted"), ("RCPT", .recipient, "interrupted"),
    ("DATA", .data, "interrupted"), (".", .endOfContent, "interrupted, in doubt"),
  ]

  @Test("stall in each state of a transaction", arguments: transactionStalls)
  func stallLater(command: String, stage: Stage, outcome: String) async throws {
    try await SMTPPeer.serving(plain { $0.instead[command] = [.stall] }) { peer in
      let connection = try await Opening(.plaintext) {
        $0.session.timeouts[stage] = .milliseconds(300)
      }.open(peer)
      let result = await connection.send(try .test(), Array("x\r\n".utf8))
      #expect(result.outcomes.map(describe) == [outcome])
      #expect(await connection.report.failure?.stage == stage)
    }
  }

  @Test("do not read what they are sent")
  func stopsReading() async throws {
    let behaviour = plain { $0.instead["DATA"] = [.send("354 go\r\n"), .stopReading] }
    try await SMTPPeer.serving(behaviour) { peer in
      let connection = try await Opening(.plaintext) {
        $0.session.timeouts[.content] = .milliseconds(500)
      }.open(peer)
      // A source without an end: it is only asked as far as the network takes what it gives.
      let piece = [UInt8](repeating: 0x78, count: 65_534) + [13, 10]
      let asked = Counter()
      let endless = AsyncStream<[UInt8]> {
        await asked.next(); return piece
      }
      let result = await connection.send(try .test(), endless)
      #expect(result.outcomes.map(describe) == ["interrupted"])
      let failure = await connection.report.failure
      #expect(failure?.reason == .timedOut)
      #expect(failure?.stage == .content)
      // What sockets buffer, and no more: 64 MiB would be memory of our own.
      #expect(await asked.count < 1024)
    }
  }

  @Test("drip a reply: each octet gains no time")
  func drips() async throws {
    let behaviour = plain {
      $0.greeting = [
        .sendSlowly("220 \(String(repeating: "x", count: 400))\r\n", every: .milliseconds(50))
      ]
    }
    let opening = try Opening(.plaintext) { $0.session.timeouts.greeting = .milliseconds(500) }
    let (failed, _) = try #require(try await opening.failure(behaviour))
    #expect(failed.failure.reason == .timedOut)
  }

  static let floods: [(String, ReplyFault)] = [
    ("220-more\r\n", .tooManyLines), (String(repeating: "2", count: 65_536), .badSeparator),
    ("220 " + String(repeating: "x", count: 65_536), .lineTooLong),
    ("220-" + String(repeating: "x", count: 1000) + "\r\n", .tooLong),
    ("220 x\n", .bareLineFeed), ("\r\n", .badCode),
  ]

  @Test("flood", arguments: floods)
  func flood(text: String, fault: ReplyFault) async throws {
    let behaviour = plain { $0.greeting = [.flood(text)] }
    let (failed, _) = try #require(try await Opening(.plaintext).failure(behaviour))
    #expect(failed.failure.reason == .malformedReply(fault))
  }

  @Test("hang up within a reply, or say 421")
  func hangsUp() async throws {
    let half = plain { $0.instead["EHLO"] = [.send("250-mx.test\r\n250"), .close] }
    let (failed, _) = try #require(try await Opening(.plaintext).failure(half))
    #expect(failed.failure.reason == .closedByPeer)
    let closing = plain { $0.greeting = [.send("421 4.3.2 later\r\n"), .close] }
    let (second, _) = try #require(try await Opening(.plaintext).failure(closing))
    #expect(second.failure.reply?.code == 421)
  }

  static let refusals: [(String, Stage)] = [
    ("MAIL", .mail), ("RCPT", .recipient), ("DATA", .data), (".", .endOfContent),
  ]

  @Test("refuse at each step, for now and for good", arguments: refusals)
  func refuses(command: String, stage: Stage) async throws {
    for code in [451, 550] {
      let behaviour = plain { $0.instead[command] = [.send("\(code) no\r\n")] }
      try await SMTPPeer.serving(behaviour) { peer in
        let connection = try await Opening(.plaintext).open(peer)
        for _ in 0..<2 {
          let result = await connection.send(try .test(), Array("x\r\n".utf8))
          #expect(result.outcomes.map(describe) == ["refused \(code) at \(stage.rawValue)"])
        }
        #expect(await connection.report.failure == nil)
        await connection.quit()
      }
    }
  }

  @Test("refuse in the middle of a message: each recipient keeps its own answer")
  func refusesEarly() async throws {
    let behaviour = plain {
      $0.instead["RCPT TO:<b@"] = [.send("550 5.1.1 no\r\n")]
      $0.instead["DATA"] = [.send("354 go\r\n552 5.3.4 too much\r\n"), .stall]
    }
    try await SMTPPeer.serving(behaviour) { peer in
      let connection = try await Opening(.plaintext).open(peer)
      let envelope = try OutgoingEnvelope.test(to: ["a@mx.test", "b@mx.test"])
      let result = await connection.send(envelope, Array("x\r\n".utf8))
      #expect(
        result.outcomes.map(describe) == ["refused 552 at content", "refused 550 at recipient"])
    }
  }

  @Test("never answer fast enough: the session as a whole has a limit")
  func overall() async throws {
    let opening = try Opening(.plaintext) { $0.overallTimeout = .milliseconds(300) }
    let (failed, _) = try #require(try await opening.failure(plain { $0.greeting = [.stall] }))
    #expect(failed.failure.reason == .overallTimeout)
  }

  @Test("are left when the task is cancelled")
  func cancelled() async throws {
    try await SMTPPeer.serving(plain { $0.greeting = [.stall] }) { peer in
      let opening = try Opening(.plaintext)
      let task = Task { try await opening.open(peer) }
      while peer.record.connectionCount == 0 { await Task.yield() }
      task.cancel()
      let failed = await #expect(throws: FailedOpening.self) { _ = try await task.value }
      #expect(failed?.failure.reason == .cancelled)
    }
  }

  @Test("are not there")
  func absent() async throws {
    let port = try await SMTPPeer.serving(SMTPPeerBehaviour()) { $0.port }
    let opening = try Opening(.plaintext)
    let failed = await #expect(throws: FailedOpening.self) {
      _ = try await SMTPConnection.open(
        to: IPAddress(parsing: "127.0.0.1"), port: port, options: opening.options)
    }
    guard case .unreachable = failed?.failure.reason else {
      Issue.record("\(String(describing: failed))")
      return
    }
  }
}

private actor Counter {
  private(set) var count = 0
  func next() { count += 1 }
}
