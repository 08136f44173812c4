import Testing
import Transport
import Wire

@Suite("MTA-STS policy file, RFC 8461 §3.2")
struct STSPolicyTests {
  private static func policy(_ text: String) throws -> STSPolicy {
    try STSPolicy(parsing: Array(text.utf8))
  }

  @Test func readsTheExampleOfTheStandard() throws {
    let text = """
      version: STSv1
      mode: enforce
      mx: mail.example.com
      mx: *.example.net
      mx: backupmx.example.com
      max_age: 604800

      """
    let policy = try Self.policy(text)
    #expect(policy.mode == .enforce)
    #expect(policy.maxAge == 604_800)
    #expect(
      policy.mxPatterns.map(\.description) == [
        "mail.example.com", "*.example.net", "backupmx.example.com",
      ])
    #expect(try Self.policy("\(policy)") == policy)
    #expect(try Self.policy(text.split(separator: "\n").joined(separator: "\r\n")) == policy)
  }

  @Test(arguments: [
    // The first of a key counts, even where a later one is nonsense.
    "version: STSv1\nmode: testing\nmode: x\nmax_age: 1\nmax_age: y\nmx: a.example\nversion: z",
    // No order is fixed; blanks after the colon and at the end; CRLF and LF may be mixed.
    "max_age:1 \t\r\nmx:a.example\nmode:\ttesting\r\nversion:  STSv1",
    // Unknown keys, with UTF-8 in their values, and empty lines.
    "version: STSv1\n\n \nx-Y.z_0: é b\nmode: testing\nmx: A.Example\nmax_age: 0000000001\n\n",
  ])
  func accepts(text: String) throws {
    let expected = STSPolicy(
      mode: .testing, mxPatterns: [try MXPattern(parsing: "a.example".utf8, .star)], maxAge: 1)
    #expect(try Self.policy(text) == expected)
  }

  @Test func modeNoneNeedsNoHosts() throws {
    let policy = try Self.policy("version: STSv1\nmode: none\nmax_age: 31557600")
    #expect(policy == STSPolicy(mode: .none, mxPatterns: [], maxAge: STSPolicy.maximumAge))
    #expect(try Self.policy("\(policy)") == policy)
  }

  @Test(arguments: [
    ("", SyntaxError.Reason.missing("version"), 0),
    ("mode: none\nmax_age: 1", .missing("version"), 21),
    ("version: STSv1\nmax_age: 1", .missing("mode"), 25),
    ("version: STSv1\nmode: none", .missing("max_age"), 25),
    ("version: STSv1\nmode: testing\nmax_age: 1", .missing("mx"), 39),
    ("version: STSv2\n", .wrongVersion, 9),
    ("Version: STSv1\nmode: none\nmax_age: 1", .missing("version"), 36),
    ("mode: strict\n", .badValue("mode"), 6),
    ("mode: Enforce\n", .badValue("mode"), 6),
    ("max_age: 31557601", .badValue("max_age"), 9),
    ("max_age: 00000000001", .badValue("max_age"), 9),
    ("max_age: +1", .badValue("max_age"), 9),
    ("mx: mx*.example.com", .unexpectedByte, 6),
    ("mx: mail.*.example.com", .unexpectedByte, 9),
    ("mx: *.*.example.com", .unexpectedByte, 6),
    ("mx: *", .unexpectedByte, 4),
    ("mx: *.", .missing("domain name"), 6),
    ("mx: .example.com", .missing("label"), 4),
    ("mx: example.com.", .missing("label"), 16),
    ("mx: -a.example", .unexpectedByte, 4),
    ("mx: a-.example", .unexpectedByte, 5),
    ("mx: a_b.example", .unexpectedByte, 5),
    ("mx: bücher.example", .unexpectedByte, 5),
    ("mx: a.example, b.example", .unexpectedByte, 13),
    ("mode : none", .unexpectedByte, 4),
    (" mode: none", .unexpectedByte, 1),
    ("mode:\n", .badValue("mode"), 5),
    ("x:", .badValue("x"), 2),
    ("x: a\tb", .unexpectedByte, 4),
    ("x: a\rmode: none", .unexpectedByte, 4),
    ("x: a\0", .unexpectedByte, 4),
    ("<html>", .unexpectedByte, 0),
    ("-x: y", .unexpectedByte, 0),
    ("\u{FEFF}version: STSv1", .unexpectedByte, 0),
    ("\(String(repeating: "n", count: 33)): 1", .tooLong("key"), 0),
  ])
  func refuses(text: String, reason: SyntaxError.Reason, offset: Int) {
    #expect(throws: SyntaxError(reason, at: offset)) { try Self.policy(text) }
  }

  @Test func refusesBrokenUTF8() {
    #expect(throws: SyntaxError(.badValue("UTF-8"), at: 3)) {
      try STSPolicy(parsing: Array("x: ".utf8) + [0xC3, 0x28])
    }
  }

  @Test func readsSixtyFourKibibytesAndNoMore() throws {
    let head = "version: STSv1\nmode: none\nmax_age: 1\nx: "
    let padding = STSPolicy.maximumLength - head.utf8.count
    let policy = try Self.policy(head + String(repeating: "y", count: padding))
    #expect(policy.mode == .none)
    #expect(throws: SyntaxError(.tooLong("policy"), at: 65_536)) {
      try Self.policy(head + String(repeating: "y", count: padding + 1))
    }
  }
}
