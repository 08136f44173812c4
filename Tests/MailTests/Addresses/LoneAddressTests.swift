import Testing
import Wire

@testable import Mail

@Suite("one address in a field that breaks the grammar, RFC 5322 §3.4")
struct LoneAddressTests {
  @Test(
    arguments: [
      // Specials in encoded words, as many programs write them
      ("=?utf-8?Q?Doe,_John?= <john@x.example>", "Doe, John"),
      ("=?utf-8?Q?Doe=2C_John_(Sales)?= <john@x.example>", "Doe, John (Sales)"),
      ("=?UTF-8?q?Doe:_[x]?= <john@x.example>", "Doe: [x]"),
      ("=?utf-8?Q?Doe, John?= <john@x.example>", "=?utf-8?Q?Doe, John?="),  // a blank inside
      ("=?utf-8?B?RG9lLCBK?=,\r\n =?utf-8?B?b2hu?= <john@x.example>", "Doe, J, ohn"),
      ("[x] =?iso-8859-2?Q?=A9?= <john@x.example>", "[x] =?iso-8859-2?Q?=A9?="),
      ("[x] =?gb2312?B?xOPOaQ==?= <john@x.example>", "[x] =?gb2312?B?xOPOaQ==?="),
      ("[x] =?x?y?z?= <john@x.example>", "[x] =?x?y?z?="),  // no encoding of that name
      // Specials as they are
      ("John [Sales] <john@x.example>", "John [Sales]"),
      ("John: Doe <john@x.example>", "John: Doe"),
      ("Doe, John <john@x.example>", "Doe, John"),
      ("John; Doe <john@x.example>", "John; Doe"),
      (".John <john@x.example>", ".John"),
      ("John) <john@x.example>", "John)"),
      ("\"John\" [x] (y) <john@x.example>", "\"John\" [x] (y)"),
      ("[x] \"a\\\"b\" (c\\)d) <john@x.example>", "[x] \"a\\\"b\" (c\\)d)"),
      ("[x] ((y)z) <john@x.example>", "[x] ((y)z)"),  // comments nest
      ("[x] (\"y) <john@x.example>", "[x] (\"y)"),  // no quotes in comments
      ("[x] \"(y\" <john@x.example>", "[x] \"(y\""),  // no comments in quotes
      ("g: <john@x.example>", "g:"),  // a group that does not end
      // Around the address
      ("John [x]\r\n <john@x.example>", "John [x]"),
      ("John\t[x] <john@x.example> \r\n ", "John\t[x]"),
      ("[x]<john@x.example>", "[x]"),
      (", <john@x.example>", ","),
      // What the grammar allows is read the same
      ("<john@x.example>", nil),
      ("John <john@x.example>", "John"),
    ] as [(String, String?)])
  func isFound(value: String, name: String?) throws {
    let mailbox = try #require(LoneAddress(in: Array(value.utf8))).mailbox
    #expect(mailbox.address.description == "john@x.example")
    #expect(mailbox.displayName == name)
  }

  @Test(
    arguments: [
      ("[x] <john@X.Example>", "john@x.example"),
      ("[x] <John.Q-Public+tag=y@x.example>", "John.Q-Public+tag=y@x.example"),
      ("[x] <john@xn--bcher-kva.example>", "john@xn--bcher-kva.example"),
      ("[x] <john@x>", "john@x"),
    ] as [(String, String)])
  func hasAPlainAddress(value: String, address: String) throws {
    let mailbox = try #require(LoneAddress(in: Array(value.utf8))).mailbox
    #expect(mailbox.address.description == address)
  }

  @Test func mayFollowANameInISO88591() throws {
    let value = Array("M".utf8) + [0xFC] + Array("ller <john@x.example>".utf8)
    #expect(throws: SyntaxError.self) { try Mailbox(parsing: value) }
    let mailbox = try #require(LoneAddress(in: value)).mailbox
    #expect(mailbox.address.description == "john@x.example")
    #expect(mailbox.displayName == "M\u{FFFD}ller")
  }

  @Test(
    arguments: [
      "",
      "John",
      "john@x.example",  // no brackets
      "[x] john@x.example",
      "[x] <john>",
      "[x] <>",
      // A second at-sign, wherever it is
      "a@b.example [x] <john@x.example>",
      "a@b.example <john@x.example>",
      "\"a@b.example\" [x] <john@x.example>",
      "(a@b.example) [x] <john@x.example>",
      "((a@b.example)) [x] <john@x.example>",
      "[x] <john@x.example@b.example>",
      "[x] <@b.example:john@x.example>",  // a route
      "[x@] <john@x.example>",
      "@ <john@x.example>",
      "[x] a@b.example <john>",
      // Other brackets
      "[x] <a> <john@x.example>",
      "[x] <<john@x.example>>",
      "[x] <<john@x.example>",
      "[x] <john@x.example>>",
      "[x> <john@x.example>",
      "\"<\" [x] <john@x.example>",
      "(>) [x] <john@x.example>",
      // Something behind it
      "<a@b.example> x",
      "[x] <a@b.example> [y]",
      "[x] <a@b.example>, c",
      "[x] <a@b.example>;",
      "g: [x] <a@b.example>;",
      "[x] <a@b.example> (c)",
      "[x] <a@b.example>.",
      // For the grammar it stands in a comment or in quotes
      "(john <john@x.example>",
      "(a (b) <john@x.example>",
      "((a) b\\) <john@x.example>",
      "\"john <john@x.example>",
      "\"john\\\" <john@x.example>",
      "a \" b \"\" <john@x.example>",
      "(a\\) <john@x.example>",
      "[x] \\\" <john@x.example>",  // readers differ on what it escapes
      "[x] \\ <john@x.example>",
      // Look-alikes
      "ceo＠bank.example [x] <john@x.example>",
      "ceo﹫bank.example [x] <john@x.example>",
      "=?utf-8?q?ceo=EF=BC=A0bank.example,?= <john@x.example>",
      // Encoded words
      "=?utf-8?q?ceo=40bank.example,?= <john@x.example>",
      "=?utf-8?Q?ceo=40bank.example, x?= <john@x.example>",  // a blank inside
      "=?utf-8?q?ceo=40bank.example, <john@x.example>",  // no end
      "=?utf-8?b?Y2VvQGJhbmsuZXhhbXBsZQ==?=, <john@x.example>",
      "=?utf-8?B?Y2Vv QGJhbmsu ZXhhbXBsZQ==?=, <john@x.example>",
      "=?utf-8?b?Y2VvQGJhbmsuZXhhbXBsZQ?=, <john@x.example>",
      "=?utf-8?b?!?=, <john@x.example>",  // cannot be told
      "=?x=?utf-8?q?ceo=40bank.example?=, <john@x.example>",
      "\"=?utf-8?q?ceo=40bank.example?=\" [x] <john@x.example>",
      "(=?utf-8?q?ceo=40bank.example?=) [x] <john@x.example>",
      "=?utf-8?q?ceo_=3Cceo=3E,?= <john@x.example>",
      "=?utf-8?q?x=0D=0AFrom:_y?=, <john@x.example>",
      "=?utf-8?q?x=00?=, <john@x.example>",
      "=?utf-7?q?ceo+AEA-bank.example?=, <john@x.example>",  // an at-sign that is none
      "=?ibm037?q?ceo=7Cbank.example?=, <john@x.example>",
      "=?utf-16be?b?AGMAZQBvAEA=?=, <john@x.example>",
      "=?x-unknown?q?x?=, <john@x.example>",
      "=?utf-8?q?x <a?=@b.example>",
      // Control octets
      "[x]\0 <john@x.example>",
      "[x]\n<john@x.example>",
      "[x]\r <john@x.example>",
      "[x]\r\n<john@x.example>",  // a line end that folds nothing
      "[x] <john@x.example>\r\n",
      "[x] <john@x.example>\r",
      "[x]\u{1B} <john@x.example>",
      "[x]\u{7F} <john@x.example>",
      // Not plain
      "[x] < john@x.example>",
      "[x] <john @x.example>",
      "[x] <john@x.example >",
      "[x] <john@x.\r\n example>",
      "[x] <john(c)@x.example>",
      "[x] <\"john\"@x.example>",
      "[x] <.john@x.example>",
      "[x] <john.@x.example>",
      "[x] <jo..hn@x.example>",
      "[x] <@x.example>",
      "[x] <jo,hn@x.example>",
      "[x] <jörg@x.example>",
      "[x] <ceo＠bank.example@x.example>",
      "[x] <=?utf-8?q?ceo?=@x.example>",
      "[x] <john@>",
      "[x] <john@[192.0.2.1]>",
      "[x] <john@x..example>",
      "[x] <john@x.example.>",
      "[x] <john@bücher.example>",
      "[x] <john@x.example/y>",
      "[x] <john@x.example:25>",
    ])
  func isNotFound(value: String) {
    #expect(LoneAddress(in: Array(value.utf8)) == nil)
  }

  /// Character sets in which a character of two octets holds the one of an at-sign.
  @Test(arguments: [[0x81, 0x40], [0xA4, 0x40], [0x83, 0x5C]] as [[UInt8]])
  func isNotFoundBesideAnAtSignOfAnotherCharacterSet(octets: [UInt8]) {
    #expect(LoneAddress(in: octets + Array(" <john@x.example>".utf8)) == nil)
  }

  @Test(arguments: [
    "[", "(", "()", "\"", "=?", "=?q?q?", "=?utf-8?q?a?=,", "?", "é", "\r\n ", "\\",
  ])
  func isLookedForInLinearTime(pattern: String) {
    let name = String(repeating: pattern, count: (1 << 20) / pattern.utf8.count)
    let found = LoneAddress(in: Array("\(name) <john@x.example>".utf8))
    #expect(["john@x.example", nil].contains(found?.mailbox.address.description))
  }
}
