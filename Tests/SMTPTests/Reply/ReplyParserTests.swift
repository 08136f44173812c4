import SMTP
import Testing

@Suite("Replies, RFC 5321 §4.2")
struct ReplyParserTests {
  /// Every reply that `text` holds, given in these pieces.
  private func read(
    _ pieces: [[UInt8]], _ limits: ReplyLimits = ReplyLimits()
  ) throws(ReplyFault) -> [SMTPReply] {
    var parser = ReplyParser(limits: limits)
    var replies: [SMTPReply] = []
    for piece in pieces {
      parser.append(piece)
      while let reply = try parser.next() { replies.append(reply) }
    }
    return replies
  }

  static let readable: [(String, [(UInt16, [String])])] = [
    ("220 mx.example.com ESMTP\r\n", [(220, ["mx.example.com ESMTP"])]),
    // §4.2: a code alone, with and without its blank.
    ("250\r\n", [(250, [""])]),
    ("250 \r\n", [(250, [""])]),
    ("250-a\r\n250-\r\n250 c\r\n", [(250, ["a", "", "c"])]),
    ("250-a\r\n250\r\n", [(250, ["a", ""])]),
    // RFC 2920 §3.1: several replies in one segment.
    ("250 a\r\n550-b\r\n550 c\r\n354 d\r\n", [(250, ["a"]), (550, ["b", "c"]), (354, ["d"])]),
    // A second digit that the grammar does not know.
    ("299 x\r\n", [(299, ["x"])]),
    ("599 x\r\n", [(599, ["x"])]),
    // RFC 6531 §3.7.4.2: UTF-8 in the text.
    ("250 grüß dich\r\n", [(250, ["grüß dich"])]),
    ("250 a\tb\r\n", [(250, ["a\tb"])]),
    ("", []),
    ("250-a\r\n", []),
    ("250 a\r", []),
  ]

  @Test("is read whole, octet by octet and in every split", arguments: readable)
  func reads(text: String, expected: [(UInt16, [String])]) throws {
    let octets = Array(text.utf8)
    var cuttings = [[octets], octets.map { [$0] }]
    for place in octets.indices {
      cuttings.append([Array(octets[..<place]), Array(octets[place...])])
    }
    for pieces in cuttings {
      let replies = try read(pieces)
      #expect(replies.map(\.code) == expected.map(\.0))
      #expect(
        replies.map(\.lines) == expected.map { $0.1.map { Array($0.utf8) } }, "\(pieces.count)")
    }
  }

  static let unreadable: [(String, ReplyFault)] = [
    ("hello\r\n", .badCode),
    ("\r\n", .badCode),
    ("25\r\n", .badCode),
    ("2x0 a\r\n", .badCode),
    // §4.2: the first digit is 2 to 5.
    ("150 a\r\n", .badCode),
    ("650 a\r\n", .badCode),
    (" 250 a\r\n", .badCode),
    ("2500 a\r\n", .badSeparator),
    ("250:a\r\n", .badSeparator),
    ("250-a\r\n550 b\r\n", .codeChanged),
    // §2.3.8: only CRLF ends a line.
    ("250 a\n", .bareLineFeed),
    ("250 a\n250 b\r\n", .bareLineFeed),
    ("\n", .bareLineFeed),
    ("250 a\rb\r\n", .bareCarriageReturn),
    ("250 a\r\r\n", .bareCarriageReturn),
    ("250 a\0\r\n", .nul),
    // TLS where SMTP should be.
    ("\u{16}\u{3}\u{3}", .badCode),
  ]

  @Test("is refused as soon as it cannot be a reply", arguments: unreadable)
  func refuses(text: String, fault: ReplyFault) {
    let octets = Array(text.utf8)
    #expect(throws: fault) { try read([octets]) }
    #expect(throws: fault) { try read(octets.map { [$0] }) }
    #expect(!fault.description.isEmpty)
  }

  @Test("of a line at its bound is read, beyond it refused", arguments: [512, 2048])
  func boundsLines(bound: Int) throws {
    var limits = ReplyLimits()
    limits.lineOctets = bound
    let text = { (count: Int) in Array("250 \(String(repeating: "x", count: count - 6))\r\n".utf8) }
    #expect(try read([text(bound)], limits).count == 1)
    #expect(throws: ReplyFault.lineTooLong) { try read([text(bound + 1)], limits) }
    #expect(throws: ReplyFault.lineTooLong) { try read(text(bound + 1).map { [$0] }, limits) }
    // Nobody waits for the end of a line that is too long already.
    #expect(throws: ReplyFault.lineTooLong) {
      try read([Array(text(bound + 1).dropLast(2))], limits)
    }
  }

  @Test("of lines at their bound is read, beyond it refused")
  func boundsLineCount() throws {
    var limits = ReplyLimits()
    limits.lines = 3
    #expect(try read([Array("250-\r\n250-\r\n250 \r\n".utf8)], limits).count == 1)
    #expect(throws: ReplyFault.tooManyLines) {
      try read([Array("250-\r\n250-\r\n250-\r\n250 \r\n".utf8)], limits)
    }
  }

  @Test("of octets at their bound is read, beyond it refused")
  func boundsOctets() throws {
    var limits = ReplyLimits()
    limits.octets = 16
    #expect(try read([Array("250-a\r\n250 bcd\r\n".utf8)], limits).count == 1)
    #expect(throws: ReplyFault.tooLong) { try read([Array("250-a\r\n250 bcde\r\n".utf8)], limits) }
    // Each reply has the bound for itself.
    #expect(try read([Array("250 abcdefgh\r\n250 abcdefgh\r\n".utf8)], limits).count == 2)
  }

  @Test("tells whether octets are left over")
  func holds() throws {
    var parser = ReplyParser()
    #expect(!parser.holdsOctets)
    parser.append(Array("220 go\r\n".utf8))
    #expect(parser.holdsOctets)
    #expect(try parser.next() != nil)
    #expect(!parser.holdsOctets)
    parser.append(Array("220 go\r\n2".utf8))
    #expect(try parser.next() != nil)
    #expect(parser.holdsOctets)
    #expect(try parser.next() == nil)
    #expect(parser.holdsOctets)
  }

  @Test("is printed on one line, without tricks on a terminal")
  func prints() throws {
    let reply = try #require(SMTPReply(code: 550, lines: [Array("a\u{1B}[31m".utf8), [0xFF], []]))
    #expect(reply.description == "550 a\\x1B[31m / \u{FFFD}")
    #expect(SMTPReply(code: 250, "")?.description == "250")
    #expect(SMTPReply(code: 250, "a\r\nb")?.lines == [Array("ab".utf8)])
    #expect(SMTPReply(code: 199, "x") == nil)
    #expect(SMTPReply(code: 600, "x") == nil)
    #expect(SMTPReply(code: 250, lines: [])?.lines == [[]])
  }
}

@Suite("Enhanced status codes, RFC 2034 and RFC 3463")
struct EnhancedStatusCodeTests {
  static let replies: [(UInt16, String, String?)] = [
    (250, "2.1.0 ok", "2.1.0"),
    (250, "2.1.0", "2.1.0"),
    (550, "5.7.30 REQUIRETLS support required", "5.7.30"),
    (550, "5.999.999 x", "5.999.999"),
    (451, "4.0.0 x", "4.0.0"),
    // The class must be the reply's.
    (550, "4.1.1 x", nil),
    (250, "5.1.1 x", nil),
    (354, "3.0.0 x", nil),
    // §2: at most three digits, no leading zeros.
    (550, "5.1.1000 x", nil),
    (550, "5.01.1 x", nil),
    (550, "5.1 x", nil),
    (550, "5.1.1x", nil),
    (550, "x 5.1.1", nil),
    (550, "", nil),
  ]

  @Test(arguments: replies)
  func reads(code: UInt16, text: String, expected: String?) throws {
    let reply = try #require(SMTPReply(code: code, text))
    #expect(reply.enhancedStatus?.description == expected)
  }
}
