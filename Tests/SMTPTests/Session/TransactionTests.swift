import Mail
import SMTP
import Testing
import Transport
import Wire

@Suite("Mail transactions, RFC 5321 §3.3 and RFC 2920")
struct TransactionTests {
  struct Case: Sendable, CustomStringConvertible {
    let description: String
    var offers = ["PIPELINING"]
    var recipients = ["a@mx.test", "b@mx.test"]
    let turns: [Turn]
    let log: [String]
    var dialect = SessionOptions.Dialect.smtp
  }

  private static let mail = "C: MAIL FROM:<sender@client.test>"
  private static let to = ["C: RCPT TO:<a@mx.test>", "C: RCPT TO:<b@mx.test>"]
  private static let group = [mail] + to + ["C: DATA"]
  private static let oks = Turn.server("250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n")

  static let cases: [Case] = [
    Case(
      description: "pipelined, all accepted",
      turns: [oks, .content("x\r\n"), .end]
        + [.server("250 queued\r\n")],
      log: group + ["content", "C: x", "content", "C: .", "finished: accepted 250; accepted 250"]),
    Case(
      description: "one by one, all accepted", offers: [],
      turns: [
        .server("250 ok\r\n"), .server("250 ok\r\n"), .server("251 ok\r\n"), .server("354 go\r\n"),
        .content("x\r\n"), .end, .server("250 queued\r\n"),
      ],
      log: group + ["content", "C: x", "content", "C: .", "finished: accepted 250; accepted 250"]),
    Case(
      description: "one recipient refused",
      turns: [.server("250 ok\r\n550 no\r\n250 ok\r\n354 go\r\n"), .end, .server("250 ok\r\n")],
      log: group + ["content", "C: .", "finished: refused 550 at recipient; accepted 250"]),
    Case(
      description: "all recipients refused, DATA too",
      turns: [.server("250 ok\r\n550 no\r\n450 no\r\n503 no\r\n")],
      log: group + ["finished: refused 550 at recipient; refused 450 at recipient"]),
    Case(
      description: "all recipients refused, DATA not (RFC 2920 §3.1)",
      turns: [.server("250 ok\r\n550 no\r\n550 no\r\n354 go\r\n"), .server("250 queued\r\n")],
      log: group + ["C: .", "finished: refused 550 at recipient; refused 550 at recipient"]),
    Case(
      description: "all recipients refused, one by one", offers: [],
      turns: [.server("250 ok\r\n"), .server("550 no\r\n"), .server("550 no\r\n")],
      log: [mail] + to + ["finished: refused 550 at recipient; refused 550 at recipient"]),
    Case(
      description: "sender refused",
      turns: [.server("550 no\r\n503 no\r\n503 no\r\n503 no\r\n")],
      log: group + ["finished: refused 550 at mail; refused 550 at mail"]),
    Case(
      description: "sender refused, the rest accepted",
      turns: [.server("550 no\r\n250 ok\r\n250 ok\r\n354 go\r\n"), .server("250 queued\r\n")],
      log: group + ["C: .", "finished: refused 550 at mail; refused 550 at mail"]),
    Case(
      description: "sender refused, one by one", offers: [], turns: [.server("450 no\r\n")],
      log: [mail, "finished: refused 450 at mail; refused 450 at mail"]),
    Case(
      description: "DATA refused",
      turns: [.server("250 ok\r\n550 no\r\n250 ok\r\n451 no\r\n")],
      log: group + ["finished: refused 550 at recipient; refused 451 at data"]),
    Case(
      description: "refused at the end",
      turns: [oks, .content("x"), .end, .server("554 spam\r\n")],
      log: group + [
        "content", "C: x", "content", "C: .",
        "finished: refused 554 at end-of-content; refused 554 at end-of-content",
      ]),
    Case(
      description: "no last reply: the message may have arrived",
      turns: [oks, .content("x"), .end, .event(.timedOut)],
      log: group + [
        "content", "C: x", "content", "C: .",
        "finished: interrupted, in doubt; interrupted, in doubt",
        "failed: timed out (at end-of-content)", "close",
      ]),
    Case(
      description: "connection lost while sending",
      turns: [oks, .content("x"), .event(.closedByPeer)],
      log: group + [
        "content", "C: x", "content", "finished: interrupted; interrupted",
        "failed: the peer closed the connection (at content)", "close",
      ]),
    Case(
      description: "the source fails: no dot is sent",
      turns: [oks, .content("x"), .event(.abandonContent)],
      log: group + [
        "content", "C: x", "content", "finished: interrupted; interrupted",
        "failed: the source of the message failed (at content)", "close",
      ]),
    Case(
      description: "a lone LF: no dot is sent",
      turns: [oks, .content("x\r\n"), .content("y\n"), .end],
      log: group + [
        "content", "C: x", "content", "finished: interrupted; interrupted",
        "failed: cannot be sent: LF without CR at octet 4 (at content)", "close",
      ]),
    Case(
      description: "a lone CR at the end: no dot is sent",
      turns: [oks, .content("x\r"), .end],
      log: group + [
        "content", "C: x", "content", "finished: interrupted; interrupted",
        "failed: cannot be sent: CR without LF at octet 1 (at content)", "close",
      ]),
    Case(
      description: "8-bit octets undeclared",
      turns: [oks, .content("ä")],
      log: group + [
        "content", "finished: interrupted; interrupted",
        "failed: cannot be sent: 8-bit octet in a 7-bit message at octet 0 (at content)", "close",
      ]),
    Case(
      description: "success before the end is none",
      turns: [oks, .content("x"), .server("250 queued\r\n")],
      log: group + [
        "content", "C: x", "content", "finished: interrupted; interrupted",
        "failed: unexpected reply: 250 queued (at content)", "close",
      ]),
    Case(
      description: "success in the segment of 354 is none",
      turns: [.server("250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n250 queued\r\n")],
      log: group + [
        "content", "finished: interrupted; interrupted",
        "failed: unexpected reply: 250 queued (at content)", "close",
      ]),
    Case(
      description: "refusal before the end is one",
      turns: [oks, .content("x"), .server("552 too much\r\n")],
      log: group + [
        "content", "C: x", "content", "finished: refused 552 at content; refused 552 at content",
        "failed: unexpected reply: 552 too much (at content)", "close",
      ]),
    Case(
      description: "421 in the middle of a group",
      turns: [.server("250 ok\r\n550 no\r\n421 closing\r\n")],
      log: group + [
        "finished: refused 550 at recipient; refused 421 at recipient",
        "failed: the server is closing: 421 closing (at recipient)", "close",
      ]),
    Case(
      description: "421 after the end",
      turns: [oks, .end, .server("421 closing\r\n")],
      log: group + [
        "content", "C: .", "finished: refused 421 at end-of-content; refused 421 at end-of-content",
        "failed: the server is closing: 421 closing (at end-of-content)", "close",
      ]),
    Case(
      description: "354 to MAIL", turns: [.server("354 go\r\n")],
      log: group + [
        "finished: interrupted; interrupted", "failed: unexpected reply: 354 go (at mail)", "close",
      ]),
    Case(
      description: "250 to DATA", turns: [.server("250 ok\r\n250 ok\r\n250 ok\r\n250 ok\r\n")],
      log: group + [
        "finished: interrupted; interrupted", "failed: unexpected reply: 250 ok (at data)", "close",
      ]),
    Case(
      description: "354 at the end", turns: [oks, .end, .server("354 go\r\n")],
      log: group + [
        "content", "C: .", "finished: interrupted, in doubt; interrupted, in doubt",
        "failed: unexpected reply: 354 go (at end-of-content)", "close",
      ]),
    Case(
      description: "one reply too many",
      turns: [oks, .end, .server("250 queued\r\n250 again\r\n")],
      log: group + [
        "content", "C: .", "finished: accepted 250; accepted 250",
        "failed: unexpected reply: 250 again (at idle)", "close",
      ]),
    Case(
      description: "LMTP: a reply for each accepted recipient (RFC 2033 §4.2)",
      recipients: ["a@mx.test", "b@mx.test", "c@mx.test"],
      turns: [
        .server("250 ok\r\n250 ok\r\n550 no\r\n250 ok\r\n354 go\r\n"), .end,
        .server("250 yes\r\n452 full\r\n"),
      ],
      log: [mail] + to + [
        "C: RCPT TO:<c@mx.test>", "C: DATA", "content", "C: .",
        "finished: accepted 250; refused 550 at recipient; refused 452 at end-of-content",
      ], dialect: .lmtp),
    Case(
      description: "LMTP: lost between replies",
      turns: [oks, .end, .server("250 yes\r\n"), .event(.closedByPeer)],
      log: group + [
        "content", "C: .", "finished: accepted 250; interrupted, in doubt",
        "failed: the peer closed the connection (at end-of-content)", "close",
      ], dialect: .lmtp),
    Case(
      description: "LMTP: DATA accepted for nobody",
      turns: [.server("250 ok\r\n550 no\r\n550 no\r\n354 go\r\n")],
      log: group + [
        "finished: refused 550 at recipient; refused 550 at recipient",
        "failed: unexpected reply: 354 go (at data)", "close",
      ], dialect: .lmtp),
  ]

  @Test("come to a result for each recipient, however the octets are cut", arguments: cases)
  func comesToResults(item: Case) throws {
    let options = try SessionOptions.test(.plaintext) { $0.dialect = item.dialect }
    let envelope = try OutgoingEnvelope.test(to: item.recipients)
    let opening = ([["mx.test"], item.offers].joined()).enumerated().map {
      "250\($0.offset == item.offers.count ? " " : "-")\($0.element)\r\n"
    }
    let start: [Turn] = [.server("220 mx.test\r\n"), .server(opening.joined()), .begin(envelope)]
    for cut in [{ [$0] }, { $0.map { [$0] } }] as [([UInt8]) -> [[UInt8]]] {
      var dialogue = Dialogue(options)
      dialogue.run(start + item.turns, cut: cut)
      #expect(dialogue.log.dropFirst(2) == item.log[...])
    }
  }

  @Test("send a group in one segment only where that is offered")
  func groups() throws {
    for (offer, uses, count) in [("PIPELINING", true, 1), ("PIPELINING", false, 4), ("X", true, 4)]
    {
      var dialogue = Dialogue(try .test(.plaintext) { $0.usesPipelining = uses })
      dialogue.run(hello(offer))
      dialogue.segments = []
      dialogue.feed(.begin(try .test(to: ["a@mx.test", "b@mx.test"])))
      for _ in 0..<3 { dialogue.feed(.received(Array("250 ok\r\n".utf8))) }
      #expect(dialogue.segments.count == count)
    }
  }

  @Test("follow one another; RSET comes between where one failed")
  func repeats() throws {
    var dialogue = Dialogue(try .test(.plaintext))
    dialogue.run(hello("PIPELINING"))
    dialogue.log = []
    let envelope = try OutgoingEnvelope.test()
    let good = "250 ok\r\n250 ok\r\n354 go\r\n"
    dialogue.run([
      .begin(envelope), .server(good), .end, .server("250 queued\r\n"),
      .begin(envelope), .server("250 ok\r\n550 no\r\n503 no\r\n"),
      .begin(envelope), .server("250 forgotten\r\n" + good), .end, .server("250 queued\r\n"),
    ])
    let group = [Self.mail, Self.to[0], "C: DATA"]
    #expect(
      dialogue.log == group + ["content", "C: .", "finished: accepted 250"] + group
        + ["finished: refused 550 at recipient", "C: RSET"] + group
        + ["content", "C: .", "finished: accepted 250"])
    #expect(dialogue.session.isReady)
  }

  @Test("are not begun after an RSET refused, nor while another runs")
  func endsAtRefusedReset() throws {
    var dialogue = Dialogue(try .test(.plaintext))
    let envelope = try OutgoingEnvelope.test()
    dialogue.run(hello() + [.begin(envelope), .begin(envelope)])
    #expect(dialogue.log.last == "finished: not offered, notReady")
    dialogue.run([.server("250 ok\r\n"), .server("550 no\r\n"), .begin(envelope)])
    #expect(dialogue.log.last == "C: RSET")
    dialogue.run([.server("500 what\r\n")])
    #expect(
      dialogue.log.suffix(3) == [
        "finished: interrupted", "failed: refused: 500 what (at reset)", "close",
      ])
  }

  @Test("are forgotten by RSET")
  func resets() throws {
    var dialogue = Dialogue(try .test(.plaintext))
    dialogue.run(hello() + [.event(.reset), .server("250 ok\r\n"), .event(.reset)])
    #expect(dialogue.log.dropFirst(2) == ["C: RSET", "ready", "C: RSET"])
    dialogue.run([.server("500 what\r\n"), .server("221 bye\r\n")])
    #expect(dialogue.session.failure?.stage == .reset)
    #expect(dialogue.log.last == "close")
  }

  @Test("wait as long as RFC 5321 §4.5.3.2 says")
  func waits() throws {
    var dialogue = Dialogue(try .test(.plaintext))
    dialogue.run(hello("PIPELINING") + [.begin(try .test())])
    let script: [(ClientSession.Event?, Stage?, Duration?)] = [
      (nil, .mail, .seconds(300)),
      (.received(Array("250 ok\r\n".utf8)), .recipient, .seconds(300)),
      (.received(Array("250 ok\r\n".utf8)), .data, .seconds(120)),
      (.received(Array("354 go\r\n".utf8)), nil, nil),
      (.endOfContent, .endOfContent, .seconds(600)),
    ]
    for (event, stage, duration) in script {
      if let event { dialogue.feed(event) }
      #expect(dialogue.session.wait == stage)
      #expect(dialogue.session.timeout == duration)
    }
    #expect(SessionTimeouts()[.content] == .seconds(180))
    #expect(SessionTimeouts()[.idle] == nil)
    let all = SessionTimeouts(all: .seconds(1))
    for stage in Stage.allCases where stage != .idle { #expect(all[stage] == .seconds(1)) }
  }

  @Test("grow no slower with their recipients than in proportion")
  func scales() throws {
    let recipients = (0..<20_000).map { "r\($0)@mx.test" }
    var dialogue = Dialogue(try .test(.plaintext))
    dialogue.run(hello("PIPELINING") + [.begin(try .test(to: recipients))])
    let replies = String(repeating: "250 ok\r\n", count: recipients.count + 1) + "354 go\r\n"
    dialogue.run([.server(replies), .end, .server("250 queued\r\n")])
    #expect(dialogue.session.isReady)
    #expect(dialogue.log.last?.hasPrefix("finished: accepted 250; ") == true)
  }
}
