import Authentication
import MailTesting
import Testing
import Wire

@Suite("Authentication-Results, writing, RFC 8601 §2.2")
struct AuthenticationResultsPrintingTests {
  private func field(_ value: String) -> AuthenticationResults {
    AuthenticationResults(
      authservID: "mx.example",
      results: [
        MethodResult(
          method: "spf", result: "pass",
          properties: [.init(type: "smtp", name: "mailfrom", value: value)])
      ])
  }

  @Test(
    arguments: [
      ("example.net", "example.net"),
      ("user@example.net", "user@example.net"),  // §2.2: an address keeps its form
      ("@example.net", "@example.net"),
      ("\"john doe\"@example.net", "\"john doe\"@example.net"),
      ("User@Example.NET", "User@Example.NET"),
      ("", "\"\""),
      ("a b", "\"a b\""),
      ("a\"b\\c", "\"a\\\"b\\\\c\""),
      ("2001:db8::1", "\"2001:db8::1\""),
      ("abc/def+=", "\"abc/def+=\""),
      ("example.net(.example.com", "\"example.net(.example.com\""),  // CVE-2020-12272
      ("example.net; dkim=pass", "\"example.net; dkim=pass\""),
      ("user@example.net; dkim=pass", "\"user@example.net; dkim=pass\""),
      ("user@example.net (", "\"user@example.net (\""),
      ("<user@example.net>", "\"<user@example.net>\""),
      (" user@example.net", "\" user@example.net\""),
      ("user@[192.0.2.1]", "\"user@[192.0.2.1]\""),  // no domain-name
      ("\"john\"@example.net", "\"\\\"john\\\"@example.net\""),  // more quotes than needed
      ("@example.net.", "\"@example.net.\""),
      ("a\r\nX: y", "\"a??X: y\""),
      ("a\0\t\u{7F}b", "\"a???b\""),
      ("jörg@example.net", "\"j?rg@example.net\""),
    ] as [(String, String)])
  func quotesWhatIsNoToken(value: String, expected: String) throws {
    let text = field(value).fieldValue(folded: false)
    #expect(text == "mx.example; spf=pass smtp.mailfrom=\(expected)")
  }

  @Test(
    arguments: [
      ("jörg@example.net", "jörg@example.net"),
      ("jörg", "\"jörg\""),
      ("a\u{85}b\u{202E}c\u{2028}d", "\"a?b?c?d\""),  // not even then
      ("a\u{202E}@example.net", "\"a?@example.net\""),
    ] as [(String, String)])
  func writesUTF8WhereAllowed(value: String, expected: String) {
    let text = field(value).fieldValue(folded: false, allowingUTF8: true)
    #expect(text == "mx.example; spf=pass smtp.mailfrom=\(expected)")
  }

  /// Every part of the field in turn holds each of these.
  @Test(arguments: [
    "example.net(.example.com", ")", "\\", "\"", "\\\"", "a\\", "; dkim=pass header.d=bank.example",
    "\r\nAuthentication-Results: mx.example; dmarc=pass", "\n", "\r", "\0", "\u{85}", "\u{2028}",
    "\r\n\r\nbody", "=?utf-8?q?=0d=0a?=", "é", "\u{202E}", "", " ", "  a  b  ", "-", "a-", "1",
    "none", "reason=x", "(", "(()", "x (y) z", "a=b", "a/2", ".", "a.b", ",", "<>", "@", "@@",
    String(repeating: "a", count: 5000), String(repeating: "\"", count: 5000),
    String(repeating: "a ", count: 5000), String(repeating: " ", count: 5000),
    String(repeating: "é", count: 5000), String(repeating: "a", count: 5000) + "@example.net",
  ])
  func cannotBeInjected(_ text: String) throws {
    let written = AuthenticationResults(
      authservID: text,
      results: [
        MethodResult(
          method: text, version: 1, result: text, reason: text, comment: text,
          properties: [.init(type: text, name: text, value: text, comment: text)])
      ])
    for allowingUTF8 in [false, true] {
      let value = written.fieldValue(allowingUTF8: allowingUTF8)
      let lines = try unfolded("Authentication-Results: " + value)
      #expect(lines.allSatisfy { $0.utf8.count <= 998 })
      #expect(lines.dropFirst().allSatisfy { !$0.allSatisfy { $0 == " " } })
      let read = try AuthenticationResults(parsing: Array(value.utf8))
      #expect(read.results.count == 1)
      #expect(read.results.first?.properties.count == 1)
      let reason = try #require(read.results.first?.reason)
      let isPlain = text.utf8.allSatisfy { (0x20..<0x7F).contains($0) } && text.utf8.count < 400
      if isPlain { #expect(reason == text) }
      #expect(value.utf8.allSatisfy { $0 < 0x80 } || allowingUTF8)
      #expect(try AuthenticationResults(parsing: Array(oneLine(lines).utf8)) == read)
      // A value that was cut may need quotes no more: the next text differs, not what it says.
      let again = read.fieldValue(allowingUTF8: allowingUTF8)
      #expect(try AuthenticationResults(parsing: Array(again.utf8)) == read)
    }
  }

  /// The lines of a field, each fold checked: CRLF and a blank, no other control octet.
  private func unfolded(_ field: String) throws -> [String] {
    let lines = field.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      if index > 0 { #expect(line.first == 0x20) }
      #expect((line.last == 0x0D) == (index < lines.count - 1))
      #expect(line.dropLast(index < lines.count - 1 ? 1 : 0).allSatisfy { $0 >= 0x20 })
    }
    return lines.map { String(decoding: $0.filter { $0 != 0x0D }, as: UTF8.self) }
  }

  private func oneLine(_ lines: [String]) -> String {
    String(lines.joined().dropFirst("Authentication-Results: ".count))
  }

  @Test func foldsAtSeventyEightOctets() throws {
    let written = AuthenticationResults(
      authservID: "mx.example",
      results: [
        MethodResult(
          method: "dkim", result: "fail", reason: String(repeating: "bad signature ", count: 20),
          comment: "a comment that is a little longer than most comments are",
          properties: [
            .init(type: "header", name: "d", value: "example.com"),
            .init(type: "header", name: "i", value: "@mail.example.com"),
            .init(type: "header", name: "b", value: "abcdefgh"),
          ]), MethodResult(method: "spf", result: "none"),
      ])
    let value = written.fieldValue()
    let lines = try unfolded("Authentication-Results: " + value)
    #expect(lines.count == 9)
    #expect(lines.allSatisfy { $0.utf8.count <= 78 })
    #expect(lines.first == "Authentication-Results: mx.example;")
    #expect(lines.last == " spf=none")
    #expect(try AuthenticationResults(parsing: Array(value.utf8)) == written)
    #expect(!written.fieldValue(folded: false).contains("\r"))
  }

  @Test func writesNone() throws {
    let written = AuthenticationResults(authservID: "mx.example", version: 1)
    #expect(written.fieldValue(folded: false) == "mx.example 1; none")
    #expect(written.fieldValue() == "mx.example 1;\r\n none")
    #expect(try AuthenticationResults(parsing: Array("mx.example 1;\r\n none".utf8)) == written)
  }

  @Test(arguments: 0..<64)
  func readsWhatItWrites(seed: UInt64) throws {
    var generator = RandomSource(seed: seed)
    for _ in 0..<20 {
      let written = results(&generator)
      let value = written.fieldValue(
        folded: Bool.random(using: &generator), allowingUTF8: true)
      #expect(try AuthenticationResults(parsing: Array(value.utf8)) == written)
    }
  }

  private func results(_ generator: inout RandomSource) -> AuthenticationResults {
    let results = (0..<Int.random(in: 0...3, using: &generator)).map { _ in
      MethodResult(
        method: keyword(&generator),
        version: maybe(&generator) { UInt32.random(in: 0...9, using: &$0) },
        result: keyword(&generator), reason: maybe(&generator, text),
        comment: maybe(&generator, text),
        properties: (0..<Int.random(in: 0...3, using: &generator)).map { _ in
          .init(
            type: keyword(&generator), name: keyword(&generator), value: text(&generator),
            comment: maybe(&generator, text))
        })
    }
    return AuthenticationResults(
      authservID: text(&generator), version: maybe(&generator) { _ in 1 }, results: results)
  }

  private func maybe<Part>(
    _ generator: inout RandomSource, _ part: (inout RandomSource) -> Part
  ) -> Part? {
    Bool.random(using: &generator) ? part(&generator) : nil
  }

  private func keyword(_ generator: inout RandomSource) -> String {
    ["spf", "x-hmca", "d", "dkim-atps", "1", "none", "reason"].randomElement(using: &generator)
      ?? "x"
  }

  private func text(_ generator: inout RandomSource) -> String {
    let pieces = [
      "a", "example.com", "@", " ", "  ", "\"", "\\", "(", ")", ";", "=", ".", "é", "用户", ",", "1",
      "a@b.example", "<", ">", "x".padding(60),
    ]
    return (0..<Int.random(in: 0...6, using: &generator)).map { _ in
      pieces.randomElement(using: &generator) ?? ""
    }.joined()
  }
}

extension String {
  fileprivate func padding(_ count: Int) -> String { String(repeating: self, count: count) }
}
