import Mail
import Testing
import Wire

/// Fields written to be read differently by the program that authenticates and the one that shows.
/// What counts: never one address where another reader may see another.
@Suite("address tricks: one reading or an error")
struct AddressTrickTests {
  @Test(
    arguments: [
      // Two authors: both are reported, so that the caller can refuse.
      ("a@x.example, b@y.example", ["a@x.example", "b@y.example"]),
      ("<a@x.example>,<b@y.example>", ["a@x.example", "b@y.example"]),
      ("g:a@x.example;,b@y.example", ["a@x.example", "b@y.example"]),
      (",a@x.example,,<b@y.example>,", ["a@x.example", "b@y.example"]),
      // A route is ignored, an address in it is none.
      ("<@attacker.example,@x:admin@legit.example>", ["admin@legit.example"]),
      // Comments and quotes hide addresses.
      ("(comment <a@b.example>) c@d.example", ["c@d.example"]),
      ("(a@b.example,) c@d.example", ["c@d.example"]),
      ("(\\)a@b.example) c@d.example", ["c@d.example"]),
      ("((a@b.example)) <c@d.example>", ["c@d.example"]),
      ("c@d.example (<a@b.example>)", ["c@d.example"]),
      ("c@(a@b.example)d.example", ["c@d.example"]),
      ("\"a@b.example\" <c@d.example>", ["c@d.example"]),
      ("\"<a@b.example>\" <c@d.example>", ["c@d.example"]),
      ("\"a@b.example,\" <c@d.example>", ["c@d.example"]),
      ("\"\\\"<a@b.example>\" <c@d.example>", ["c@d.example"]),
      ("\"a@b.example\"@d.example", ["\"a@b.example\"@d.example"]),
      ("\"a@b.example>,\"@d.example", ["\"a@b.example>,\"@d.example"]),
      ("\"a\\@b\"@d.example", ["\"a@b\"@d.example"]),
      // Encoded words are names, never addresses.
      ("=?utf-8?q?ceo=40bank.example?= <a@evil.example>", ["a@evil.example"]),
      ("=?utf-8?B?PGNlb0BiYW5rLmV4YW1wbGU+?= <a@evil.example>", ["a@evil.example"]),
      ("=?utf-8?q?a=0d=0aFrom=3A_x=40y.example?= <a@evil.example>", ["a@evil.example"]),
      ("=?utf-8?q?x=3Ca=40b.example=3E=2C?= <a@evil.example>", ["a@evil.example"]),
      // Case of the domain.
      ("a@EVIL.example, A@evil.EXAMPLE", ["a@evil.example", "A@evil.example"]),
      // Folds in odd places.
      ("a\r\n @\r\n b.example", ["a@b.example"]),
      ("\r\n a@b.example", ["a@b.example"]),
    ] as [(String, [String])])
  func readsOneWay(value: String, expected: [String]) throws {
    let list = try AddressList(parsing: Array(value.utf8))
    #expect(list.mailboxes.map(\.address.description) == expected)
  }

  @Test(
    arguments: [
      "a@b.example <c@d.example>",  // a name may not be an address
      "<a@b.example><c@d.example>",
      "<a@b.example> <c@d.example>",
      "<a@b.example> c@d.example",
      "<a@b.example>c@d.example",
      "a@b.example, <c@d.example> e@f.example",
      "<<a@b.example>,c@d.example>",
      "<a@b.example,c@d.example>",
      "<a@b.example;c@d.example>",
      "a@b(c)@d.example",
      "a@b@d.example",
      "\"a\"@b.example@d.example",
      "a@b.example\\,c@d.example",
      "a(@b.example",
      "a@b.example, c",  // one of the list is no address
      "c, a@b.example",
      "a@b.example\0",
      "a@b.example\0@d.example",
      "a\0, b@c.example",
      "=?utf-8?q?ceo=40bank.example?=",  // encoded words where an address must be
      "<=?utf-8?q?ceo=40bank.example?=>",
      "=?utf-8?q?ceo?=@bank.example",
      "=?utf-8?q?ceo=40bank.example=3e?=@evil.example",
      "x.=?utf-8?q?ceo=40bank.example=00?=@evil.example",
      "<\"=?utf-8?q?ceo=40bank.example?=\"@evil.example>",
      "ceo@=?utf-8?q?bank.example?=",
      "=?x-unknown?q?ceo?=@bank.example",
      "=?utf-8?q?ceo@bank.example?= <a@evil.example>",  // specials in an encoded word
      "=?utf-8?q?a,_b?= <a@evil.example>",
      "ceo＠bank.example",  // a full-width at-sign is no at-sign
      "<ceo＠bank.example>",
      "a@bank.example\u{2028}",
      "a@bank⁄evil.example",  // U+2044, maps to no letter
      "a@bank.example/evil.example",
      "a@bank.example%00.evil.example",
      "a@bank.example:25",
      "a@(bank.example)",
      "a@\"bank.example\"",
      "a @ bank . ",
      "a@[1.2.3.4]evil.example",
      "a@b[1.2.3.4]",
      "g:a@b.example;c@d.example",
      "g:g:a@b.example;;",
      "<g:a@b.example;>",
      "a:b@c.example",
    ] as [String])
  func refuses(value: String) {
    #expect(throws: SyntaxError.self) { try AddressList(parsing: Array(value.utf8)) }
  }

  @Test func anEncodedAddressStaysAName() throws {
    let value = "=?utf-8?q?ceo=40bank.example?= <a@evil.example>"
    let mailbox = try Mailbox(parsing: Array(value.utf8))
    #expect(mailbox.displayName == "ceo@bank.example")
    #expect(mailbox.address.description == "a@evil.example")
    #expect(mailbox.displayNameAddress?.description == "ceo@bank.example")
  }
}
