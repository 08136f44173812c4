import Mail
import Testing
import Wire

@Suite("reverse path, RFC 5321 §4.1.2")
struct ReversePathTests {
  @Test(
    arguments: [
      ("<>", "<>"),
      (" <> ", "<>"),
      ("<user@example.com>", "<user@example.com>"),
      ("user@example.com", "<user@example.com>"),
      ("\r\n <User@EXAMPLE.com>", "<User@example.com>"),
      ("<\"john doe\"@example.com>", "<\"john doe\"@example.com>"),
      ("<\"joe\\,smith\"@example.com>", "<\"joe,smith\"@example.com>"),
      ("<\"user\"@example.com>", "<user@example.com>"),  // the least quoting
      ("<@a.example,@b.example:user@example.com>", "<user@example.com>"),
      ("<user@[192.0.2.1]>", "<user@[192.0.2.1]>"),
      ("<user@[IPv6:2001:db8::1]>", "<user@[IPv6:2001:db8::1]>"),
      ("<用户@bücher.example>", "<用户@xn--bcher-kva.example>"),  // RFC 6531 §3.3
      ("<bounce+a=b.example@example.com>", "<bounce+a=b.example@example.com>"),
      ("<=?utf-8?q?a?=@example.com>", "<=?utf-8?q?a?=@example.com>"),  // SMTP has no encoded words
    ] as [(String, String)])
  func accepts(text: String, expected: String) throws {
    #expect(try ReversePath(parsing: text).description == expected)
  }

  @Test(
    arguments: [
      ("", SyntaxError.Reason.missing("path"), 0),
      ("user", .missing("domain"), 4),
      ("<user>", .unexpectedByte, 5),
      ("<user@example.com", .unexpectedEnd, 17),
      ("user@example.com>", .leftover, 16),
      ("<user@example.com> x", .leftover, 19),
      ("<<user@example.com>>", .unexpectedByte, 1),
      ("Joe <user@example.com>", .unexpectedByte, 3),
      ("< user@example.com>", .unexpectedByte, 1),
      ("<user @example.com>", .unexpectedByte, 5),
      ("<user@ example.com>", .missing("domain name"), 6),
      ("<user@exa mple.com>", .unexpectedByte, 9),
      ("<us(c)er@example.com>", .unexpectedByte, 3),
      ("<user@example.com.>", .missing("label"), 18),
      ("<user@example..com>", .missing("label"), 14),
      ("<.user@example.com>", .unexpectedByte, 1),
      ("<us..er@example.com>", .badValue("local part"), 1),
      ("<\"a\".b@example.com>", .unexpectedByte, 4),
      ("<\"a\tb\"@example.com>", .badValue("local part"), 1),
      ("<\"a\r\n b\"@example.com>", .badValue("local part"), 1),
      ("<us\0er@example.com>", .unexpectedByte, 3),
      ("<user@[1.2.3.4>", .unexpectedEnd, 15),
      ("<user@[]>", .unexpectedByte, 7),
      ("<@a.example:>", .unexpectedByte, 12),
      ("<@a.example user@example.com>", .unexpectedByte, 11),
      ("@a.example:user@example.com", .unexpectedByte, 0),
      ("<@a..example:user@example.com>", .missing("label"), 4),
      ("<user@a,user@b>", .unexpectedByte, 7),
    ] as [(String, SyntaxError.Reason, Int)])
  func rejects(text: String, reason: SyntaxError.Reason, offset: Int) {
    #expect(throws: SyntaxError(reason, at: offset)) { try ReversePath(parsing: text) }
  }

  @Test func rejectsWhatIsNotUTF8() {
    #expect(throws: SyntaxError(.badValue("UTF-8"), at: 1)) {
      try ReversePath(parsing: [0x3C, 0xFF, 0x40, 0x61, 0x3E])
    }
  }
}

@Suite("addr-spec, RFC 5321 §4.1.2")
struct AddrSpecTests {
  private let domain = MailDomain.literal("192.0.2.1")

  @Test(
    arguments: [
      ("jdoe", "jdoe@[192.0.2.1]"),
      ("j.doe", "j.doe@[192.0.2.1]"),
      ("", "\"\"@[192.0.2.1]"),
      (".a", "\".a\"@[192.0.2.1]"),
      ("a..b", "\"a..b\"@[192.0.2.1]"),
      ("a b", "\"a b\"@[192.0.2.1]"),
      ("a\"b\\", "\"a\\\"b\\\\\"@[192.0.2.1]"),
      ("a@b>,", "\"a@b>,\"@[192.0.2.1]"),
      ("jörg", "jörg@[192.0.2.1]"),
    ] as [(String, String)])
  func printsWhatItReads(localPart: String, expected: String) throws {
    let address = try AddrSpec(localPart: Array(localPart.utf8), domain: domain)
    #expect(address.description == expected)
    #expect(try ReversePath(parsing: expected) == .mailbox(address))
    #expect(try Mailbox(parsing: Array(expected.utf8)).address == address)
  }

  @Test(arguments: ["a\0", "a\r\nb", "a\n", "a\t", "\u{7F}"])
  func refusesControlOctets(localPart: String) {
    #expect(throws: SyntaxError.self) {
      try AddrSpec(localPart: Array(localPart.utf8), domain: domain)
    }
  }

  @Test func refusesWhatIsNotUTF8() {
    #expect(throws: SyntaxError(.badValue("UTF-8"), at: 1)) {
      try AddrSpec(localPart: [0x61, 0xFF], domain: domain)
    }
  }

  @Test(arguments: [
    "g: a@b.example;", "a@b.example,", ",a@b.example", "a@b.example,c@d.example", "", "(c)",
  ])
  func oneMailboxIsNoList(value: String) {
    #expect(throws: SyntaxError.self) { try Mailbox(parsing: Array(value.utf8)) }
  }
}
