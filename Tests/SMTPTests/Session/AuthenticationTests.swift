import SMTP
import Testing
import Transport
import Wire

@Suite("AUTH, RFC 4954 and RFC 4616")
struct AuthenticationTests {
  private func log(
    _ mechanisms: String, _ turns: [Turn], user: String = "test", password: String = "1234",
    isProven: Bool = true, _ rule: SessionOptions.PasswordRule = .toAuthenticatedPeer
  ) throws -> [String] {
    try dialogue(mechanisms, turns, user, password, isProven, rule).log.suffix(from: 5).map(\.self)
  }

  private func dialogue(
    _ mechanisms: String, _ turns: [Turn], _ user: String, _ password: String, _ isProven: Bool,
    _ rule: SessionOptions.PasswordRule
  ) throws -> Dialogue {
    var dialogue = Dialogue(
      try .test(isProven ? .webPKI : .encrypted) { $0.passwords = rule })
    dialogue.run(
      hello("STARTTLS") + [
        .server("220 go\r\n"), isProven ? .proven : .unproven,
        .server("250-mx.test\r\n250 AUTH \(mechanisms)\r\n"),
        .event(.authenticate(try SASLCredentials(user: user, password: password))),
      ] + turns)
    return dialogue
  }

  // "\0test\01234" in base 64.
  private let plain = "C: AUTH PLAIN AHRlc3QAMTIzNA=="

  @Test("by PLAIN, in one command")
  func plainInOne() throws {
    #expect(
      try log("LOGIN PLAIN", [.server("235 2.7.0 welcome\r\n")]) == [plain, "authenticated 235"])
    #expect(
      try log("PLAIN", [.server("535 5.7.8 no\r\n")]) == [plain, "authentication refused 535"])
    #expect(
      try log("PLAIN", [.server("454 later\r\n")]) == [plain, "authentication refused 454"])
  }

  @Test("by PLAIN, in two lines where one would be too long (§4)")
  func plainInTwo() throws {
    // "AUTH PLAIN " and 4/3 of the message: 510 octets are the most.
    for (length, isInOne) in [(118, true), (255, false)] {
      let long = String(repeating: "x", count: length)
      let log = try log(
        "PLAIN", [.server("334 \r\n"), .server("235 ok\r\n")], user: long, password: long)
      #expect((log.first == "C: AUTH PLAIN") == !isInOne)
      if !isInOne {
        #expect(log.count == 3)
        #expect(log.last == "authenticated 235")
      }
    }
  }

  @Test("by LOGIN")
  func login() throws {
    let turns: [Turn] = [
      .server("334 VXNlcm5hbWU6\r\n"), .server("334 UGFzc3dvcmQ6\r\n"), .server("235 ok\r\n"),
    ]
    #expect(
      try log("LOGIN", turns) == [
        "C: AUTH LOGIN", "C: dGVzdA==", "C: MTIzNA==", "authenticated 235",
      ])
  }

  @Test("is given up where a server asks for more than there is")
  func cancels() throws {
    #expect(
      try log("PLAIN", [.server("334 more\r\n"), .server("501 ok\r\n")])
        == [plain, "C: *", "authentication refused 501"])
    // Nobody is authenticated by an exchange given up.
    #expect(
      try log("PLAIN", [.server("334 more\r\n"), .server("235 ok\r\n")]) == [
        plain, "C: *", "authentication interrupted",
        "failed: unexpected reply: 235 ok (at authentication)", "close",
      ])
    #expect(
      try log("PLAIN", [.server("334 more\r\n"), .server("334 more\r\n")]).suffix(2) == [
        "failed: unexpected reply: 334 more (at authentication)", "close",
      ])
    #expect(
      try log("PLAIN", [.server("354 go\r\n")]).suffix(2) == [
        "failed: unexpected reply: 354 go (at authentication)", "close",
      ])
    #expect(
      try log("PLAIN", [.event(.timedOut)]) == [
        plain, "authentication interrupted", "failed: timed out (at authentication)", "close",
      ])
  }

  @Test("is not tried with mechanisms unknown")
  func unknown() throws {
    #expect(try log("CRAM-MD5 GSSAPI", []) == [#"no mechanism among ["CRAM-MD5", "GSSAPI"]"#])
  }

  @Test("sends no password that is not protected as demanded")
  func protects() throws {
    #expect(try log("PLAIN", [], isProven: false) == ["password not sent"])
    #expect(try log("PLAIN", [], isProven: false, .encrypted) == [plain])
    var dialogue = Dialogue(try .test(.opportunistic) { $0.passwords = .encrypted })
    let credentials = try SASLCredentials(user: "test", password: "1234")
    dialogue.run(hello("AUTH PLAIN") + [.event(.authenticate(credentials))])
    #expect(dialogue.log.last == "password not sent")
    var careless = Dialogue(try .test(.opportunistic) { $0.passwords = .anywhere })
    careless.run(hello("AUTH PLAIN") + [.event(.authenticate(credentials))])
    #expect(careless.log.last == plain)
  }

  @Test("succeeds once in a session (§4)")
  func once() throws {
    let credentials = try SASLCredentials(user: "test", password: "1234")
    let log = try log(
      "PLAIN", [.server("235 ok\r\n"), .event(.authenticate(credentials))])
    #expect(log.last == "not ready")
  }

  @Test("leaves no secret in transcripts or prints")
  func redacts() throws {
    for mechanism in ["PLAIN", "LOGIN"] {
      let dialogue = try dialogue(
        mechanism, [.server("334 x\r\n"), .server("334 x\r\n"), .server("235 ok\r\n")],
        "test", "1234", true, .toAuthenticatedPeer)
      let text = dialogue.session.transcript.entries.map(\.text).joined(separator: "\n")
      for secret in ["1234", "MTIzNA==", "AHRlc3QAMTIzNA==", "dGVzdA=="] {
        #expect(!text.contains(secret), "\(mechanism)")
      }
      #expect(text.contains("AUTH \(mechanism) (secret)"))
    }
    let credentials = try SASLCredentials(user: "test", password: "1234")
    var dumped = ""
    dump(credentials, to: &dumped)
    for text in ["\(credentials)", String(reflecting: credentials), dumped] {
      #expect(!text.contains("1234") && !text.contains("test"))
    }
  }

  @Test(
    "refuses credentials that cannot be sent",
    arguments: [
      ("", "x"), ("x", ""), ("a\0b", "x"), ("x", "a\0b"), (String(repeating: "x", count: 256), "x"),
    ])
  func refuses(user: String, password: String) {
    #expect(throws: SyntaxError.self) { try SASLCredentials(user: user, password: password) }
  }
}

@Suite("Transcripts")
struct TranscriptTests {
  @Test("tell who said what, and what came by TLS")
  func tells() throws {
    var dialogue = Dialogue(try .test(.encrypted))
    dialogue.run(
      hello("STARTTLS") + [.server("220 go\r\n"), .unproven, .server("250-x\r\n250 y\r\n")])
    let entries = dialogue.session.transcript.entries
    #expect(
      entries.map(\.text) == [
        "220 mx.test", "EHLO client.test", "250-mx.test", "250 STARTTLS", "STARTTLS", "220 go",
        "TLS established", "EHLO client.test", "250-x", "250 y",
      ])
    #expect(entries.map(\.isEncrypted).firstIndex(of: true) == 6)
    #expect(entries.filter { $0.speaker == .client }.count == 3)
    #expect(!dialogue.session.transcript.isTruncated)
  }

  @Test("are bounded, and hold no message")
  func bounds() throws {
    var dialogue = Dialogue(try .test(.plaintext) { $0.transcriptLimit = 200 })
    dialogue.run(
      hello() + [
        .begin(try .test()), .server("250 ok\r\n"), .server("250 ok\r\n"), .server("354 go\r\n"),
        .content("secret\r\n"), .end,
      ])
    let transcript = dialogue.session.transcript
    #expect(transcript.isTruncated)
    #expect(transcript.entries.reduce(0) { $0 + $1.text.utf8.count } <= 200)
    #expect(!transcript.entries.contains { $0.text.contains("secret") })
  }
}
