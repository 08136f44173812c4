import Testing

@testable import Mail

@Suite("display names, RFC 2047 §5 (3)")
struct DisplayNameTests {
  private func name(_ phrase: String) throws -> String? {
    try Mailbox(parsing: Array("\(phrase) <a@b.example>".utf8)).displayName
  }

  @Test(
    arguments: [
      ("=?utf-8?q?J=C3=B6rg?=", "Jörg"),
      ("=?UTF-8?Q?J=c3=b6rg?=", "Jörg"),  // no case
      ("=?utf-8?B?SsO2cmc=?=", "Jörg"),
      ("=?utf-8?b?SsO2cmc?=", "Jörg"),  // padding left out
      ("=?iso-8859-1?Q?J=F6rg?=", "Jörg"),
      ("=?iso-8859-1?B?SvZyZw==?=", "Jörg"),
      ("=?windows-1252?Q?=80_=93x=94?=", "€ “x”"),
      ("=?windows-1252?Q?=81?=", "\u{FFFD}"),
      ("=?iso-8859-1?Q?=80?=", "\u{80}"),
      ("=?us-ascii?Q?a=80?=", "a\u{FFFD}"),
      ("=?utf-8?Q?=FF?=", "\u{FFFD}"),
      ("=?utf-8*de?Q?J=C3=B6rg?=", "Jörg"),  // RFC 2231 §5
      ("=?utf-8?q?a?= =?utf-8?q?b?=", "ab"),  // §8: the blank between them is not shown
      ("=?utf-8?q?a?=\r\n =?iso-8859-1?q?b?=", "ab"),
      ("=?utf-8?q?a?= b", "a b"),
      ("a =?utf-8?q?b?=", "a b"),
      ("=?utf-8?q?a_?= =?utf-8?q?b?=", "a b"),
      ("=?utf-8?q?=C3?= =?utf-8?q?=B6?=", "ö"),  // a character split between two
      ("=?utf-8?q?=C3?= =?iso-8859-1?q?=B6?=", "\u{FFFD}¶"),
      ("=?utf-8?q?Dr._J=C3=B6rg?=", "Dr. Jörg"),  // a dot inside, as programs write it
      ("=?utf-8?q?a?==?utf-8?q?b?=", "=?utf-8?q?a?==?utf-8?q?b?="),  // no blank between
      ("=?koi8-r?q?=C1?=", "=?koi8-r?q?=C1?="),  // not known: as it is written
      ("=?utf-8?x?a?=", "=?utf-8?x?a?="),
      ("=?utf-8?q?a=4?=", "=?utf-8?q?a=4?="),  // malformed: as it is written
      ("=?utf-8?b?a?=", "=?utf-8?b?a?="),
      ("=?utf-8?q??=", "=?utf-8?q??="),
      ("=?utf-8?q?a", "=?utf-8?q?a"),
      ("\"=?utf-8?q?a?=\"", "=?utf-8?q?a?="),  // not in quotes
      ("a  b", "a b"),
      ("a(c)b", "a b"),
      ("\"a  b\"", "a  b"),
      ("\"a\"b", "ab"),
      ("J. R. Doe", "J. R. Doe"),
      ("J.R. Doe", "J.R. Doe"),
      ("\"a\r\n b\"", "a b"),
      ("\"\"", ""),
      ("", nil),
    ] as [(String, String?)])
  func isForPeople(phrase: String, expected: String?) throws {
    #expect(try name(phrase) == expected)
  }

  @Test(
    arguments: [
      ("=?utf-8?q?a=1B[31m?=", "a\\u{1B}[31m"),  // C0
      ("=?utf-8?q?a=00=7F?=", "a\\u{0}\\u{7F}"),
      ("=?iso-8859-1?q?=9B?=", "\\u{9B}"),  // C1
      ("\"a\u{202E}b\"", "a\\u{202E}b"),  // an override of direction
      ("\"a\u{2066}b\u{2069}\"", "a\\u{2066}b\\u{2069}"),
      ("\"a\u{200B}b\u{FEFF}\"", "a\\u{200B}b\\u{FEFF}"),
      ("\"a\u{2028}\"", "a\\u{2028}"),
      ("\"Jörg 用户\"", "Jörg 用户"),
    ] as [(String, String)])
  func isEscapedForTerminals(phrase: String, expected: String) throws {
    // A bracket is a special: these words are decoded where a careless reader would.
    let text = try name(phrase.contains("[") ? "\"\(phrase)\"" : phrase)
    let decoded = EncodedWord.decodeEverywhere(try #require(text))
    #expect(decoded.escapingControls == expected)
  }

  @Test(
    arguments: [
      ("\"ceo@bank.example\"", "ceo@bank.example"),
      ("\"CEO <ceo@bank.example>\"", "ceo@bank.example"),
      ("\"CEO (ceo@bank.example)\"", "ceo@bank.example"),
      ("\"ceo@Bank.Example.\"", "ceo@bank.example"),
      ("=?utf-8?q?ceo=40bank.example?=", "ceo@bank.example"),
      ("=?utf-8?q?ceo?= =?utf-8?q?=40bank.example?=", "ceo@bank.example"),
      ("\"=?utf-8?q?ceo=40bank.example?=\"", "ceo@bank.example"),  // careless readers decode it
      ("ceo＠bank.example", "ceo@bank.example"),  // full-width at-sign
      ("ceo﹫bank。example", "ceo@bank.example"),  // small at-sign, ideographic dot
      ("\"ceo@\u{200B}bank.ex\u{202C}ample\"", "ceo@bank.example"),  // invisible characters
      ("\"ceo@bücher.example\"", "ceo@xn--bcher-kva.example"),
      ("\"a@b.example ceo@bank.example\"", "ceo@bank.example"),  // the first that differs
      ("\"a@b.example\"", "a@b.example"),  // the same
      ("\"a@\"", nil),
      ("\"@b\"", nil),
      ("\"@bank.example\"", nil),
      ("\"you @ home.example\"", nil),
      ("\"ceo@bank\"", nil),  // one label
      ("\"ceo@bank..example\"", nil),
      ("Jane Doe", nil),
      ("", nil),
    ] as [(String, String?)])
  func mayShowAnAddress(phrase: String, expected: String?) throws {
    let mailbox = try Mailbox(parsing: Array("\(phrase) <a@b.example>".utf8))
    #expect(mailbox.displayNameAddress?.description == expected)
  }

  @Test func looksForABoundedNumberOfAddresses() throws {
    let name = String(repeating: "a@c.example ", count: 10_000)
    let mailbox = Mailbox(
      displayName: name, address: try Mailbox(parsing: Array("a@b.example".utf8)).address)
    #expect(mailbox.displayNameAddresses.count == Mailbox.maximumDisplayNameAddresses)
  }
}
