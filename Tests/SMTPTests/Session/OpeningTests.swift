import SMTP
import Testing
import Transport
import Wire

@Suite("Opening a session, RFC 5321 §3.1 and RFC 3207")
struct OpeningTests {
  struct Case: Sendable, CustomStringConvertible {
    let description: String
    let level: TLSRequirement.Level
    let turns: [Turn]
    let log: [String]
    var dialect = SessionOptions.Dialect.smtp
    var tlsStart = SessionOptions.TLSStart.startTLS
  }

  static let cases: [Case] = [
    Case(
      description: "plaintext where TLS is not wanted", level: .plaintext,
      turns: hello("STARTTLS"), log: ["C: EHLO client.test", "ready"]),
    Case(
      description: "a greeting of several lines", level: .plaintext,
      turns: [.server("220-mx.test\r\n220 hello\r\n250 mx.test\r\n")],
      log: ["C: EHLO client.test", "ready"]),
    Case(
      description: "opportunistic, STARTTLS not offered", level: .opportunistic,
      turns: hello("SIZE"), log: ["C: EHLO client.test", "ready"]),
    Case(
      description: "opportunistic, STARTTLS offered", level: .opportunistic,
      turns: hello("STARTTLS") + [.server("220 go\r\n"), .unproven, .server("250 mx.test\r\n")],
      log: ["C: EHLO client.test", "C: STARTTLS", "tls", "C: EHLO client.test", "ready"]),
    Case(
      description: "opportunistic, STARTTLS refused", level: .opportunistic,
      turns: hello("STARTTLS") + [.server("454 not now\r\n")],
      log: ["C: EHLO client.test", "C: STARTTLS", "ready"]),
    Case(
      description: "opportunistic, handshake fails", level: .opportunistic,
      turns: hello("STARTTLS") + [
        .server("220 go\r\n"), .event(.tlsFailed(.validationFailure, "no cipher")),
      ],
      log: [
        "C: EHLO client.test", "C: STARTTLS", "tls",
        "failed: validation-failure: no cipher (at handshake), plaintext allowed", "close",
      ]),
    Case(
      description: "opportunistic, closed in the handshake", level: .opportunistic,
      turns: hello("STARTTLS") + [.server("220 go\r\n"), .event(.closedByPeer)],
      log: [
        "C: EHLO client.test", "C: STARTTLS", "tls",
        "failed: the peer closed the connection (at handshake), plaintext allowed", "close",
      ]),
    Case(
      description: "required, STARTTLS stripped", level: .encrypted, turns: hello("SIZE"),
      log: [
        "C: EHLO client.test",
        "failed: starttls-not-supported: STARTTLS is not offered (at hello)", "C: QUIT",
      ]),
    Case(
      description: "required, STARTTLS refused for now", level: .webPKI,
      turns: hello("STARTTLS") + [.server("454 4.7.0 later\r\n"), .server("221 bye\r\n")],
      log: [
        "C: EHLO client.test", "C: STARTTLS",
        "failed: starttls-not-supported: STARTTLS was refused: 454 4.7.0 later (at starttls)",
        "C: QUIT", "close",
      ]),
    Case(
      description: "required, EHLO unknown", level: .dane([]),
      turns: [.server("220 mx.test\r\n"), .server("502 what?\r\n"), .event(.timedOut)],
      log: [
        "C: EHLO client.test",
        "failed: starttls-not-supported: EHLO was refused: 502 what? (at hello)", "C: QUIT",
        "close",
      ]),
    Case(
      description: "required, handshake fails", level: .encrypted,
      turns: hello("STARTTLS") + [
        .server("220 go\r\n"), .event(.tlsFailed(.certificateExpired, "yesterday")),
      ],
      log: [
        "C: EHLO client.test", "C: STARTTLS", "tls",
        "failed: certificate-expired: yesterday (at handshake)", "close",
      ]),
    Case(
      description: "proof required and not shown", level: .webPKI,
      turns: hello("STARTTLS") + [.server("220 go\r\n"), .unproven],
      log: [
        "C: EHLO client.test", "C: STARTTLS", "tls",
        "failed: validation-failure: the peer was not authenticated (at handshake)", "close",
      ]),
    Case(
      description: "proof required and failed", level: .dane([]),
      turns: hello("STARTTLS") + [
        .server("220 go\r\n"),
        .event(.tlsEstablished(PeerVerdict(.failed(.tlsaInvalid, "none fits")))),
      ],
      log: [
        "C: EHLO client.test", "C: STARTTLS", "tls",
        "failed: tlsa-invalid: none fits (at handshake)", "close",
      ]),
    Case(
      description: "proof required and shown", level: .webPKI,
      turns: hello("STARTTLS") + [.server("220 go\r\n"), .proven, .server("250 mx.test\r\n")],
      log: ["C: EHLO client.test", "C: STARTTLS", "tls", "C: EHLO client.test", "ready"]),
    Case(
      description: "HELO where EHLO is unknown", level: .opportunistic,
      turns: [.server("220 mx.test\r\n"), .server("500 what?\r\n"), .server("250 mx.test\r\n")],
      log: ["C: EHLO client.test", "C: HELO client.test", "ready"]),
    Case(
      description: "HELO refused too", level: .plaintext,
      turns: [
        .server("220 mx.test\r\n"), .server("500 what?\r\n"), .server("550 go away\r\n"),
        .server("221 bye\r\n"),
      ],
      log: [
        "C: EHLO client.test", "C: HELO client.test", "failed: refused: 550 go away (at hello)",
        "C: QUIT", "close",
      ]),
    Case(
      description: "EHLO refused over TLS", level: .webPKI,
      turns: hello("STARTTLS") + [
        .server("220 go\r\n"), .proven, .server("500 what?\r\n"), .server("250 mx.test\r\n"),
      ],
      log: [
        "C: EHLO client.test", "C: STARTTLS", "tls", "C: EHLO client.test", "C: HELO client.test",
        "ready",
      ]),
    Case(
      description: "STARTTLS offered again over TLS (RFC 3207 §4.2)", level: .encrypted,
      turns: hello("STARTTLS") + [.server("220 go\r\n"), .unproven]
        + [.server("250-mx.test\r\n250 STARTTLS\r\n")],
      log: ["C: EHLO client.test", "C: STARTTLS", "tls", "C: EHLO client.test", "ready"]),
    Case(
      description: "EHLO not now", level: .plaintext,
      turns: [.server("220 mx.test\r\n"), .server("450 busy\r\n"), .server("221 bye\r\n")],
      log: [
        "C: EHLO client.test", "failed: refused: 450 busy (at hello)", "C: QUIT", "close",
      ]),
    Case(
      description: "greeting 554 (RFC 5321 §3.1)", level: .plaintext,
      turns: [.server("554 no service\r\n"), .server("221 bye\r\n")],
      log: ["failed: refused: 554 no service (at greeting)", "C: QUIT", "close"]),
    Case(
      description: "greeting 421", level: .plaintext, turns: [.server("421 later\r\n")],
      log: ["failed: the server is closing: 421 later (at greeting)", "close"]),
    Case(
      description: "greeting 354", level: .plaintext, turns: [.server("354 what\r\n")],
      log: ["failed: unexpected reply: 354 what (at greeting)", "close"]),
    Case(
      description: "EHLO 354", level: .plaintext,
      turns: [.server("220 mx.test\r\n"), .server("354 what\r\n")],
      log: ["C: EHLO client.test", "failed: unexpected reply: 354 what (at hello)", "close"]),
    Case(
      description: "STARTTLS 354", level: .opportunistic,
      turns: hello("STARTTLS") + [.server("354 what\r\n")],
      log: [
        "C: EHLO client.test", "C: STARTTLS", "failed: unexpected reply: 354 what (at starttls)",
        "close",
      ]),
    Case(
      description: "nothing but silence", level: .plaintext, turns: [.event(.timedOut)],
      log: ["failed: timed out (at greeting)", "close"]),
    Case(
      description: "closed at once", level: .plaintext, turns: [.event(.closedByPeer)],
      log: ["failed: the peer closed the connection (at greeting)", "close"]),
    Case(
      description: "another protocol", level: .plaintext,
      turns: [.server("SSH-2.0-OpenSSH\r\n")],
      log: ["failed: not a reply: a line without a reply code (at greeting)", "close"]),
    Case(
      description: "cancelled", level: .plaintext, turns: [.event(.cancelled)],
      log: ["failed: cancelled (at greeting)", "close"]),
    Case(
      description: "too long altogether", level: .plaintext,
      turns: [.server("220 mx.test\r\n"), .event(.overallTimeout)],
      log: ["C: EHLO client.test", "failed: the session took too long (at hello)", "close"]),
    Case(
      description: "implicit TLS", level: .webPKI,
      turns: [.proven, .server("220 mx.test\r\n"), .server("250 mx.test\r\n")],
      log: ["tls", "C: EHLO client.test", "ready"], tlsStart: .implicit),
    Case(
      description: "implicit TLS fails, and plaintext is nobody's business", level: .opportunistic,
      turns: [.event(.tlsFailed(.validationFailure, "x"))],
      log: ["tls", "failed: validation-failure: x (at handshake)", "close"], tlsStart: .implicit),
    Case(
      description: "LMTP", level: .plaintext, turns: hello("PIPELINING"),
      log: ["C: LHLO client.test", "ready"], dialect: .lmtp),
    Case(
      description: "LMTP has no HELO (RFC 2033 §4.1)", level: .plaintext,
      turns: [.server("220 mx.test\r\n"), .server("500 what?\r\n"), .server("221 bye\r\n")],
      log: ["C: LHLO client.test", "failed: refused: 500 what? (at hello)", "C: QUIT", "close"],
      dialect: .lmtp),
  ]

  @Test("goes as the standard says, however the octets are cut", arguments: cases)
  func opens(item: Case) throws {
    let options = try SessionOptions.test(item.level) {
      $0.dialect = item.dialect
      $0.tlsStart = item.tlsStart
    }
    for cut in [{ [$0] }, { $0.map { [$0] } }] as [([UInt8]) -> [[UInt8]]] {
      var dialogue = Dialogue(options)
      dialogue.run(item.turns, cut: cut)
      #expect(dialogue.log == item.log)
      #expect(dialogue.session.isReady == (item.log.last == "ready"))
      #expect((dialogue.session.failure == nil) == dialogue.session.isReady)
    }
  }

  /// CVE-2021-38371 and its kin: octets that somebody on the path puts behind the reply to
  /// STARTTLS, so that they are read as if they came by TLS.
  @Test(
    "ends at octets between STARTTLS and the handshake",
    arguments: [
      "220 go\r\n250-REQUIRETLS\r\n", "220 go\r\n2", "220 go\r\n\r\n",
      "220 go\r\n250 mx.test\r\n250 ok\r\n", "220-go\r\n220 on\r\n ",
    ])
  func refusesInjection(octets: String) throws {
    for level in [TLSRequirement.Level.opportunistic, .encrypted, .webPKI] {
      var dialogue = Dialogue(try .test(level))
      dialogue.run(hello("STARTTLS") + [.server(octets), .proven, .server("250 x\r\n")])
      let words = "octets between the reply to STARTTLS and the handshake"
      #expect(
        dialogue.log == [
          "C: EHLO client.test", "C: STARTTLS", "failed: \(words) (at starttls)", "close",
        ])
      #expect(dialogue.session.failure?.tlsFailure == .validationFailure)
      #expect(dialogue.session.failure?.allowsPlaintext == false)
      // Nothing of it was believed.
      #expect(!dialogue.session.extensions.contains(.requireTLS))
      #expect(!dialogue.session.isEncrypted)
    }
  }

  @Test("ends at octets that come in plaintext when the handshake should")
  func refusesLateInjection() throws {
    var dialogue = Dialogue(try .test(.encrypted))
    dialogue.run(hello("STARTTLS") + [.server("220 go\r\n"), .server("250 x\r\n")])
    #expect(dialogue.session.failure?.reason == .injection)
    #expect(dialogue.log.suffix(2).first?.hasPrefix("failed: octets between") == true)
  }

  @Test("forgets what was offered in plaintext (RFC 3207 §4.2)")
  func forgets() throws {
    var dialogue = Dialogue(try .test(.webPKI))
    dialogue.run(
      hello("STARTTLS", "CHUNKING", "AUTH PLAIN", "SIZE 10") + [.server("220 go\r\n"), .proven])
    #expect(dialogue.session.extensions == .none)
    dialogue.feed(.received(Array("250-mx.test\r\n250 8BITMIME\r\n".utf8)))
    let session = dialogue.session
    #expect(session.extensions.lines.map(\.keyword) == ["8BITMIME"])
    #expect(session.extensions.sizeLimit == nil)
    #expect(session.extensionsBeforeTLS?.contains(.chunking) == true)
    #expect(session.extensionsBeforeTLS?.sizeLimit == 10)
    #expect(session.meetsRequirement && session.isPeerAuthenticated && session.isEncrypted)
    #expect(session.greeting?.code == 220)
    #expect(session.helloReply?.lines.count == 2)
  }

  @Test("names a client without a name by its address (RFC 5321 §4.1.3)")
  func namesByAddress() throws {
    let names: [(String, String)] = [
      ("192.0.2.1", "[192.0.2.1]"), ("2001:db8::1", "[IPv6:2001:db8::1]"),
    ]
    for (address, shown) in names {
      let name = HelloName.literal(try IPAddress(parsing: address))
      var dialogue = Dialogue(
        SessionOptions(helloName: name, requirement: TLSRequirement(.plaintext)))
      dialogue.run([.server("220 mx.test\r\n")])
      #expect(dialogue.log == ["C: EHLO \(shown)"])
    }
  }

  @Test("waits as long as RFC 5321 §4.5.3.2 says")
  func waits() throws {
    var session = ClientSession(try .test(.encrypted))
    #expect(session.timeout == nil)
    let script: [(ClientSession.Event, Stage?, Duration?)] = [
      (.connected, .greeting, .seconds(300)),
      // Half a reply does not prolong a wait.
      (.received(Array("220-mx.test\r\n".utf8)), .greeting, .seconds(300)),
      (.received(Array("220 mx.test\r\n".utf8)), .hello, .seconds(300)),
      (.received(Array("250-mx.test\r\n250 STARTTLS\r\n".utf8)), .startTLS, .seconds(300)),
      (.received(Array("220 go\r\n".utf8)), .handshake, .seconds(120)),
      (.tlsEstablished(PeerVerdict(.notDemanded)), .hello, .seconds(300)),
      (.received(Array("250 mx.test\r\n".utf8)), nil, nil),
      (.quit, .quit, .seconds(10)),
      (.received(Array("221 bye\r\n".utf8)), nil, nil),
    ]
    var counts: [UInt64] = []
    for (event, stage, duration) in script {
      _ = session.handle(event)
      #expect(session.wait == stage)
      #expect(session.timeout == duration)
      counts.append(session.waitCount)
    }
    #expect(counts[0] == counts[1])
    #expect(Set(counts).count == counts.count - 1)
    #expect(session.failure == nil)
  }

  @Test("takes nothing in when it is over")
  func staysOver() throws {
    var dialogue = Dialogue(try .test(.plaintext))
    dialogue.run(hello() + [.quit, .server("221 bye\r\n")])
    let log = dialogue.log
    #expect(log == ["C: EHLO client.test", "ready", "C: QUIT", "close"])
    for turn in [Turn.server("250 x\r\n"), .event(.closedByPeer), .event(.timedOut), .quit] {
      if case .server(let text) = turn { dialogue.feed(.received(Array(text.utf8))) }
      if case .event(let event) = turn { dialogue.feed(event) }
    }
    dialogue.feed(.begin(try .test()))
    #expect(dialogue.log == log)
  }
}
