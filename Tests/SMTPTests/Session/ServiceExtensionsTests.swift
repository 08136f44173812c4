import SMTP
import Testing

@Suite("What a server offers, RFC 5321 §4.1.1.1")
struct ServiceExtensionsTests {
  private func offered(_ lines: [String]) throws -> ServiceExtensions {
    let reply = try #require(SMTPReply(code: 250, lines: lines.map { Array($0.utf8) }))
    return ServiceExtensions(reply: reply)
  }

  static let keywords: [(String, ServiceExtensions.Extension)] = [
    ("8BITMIME", .eightBitMIME), ("smtputf8", .smtpUTF8), ("SIZE", .size),
    ("PIPELINING", .pipelining), ("CHUNKING", .chunking), ("BINARYMIME", .binaryMIME),
    ("DSN", .dsn), ("ENHANCEDSTATUSCODES", .enhancedStatusCodes), ("StartTLS", .startTLS),
    ("AUTH PLAIN", .auth), ("AUTH=PLAIN", .auth), ("REQUIRETLS", .requireTLS),
    ("DELIVERBY 240", .deliverBy),
  ]

  @Test("is known by its keyword, in any case", arguments: keywords)
  func knows(line: String, expected: ServiceExtensions.Extension) throws {
    let extensions = try offered(["mx.test", line])
    for known in ServiceExtensions.Extension.allCases {
      #expect(extensions.contains(known) == (known == expected))
    }
    // The first line names the server, and offers nothing.
    #expect(try offered([line]) == .none)
  }

  @Test(
    "is not read out of what breaks the grammar",
    arguments: [
      "", " STARTTLS", "-STARTTLS", "STARTTLS\t", "STARTTLS:", "START TLS", "STARTTLS \u{1}", "ä",
      "SIZE=10", "STARTTLSX", "XSTARTTLS",
    ])
  func ignores(line: String) throws {
    let extensions = try offered(["mx.test", line])
    #expect(!ServiceExtensions.Extension.allCases.contains { extensions.contains($0) })
  }

  static let sizes: [(String, UInt64?)] = [
    ("SIZE 52428800", 52_428_800), ("SIZE 1", 1), ("SIZE", nil), ("SIZE 0", nil),
    ("SIZE x", nil), ("SIZE -1", nil), ("SIZE +1", nil), ("SIZE 18446744073709551615", .max),
    ("SIZE 18446744073709551616", nil), ("SIZE 99999999999999999999", nil),
  ]

  @Test("limits sizes (RFC 1870 §4)", arguments: sizes)
  func readsSize(line: String, limit: UInt64?) throws {
    #expect(try offered(["mx.test", line]).sizeLimit == limit)
  }

  @Test("tells mechanisms in both forms")
  func readsMechanisms() throws {
    let extensions = try offered(["mx.test", "AUTH plain CRAM-MD5", "AUTH=LOGIN PLAIN"])
    #expect(extensions.authenticationMechanisms == ["PLAIN", "CRAM-MD5", "LOGIN"])
  }

  @Test("is kept in its order, known or not")
  func keeps() throws {
    let extensions = try offered(["mx.test", "X-NEW a b", "SIZE 1", "HELP"])
    #expect(extensions.lines.map(\.keyword) == ["X-NEW", "SIZE", "HELP"])
    #expect(extensions.lines.map(\.parameters) == [["a", "b"], ["1"], []])
  }
}
