import Mail
import Testing
import Wire

@Suite("MIME structure, RFC 2046 §5.1")
struct MIMEPartTests {
  private static func part(_ type: String, _ body: String) -> (MIMEPart, [UInt8]) {
    let header = MessageHeader(octets: Array("Content-Type: \(type)\r\n".utf8))
    let octets = Array(body.utf8)
    return (MIMEPart(header, body: octets), octets)
  }

  private static func texts(_ type: String, _ body: String) -> [String] {
    let (message, octets) = part(type, body)
    return message.parts.map { String(decoding: octets[$0.bodyRange], as: UTF8.self) }
  }

  @Test(arguments: [
    ("--b\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--\r\n", ["one", "two"]),
    // A preamble and an epilogue are no parts.
    ("before\r\n--b\r\n\r\none\r\n--b--\r\nafter\r\n--b\r\n\r\nno\r\n", ["one"]),
    // Blanks behind the boundary; the line end before a delimiter belongs to it, others do not.
    ("--b \t\r\n\r\none\r\n\r\n--b--", ["one\r\n"]),
    // No closing delimiter: all that is left.
    ("--b\r\n\r\none\r\n", ["one\r\n"]),
    // A longer line that begins like the delimiter is none.
    ("--b\r\n\r\none\r\n--bc\r\ntwo\r\n--b--\r\n", ["one\r\n--bc\r\ntwo"]),
    // Empty parts, with and without their own empty line.
    ("--b\r\n--b\r\n\r\n--b--\r\n", ["", ""]),
    // A header without an end.
    ("--b\r\nX: y\r\n--b--\r\n", [""]),
    ("", []), ("--b", [""]), ("--b--", []),
  ])
  func parts(body: String, expected: [String]) {
    #expect(Self.texts("multipart/mixed; boundary=b", body) == expected)
  }

  @Test(arguments: [
    "text/plain; boundary=b", "multipart/mixed", "multipart/mixed; boundary=\"\"", "multipart",
  ])
  func isOnePart(type: String) {
    let (message, octets) = Self.part(type, "--b\r\n\r\none\r\n--b--\r\n")
    #expect(message.parts.isEmpty)
    #expect(message.leaves.map(\.bodyRange) == [0..<octets.count])
  }

  @Test func readsHeadersOfParts() {
    let (message, octets) = Self.part(
      "multipart/alternative; boundary=\"a b\"",
      "--a b\r\nContent-Type: TEXT/Html\r\nContent-Transfer-Encoding: BASE64\r\n\r\nPGI+\r\n--a b--"
    )
    #expect(message.parts.count == 1)
    #expect(message.parts.first?.contentType.subtype == "html")
    #expect(message.parts.first?.transferEncoding == .base64)
    #expect(message.parts.first.map { octets[$0.headerRange].text.hasSuffix("BASE64\r\n") } == true)
    #expect(message.delimiters.count == 2)
  }

  /// Both sides of the depth, and the number of parts.
  @Test func isBounded() {
    let levels = MIMEPart.maximumDepth + 2
    var body = ""
    for level in 1..<levels {
      body += "--b\(level)\r\nContent-Type: multipart/mixed; boundary=b\(level + 1)\r\n\r\n"
    }
    var (part, _) = Self.part("multipart/mixed; boundary=b1", body)
    var depth = 0
    while let next = part.parts.first {
      part = next
      depth += 1
    }
    #expect(depth == MIMEPart.maximumDepth)
    for count in [MIMEPart.maximumParts, MIMEPart.maximumParts + 1] {
      let many = String(repeating: "--b\r\n\r\nx\r\n", count: count)
      let (message, _) = Self.part("multipart/mixed; boundary=b", many)
      #expect(message.parts.count == MIMEPart.maximumParts)
    }
  }
}

@Suite("Content-Type, RFC 2045 §5.1")
struct ContentTypeTests {
  @Test(
    arguments: [
      ("text/plain", "text", "plain", [:]),
      (" TEXT/Plain ; Charset=UTF-8", "text", "plain", ["charset": "UTF-8"]),
      ("text/plain;\r\n charset=\"utf-8\";", "text", "plain", ["charset": "utf-8"]),
      ("multipart/mixed; boundary=\"a\\\"b\"", "multipart", "mixed", ["boundary": "a\"b"]),
      ("multipart/mixed; boundary=a/b=c?", "multipart", "mixed", ["boundary": "a/b=c?"]),
      ("text/plain;; format=flowed", "text", "plain", ["format": "flowed"]),
    ] as [(String, String, String, [String: String])])
  func accepts(value: String, type: String, subtype: String, parameters: [String: String]) throws {
    let parsed = try ContentType(parsing: Array(value.utf8))
    #expect(parsed.type == type && parsed.subtype == subtype)
    #expect(
      Dictionary(uniqueKeysWithValues: parsed.parameters.map { ($0.name, $0.value.text) })
        == parameters)
  }

  @Test(arguments: [
    ("", SyntaxError.Reason.unexpectedByte, 0), ("text", .unexpectedByte, 4),
    ("text/", .unexpectedByte, 5), ("text/plain charset=x", .leftover, 11),
    ("text/plain; charset", .unexpectedByte, 19), ("text/plain; charset=", .unexpectedByte, 20),
    ("text/plain; charset=\"x", .unexpectedEnd, 22), ("text/plain (comment)", .leftover, 11),
  ])
  func rejects(value: String, reason: SyntaxError.Reason, offset: Int) {
    #expect(throws: SyntaxError(reason, at: offset)) {
      try ContentType(parsing: Array(value.utf8))
    }
  }

  @Test func boundsParameters() throws {
    let most = String(repeating: "; a=b", count: ContentType.maximumParameters)
    #expect(
      try ContentType(parsing: Array("text/plain\(most)".utf8)).parameters.count
        == ContentType.maximumParameters)
    #expect(throws: SyntaxError.self) {
      try ContentType(parsing: Array("text/plain\(most); a=b".utf8))
    }
  }
}
