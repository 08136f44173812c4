import Mail
import SMTP
import Testing
import Transport
import Wire

@Suite("Extensions used in transactions")
struct ExtensionUseTests {
  static let everything = [
    "PIPELINING", "8BITMIME", "SMTPUTF8", "SIZE 1000", "CHUNKING", "BINARYMIME", "DSN",
    "REQUIRETLS",
  ]

  /// What a session says that offers these over TLS with a proven peer.
  private func log(
    _ offers: [String], isProven: Bool = true, _ envelope: OutgoingEnvelope,
    _ turns: [Turn] = [], _ change: (inout SessionOptions) -> Void = { _ in }
  ) throws -> [String] {
    var dialogue = Dialogue(try .test(isProven ? .webPKI : .encrypted, change))
    dialogue.run(hello("STARTTLS") + [.server("220 go\r\n"), isProven ? .proven : .unproven])
    let lines = ["mx.test"] + offers
    let reply = lines.enumerated().map {
      "250\($0.offset == offers.count ? " " : "-")\($0.element)\r\n"
    }
    dialogue.run([.server(reply.joined()), .begin(envelope)] + turns)
    return Array(dialogue.log.dropFirst(5))
  }

  private func firstLine(
    _ offers: [String], isProven: Bool = true, _ envelope: OutgoingEnvelope
  ) throws -> String? {
    try log(offers, isProven: isProven, envelope).first
  }

  private func without(_ keyword: String) -> [String] {
    Self.everything.filter { !$0.hasPrefix(keyword) }
  }

  private func obstacle(_ obstacle: Obstacle) -> String { "finished: not offered, \(obstacle)" }

  private let plain = "C: MAIL FROM:<sender@client.test>"

  @Test("SIZE (RFC 1870)")
  func size() throws {
    let sized = { (size: UInt64) in try OutgoingEnvelope.test { $0.size = size } }
    #expect(try firstLine(Self.everything, sized(1000)) == plain + " SIZE=1000")
    #expect(
      try firstLine(Self.everything, sized(1001)) == obstacle(.tooLarge(limit: 1000)))
    #expect(try firstLine(without("SIZE"), sized(1001)) == plain)
    #expect(try firstLine(["SIZE 0"], sized(.max)) == plain + " SIZE=\(UInt64.max)")
  }

  @Test("8BITMIME (RFC 6152)")
  func eightBit() throws {
    let envelope = try OutgoingEnvelope.test { $0.body = .eightBitMIME }
    #expect(try firstLine(Self.everything, envelope) == plain + " BODY=8BITMIME")
    #expect(try firstLine(without("8BITMIME"), envelope) == obstacle(.lacks(.eightBitMIME)))
  }

  @Test("SMTPUTF8 (RFC 6531)")
  func international() throws {
    let envelopes = [
      try OutgoingEnvelope.test { $0.hasInternationalHeader = true },
      try OutgoingEnvelope.test(to: ["ü@mx.test"]),
      try OutgoingEnvelope.test(from: "<ü@client.test>"),
    ]
    for envelope in envelopes {
      let line = try firstLine(Self.everything, envelope)
      #expect(line?.hasSuffix(" SMTPUTF8") == true)
      #expect(try firstLine(without("SMTPUTF8"), envelope) == obstacle(.lacks(.smtpUTF8)))
      #expect(try firstLine(without("8BITMIME"), envelope) == obstacle(.lacks(.eightBitMIME)))
    }
    // A domain alone has A-labels, and needs nothing.
    let domain = try OutgoingEnvelope.test(to: ["a@bücher.example"])
    #expect(try log([], domain) == [plain])
  }

  @Test("DSN (RFC 3461, RFC 6533)")
  func notifications() throws {
    let original = try AddrSpec(
      localPart: Array("a+b=c".utf8), domain: .name(DomainName(parsing: "mx.test")))
    let international = try AddrSpec(
      localPart: Array("ü+\\".utf8), domain: .name(DomainName(parsing: "mx.test")))
    let path = try OutgoingRecipient(parsing: "a@mx.test").path
    let recipients = [
      try OutgoingRecipient(path, notifications: [.failure, .delay], originalRecipient: original),
      try OutgoingRecipient(path, notifications: []),
      try OutgoingRecipient(path, notifications: .success, originalRecipient: international),
      try OutgoingRecipient(.postmaster),
    ]
    let envelope = try OutgoingEnvelope(
      from: ReversePath(parsing: "<sender@client.test>"), to: recipients, returnedContent: .full,
      envelopeID: "id +=1")
    #expect(
      try log(Self.everything, envelope)
        == [
          plain + " RET=FULL ENVID=id+20+2B+3D1",
          "C: RCPT TO:<a@mx.test> NOTIFY=FAILURE,DELAY ORCPT=rfc822;a+2Bb+3Dc@mx.test",
          "C: RCPT TO:<a@mx.test> NOTIFY=NEVER",
          "C: RCPT TO:<a@mx.test> NOTIFY=SUCCESS "
            + "ORCPT=utf-8;\\x{22}\\x{FC}\\x{2B}\\x{5C}\\x{5C}\\x{22}@mx.test",
          "C: RCPT TO:<Postmaster>", "C: DATA",
        ].map { $0.replacing("\\x{22}", with: "\"") })
    #expect(try firstLine(without("DSN"), envelope) == plain)
  }

  @Test("REQUIRETLS (RFC 8689 §4.2.1)")
  func requireTLS() throws {
    let envelope = try OutgoingEnvelope.test {
      $0.requiresTLS = true
      $0.returnedContent = .full
    }
    // §5: RET=FULL does not go with it.
    #expect(try firstLine(Self.everything, envelope) == plain + " REQUIRETLS RET=HDRS")
    #expect(try firstLine(without("REQUIRETLS"), envelope) == obstacle(.lacks(.requireTLS)))
    #expect(try firstLine(Self.everything, isProven: false, envelope) == obstacle(.unprotected))
    #expect(Obstacle.lacks(.requireTLS).enhancedStatus.description == "5.7.30")
    #expect(Obstacle.unprotected.enhancedStatus.description == "5.7.10")
    // A notification is not lost for want of it.
    let null = try OutgoingEnvelope.test(from: "<>") { $0.requiresTLS = true }
    #expect(try firstLine(Self.everything, null) == "C: MAIL FROM:<> REQUIRETLS")
    #expect(try firstLine(without("REQUIRETLS"), null) == "C: MAIL FROM:<>")
    #expect(try firstLine(Self.everything, isProven: false, null) == "C: MAIL FROM:<>")
  }

  @Test("REQUIRETLS is never said in plaintext")
  func requireTLSInPlaintext() throws {
    var dialogue = Dialogue(try .test(.opportunistic))
    dialogue.run(hello("REQUIRETLS") + [.begin(try .test { $0.requiresTLS = true })])
    #expect(dialogue.log.last == obstacle(.unprotected))
  }

  private func ok(_ count: Int) -> Turn { .server(String(repeating: "250 ok\r\n", count: count)) }

  @Test("CHUNKING (RFC 3030): chunks, each acknowledged")
  func chunks() throws {
    let envelope = try OutgoingEnvelope.test()
    let log = try log(
      Self.everything, envelope,
      [ok(2), .content("ab\r\n"), .content(".\r\n"), ok(1), .content("c"), .end, ok(1)]
    ) {
      $0.prefersChunking = true
      $0.chunkSize = 6
    }
    #expect(
      log == [
        plain, "C: RCPT TO:<a@mx.test>", "content", "content", "C: BDAT 7", "C: ab", "C: .",
        "content", "content", "C: BDAT 3 LAST", "C: c", "finished: accepted 250",
      ])
  }

  @Test("CHUNKING is not used where it is not offered")
  func noChunks() throws {
    let envelope = try OutgoingEnvelope.test()
    let log = try log(without("CHUNKING"), envelope) { $0.prefersChunking = true }
    #expect(log.last == "C: DATA")
  }

  @Test("CHUNKING: a chunk refused ends the transaction, and RSET follows")
  func refusedChunk() throws {
    let envelope = try OutgoingEnvelope.test()
    let log = try log(
      Self.everything, envelope,
      [ok(2), .content("ab"), .server("452 full\r\n"), .end, .begin(envelope)]
    ) {
      $0.prefersChunking = true
      $0.chunkSize = 1
    }
    #expect(
      log.dropFirst(2) == [
        "content", "C: BDAT 2", "C: ab", "finished: refused 452 at content", "C: RSET", plain,
        "C: RCPT TO:<a@mx.test>",
      ])
  }

  @Test("CHUNKING: LMTP has a reply for each recipient at the last (RFC 2033 §4.3)")
  func chunksByLMTP() throws {
    let envelope = try OutgoingEnvelope.test(to: ["a@mx.test", "b@mx.test"])
    let log = try log(
      Self.everything, envelope, [ok(3), .content("x"), .end, .server("250 a\r\n550 b\r\n")]
    ) {
      $0.prefersChunking = true
      $0.dialect = .lmtp
    }
    #expect(log.last == "finished: accepted 250; refused 550 at end-of-content")
  }

  @Test("BINARYMIME (RFC 3030 §3): by BDAT alone, octets as they are")
  func binary() throws {
    let envelope = try OutgoingEnvelope.test { $0.body = .binaryMIME }
    let log = try log(
      Self.everything, envelope, [ok(2), .content("a\n.\r\0"), .end, ok(1)])
    #expect(log.first == plain + " BODY=BINARYMIME")
    #expect(log.contains("C: BDAT 5 LAST"))
    #expect(log.last == "finished: accepted 250")
    #expect(try firstLine(without("CHUNKING"), envelope) == obstacle(.lacks(.chunking)))
    #expect(try firstLine(without("BINARYMIME"), envelope) == obstacle(.lacks(.binaryMIME)))
  }

  @Test("lone line ends are mended where that is wanted")
  func normalises() throws {
    let envelope = try OutgoingEnvelope.test()
    var dialogue = Dialogue(try .test(.plaintext) { $0.loneLineEnds = .normalise })
    dialogue.run(
      hello() + [
        .begin(envelope), ok(1), ok(1), .server("354 go\r\n"), .content("a\n.\n"), .end, ok(1),
      ])
    let wire = dialogue.segments.suffix(2).flatMap(\.self)
    #expect(wire == Array("a\r\n..\r\n.\r\n".utf8))
    #expect(dialogue.log.last == "finished: accepted 250")
  }
}
