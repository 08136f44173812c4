import Testing
import Wire

@testable import Mail

/// The addresses as SMTP would write them, members of groups in brackets behind the name.
private func outline(_ value: String) throws -> [String] {
  try AddressList(parsing: Array(value.utf8)).addresses.map { address in
    switch address {
    case .mailbox(let mailbox):
      mailbox.displayName.map { "\($0)|\(mailbox.address)" } ?? "\(mailbox.address)"
    case .group(let name, let members):
      "\(name)[" + members.map { "\($0.address)" }.joined(separator: " ") + "]"
    }
  }
}

@Suite("address list, RFC 5322 §3.4 and §4.4, RFC 6532")
struct AddressListTests {
  @Test(
    arguments: [
      // A.1.1
      ("John Doe <jdoe@machine.example>", ["John Doe|jdoe@machine.example"]),
      ("Mary Smith <mary@example.net>", ["Mary Smith|mary@example.net"]),
      ("Michael Jones <mjones@machine.example>", ["Michael Jones|mjones@machine.example"]),
      // A.1.2
      (
        #""Joe Q. Public" <john.q.public@example.com>"#, ["Joe Q. Public|john.q.public@example.com"]
      ),
      (
        "Mary Smith <mary@x.test>, jdoe@example.org, Who? <one@y.test>",
        ["Mary Smith|mary@x.test", "jdoe@example.org", "Who?|one@y.test"]
      ),
      (
        #"<boss@nil.test>, "Giant; \"Big\" Box" <sysservices@example.net>"#,
        ["boss@nil.test", #"Giant; "Big" Box|sysservices@example.net"#]
      ),
      // A.1.3
      (
        "A Group:Ed Jones <c@a.test>,joe@where.test,John <jdoe@one.test>;",
        ["A Group[c@a.test joe@where.test jdoe@one.test]"]
      ),
      ("Undisclosed recipients:;", ["Undisclosed recipients[]"]),
      // A.5
      (
        #"Pete(A nice \) chap) <pete(his account)@silly.test(his host)>"#, ["Pete|pete@silly.test"]
      ),
      (
        """
        A Group(Some people)\r
             :Chris Jones <c@(Chris's host.)public.example>,\r
                 joe@example.org,\r
          John <jdoe@one.test> (my dear friend); (the end of the group)
        """, ["A Group[c@public.example joe@example.org jdoe@one.test]"]
      ),
      (
        "(Empty list)(start)Hidden recipients  :(nobody(that I know))  ;", ["Hidden recipients[]"]
      ),
      // A.6.1
      ("Joe Q. Public <john.q.public@example.com>", ["Joe Q. Public|john.q.public@example.com"]),
      (
        "Mary Smith <@node.test:mary@example.net>, , jdoe@test  . example",
        ["Mary Smith|mary@example.net", "jdoe@test.example"]
      ),
      // A.6.3: a fold of blanks alone
      ("John Doe <jdoe@machine(comment).  example>", ["John Doe|jdoe@machine.example"]),
      ("Mary Smith\r\n  \r\n          <mary@example.net>", ["Mary Smith|mary@example.net"]),
    ] as [(String, [String])])
  func readsTheExamplesOfAppendixA(value: String, expected: [String]) throws {
    #expect(try outline(value) == expected)
  }

  @Test(
    arguments: [
      (" a@b.example ", ["a@b.example"]),  // blanks around
      ("a@B.Example", ["a@b.example"]),  // a domain has no case
      ("A@b.example", ["A@b.example"]),  // a local part has
      (",,a@b.example", ["a@b.example"]),  // obs-addr-list
      ("a@b.example,,", ["a@b.example"]),
      ("(x) , a@b.example, (y)", ["a@b.example"]),  // null members of comments
      ("g:,,a@b.example,;", ["g[a@b.example]"]),  // obs-mbox-list in a group
      ("g:(none);", ["g[]"]),
      ("g:,;", ["g[]"]),  // obs-group-list
      ("g:;,h:;", ["g[]", "h[]"]),
      ("\"g:\":;", ["g:[]"]),
      (#""john doe"@b.example"#, [#""john doe"@b.example"#]),
      (#""jdoe"@b.example"#, ["jdoe@b.example"]),  // quotes without need
      (#""j\doe"@b.example"#, ["jdoe@b.example"]),  // quoted-pair without need
      (#""a\"b\\c"@b.example"#, [#""a\"b\\c"@b.example"#]),
      (#"""@b.example"#, [#"""@b.example"#]),  // an empty local part
      ("\"a\r\n b\"@b.example", [#""a b"@b.example"#]),  // a fold in quotes
      (#""a"."b"@b.example"#, ["a.b@b.example"]),  // obs-local-part
      ("a . b@b.example", ["a.b@b.example"]),
      ("a@[192.0.2.1]", ["a@[192.0.2.1]"]),
      ("a@[ IPv6:2001:db8::1\r\n ]", ["a@[IPv6:2001:db8::1]"]),
      (#"a@[x\]y]"#, [#"a@[x\]y]"#]),  // obs-dtext
      ("a@_spf.b.example", ["a@_spf.b.example"]),
      ("用户@例子.example", ["用户@xn--fsqu00a.example"]),  // RFC 6532 §3.2
      ("Jörg <jörg@bücher.example>", ["Jörg|jörg@xn--bcher-kva.example"]),
      ("\"Jörg\" <\"j ö\"@b.example>", ["Jörg|\"j ö\"@b.example"]),
      ("(naïve) a@b.example", ["a@b.example"]),
      ("a@XN--BCHER-KVA.example", ["a@xn--bcher-kva.example"]),
      ("a@b", ["a@b"]),  // one label
    ] as [(String, [String])])
  func readsWhatTheGrammarAllows(value: String, expected: [String]) throws {
    #expect(try outline(value) == expected)
  }

  @Test(
    arguments: [
      ("", SyntaxError.Reason.missing("address"), 0),
      (" \r\n ", .missing("address"), 4),
      (",,", .missing("address"), 2),
      ("(a@b.example)", .missing("address"), 13),
      ("a", .missing("addr-spec"), 1),
      ("a, b@c.example", .missing("addr-spec"), 1),
      ("Mary Smith", .missing("addr-spec"), 10),
      ("<>", .missing("addr-spec"), 1),  // a path, not a mailbox
      ("<a>", .unexpectedByte, 2),
      ("@b.example", .missing("local part"), 0),
      ("<@b.example>", .unexpectedByte, 11),
      ("a@", .missing("domain"), 2),
      ("<a@>", .unexpectedByte, 3),
      ("a@b.example.", .missing("label"), 12),  // a final dot
      ("a@.b.example", .missing("label"), 2),
      ("a@b..example", .missing("label"), 4),
      ("a@b example", .leftover, 4),  // a blank inside the domain
      ("a@b\texample", .leftover, 4),
      ("a b@c.example", .unexpectedByte, 2),  // two words are no local part
      ("\"a\"b@c.example", .unexpectedByte, 3),
      (".a@b.example", .unexpectedByte, 0),
      ("a.@b.example", .unexpectedByte, 2),
      ("a..b@c.example", .unexpectedByte, 2),
      (". <a@b.example>", .unexpectedByte, 0),  // obs-phrase begins with a word
      ("a@b.example c@d.example", .leftover, 12),
      ("a@b.example;", .leftover, 11),
      ("<a@b.example", .unexpectedEnd, 12),
      ("a@b.example>", .leftover, 11),
      ("<<a@b.example>>", .missing("addr-spec"), 1),
      ("g:a@b.example", .unexpectedEnd, 13),  // a group without its end
      ("g:h:a@b.example;;", .unexpectedByte, 3),  // groups do not nest
      (":a@b.example;", .leftover, 0),  // a group without a name
      ("g:;x", .leftover, 3),
      ("(a@b.example", .unexpectedEnd, 12),
      ("a@b.example)", .leftover, 11),
      ("\"a@b.example", .unexpectedEnd, 12),
      ("\"a\\", .unexpectedEnd, 3),
      ("a@[192.0.2.1", .unexpectedEnd, 12),
      ("a@[[1]]", .unexpectedByte, 3),
      ("<@a.example>", .unexpectedByte, 11),  // a route without an address
      ("<@a.example:>", .missing("addr-spec"), 12),
      ("<,:a@b.example>", .unexpectedByte, 2),
      ("a@exa\u{00A0}mple", .unexpectedByte, 5),
      ("a\\@b.example", .unexpectedByte, 1),  // a backslash outside quotes
    ] as [(String, SyntaxError.Reason, Int)])
  func rejects(value: String, reason: SyntaxError.Reason, offset: Int) {
    #expect(throws: SyntaxError(reason, at: offset)) {
      try AddressList(parsing: Array(value.utf8))
    }
  }

  /// Octets that no part of a field may hold, with the offset of each.
  @Test(
    arguments: [
      ("a\0@b.example", 1), ("a@b\0.example", 3), ("\"a\0\" <a@b.example>", 2),
      ("\"a\\\0\" <a@b.example>", 3),  // obs-qp
      ("(\0) a@b.example", 1), ("(\\\0) a@b.example", 2), ("a@[\0]", 3), ("a@[\\\0]", 4),
      ("\"a\u{01}\" <a@b.example>", 2),  // obs-qtext
      ("(\u{7F}) a@b.example", 1),  // obs-ctext
      ("\"a\rb\" <a@b.example>", 2), ("\"a\nb\" <a@b.example>", 2),
      ("\"a\r\nb\" <a@b.example>", 2),  // a line end that folds nothing
      ("(\r) a@b.example", 1), ("a@[\n]", 3),
    ] as [(String, Int)])
  func rejectsControlOctets(value: String, offset: Int) {
    #expect {
      try AddressList(parsing: Array(value.utf8))
    } throws: { error in
      (error as? SyntaxError)?.offset == offset
    }
  }

  @Test(arguments: ["a@b.example\r\n", "a@b.example\n", "a@b.example\r", "\ra@b.example"])
  func rejectsLineEndsOutsideFolds(value: String) {
    #expect(throws: SyntaxError.self) { try AddressList(parsing: Array(value.utf8)) }
  }

  @Test(
    arguments: [
      (Array("M".utf8) + [0xFC] + Array("ller <a@b.example>".utf8), 1),  // ISO-8859-1
      (Array("a@b.example (".utf8) + [0xC0, 0x80] + Array(")".utf8), 13),  // NUL, overlong
      (Array("a".utf8) + [0xED, 0xA0, 0x80] + Array("@b.example".utf8), 1),  // a surrogate
      (Array("a@b.example".utf8) + [0xE2, 0x82], 11),  // cut short
    ] as [([UInt8], Int)])
  func rejectsWhatIsNotUTF8(value: [UInt8], offset: Int) {
    #expect(throws: SyntaxError(.badValue("UTF-8"), at: offset)) {
      try AddressList(parsing: value)
    }
  }

  @Test(
    arguments: [
      ("Mary Smith <mary@example.net>", false, false),
      ("Joe Q. Public <a@b.example>", false, false),  // obs-phrase is harmless
      ("\"a b\"@b.example", false, false),
      ("(c) a@b.example", false, true),
      ("a (c) @b.example", false, true),  // CFWS around a dot-atom is current
      ("<(c)a@b.example>", false, true),
      ("<a@b.example(c)>", false, true),
      ("<a@b.example>(c)", false, true),
      ("x (c) <a@b.example>", false, true),
      ("a.(c)b@c.example", true, true),
      ("a@b. example", true, false),
      ("a@b(c).example", true, true),
      ("\"a\".b@c.example", true, false),
      ("<@r.example:a@b.example>", true, false),
      ("a@[\\1]", true, false),
    ] as [(String, Bool, Bool)])
  func tellsHowAnAddressWasWritten(value: String, obsolete: Bool, comments: Bool) throws {
    let mailbox = try Mailbox(parsing: Array(value.utf8))
    #expect(mailbox.usesObsoleteSyntax == obsolete)
    #expect(mailbox.hasComments == comments)
  }

  @Test func keepsTheRoute() throws {
    let mailbox = try Mailbox(parsing: Array("<,@a.example,,@[1.2.3.4]:u@c.example>".utf8))
    #expect(mailbox.route.map(\.description) == ["a.example", "[1.2.3.4]"])
    #expect(mailbox.address.description == "u@c.example")
  }

  @Test func listsTheMailboxesOfGroupsInOrder() throws {
    let list = try AddressList(parsing: Array("a@x.example,g:b@x.example;,c@x.example".utf8))
    #expect(list.mailboxes.map(\.address.localPart) == [[0x61], [0x62], [0x63]])
  }
}

@Suite("bounds of the address list")
struct AddressListBoundsTests {
  static let mebibyte = 1 << 20

  /// Each is one mebibyte of one trick: the parser stops at a bound, or reads each octet once.
  @Test(
    arguments: [
      ("(", SyntaxError.Reason.tooLong("comment nesting")),
      ("()", .missing("address")),
      (",", .missing("address")),
      ("\"a\" ", .tooLong("phrase")),
      ("a.", .tooLong("phrase")),
      ("=?", .missing("addr-spec")),
      ("=?utf-8?q?a?= ", .tooLong("phrase")),
      ("a@b,", .tooLong("address list")),
      ("g:;,", .tooLong("address list")),
      ("<", .missing("addr-spec")),
      ("@", .missing("local part")),
      ("\\", .unexpectedByte),
      ("\r\n ", .missing("address")),
      ("a", .missing("addr-spec")),
    ] as [(String, SyntaxError.Reason)])
  func stopsAtABound(pattern: String, reason: SyntaxError.Reason) {
    let value = Array(String(repeating: pattern, count: Self.mebibyte / pattern.utf8.count).utf8)
    #expect {
      try AddressList(parsing: value)
    } throws: { error in
      guard let error = error as? SyntaxError else { return false }
      // A leftover is what is found where no address begins.
      return error.reason == reason || (error.reason == .leftover && error.offset == 0)
    }
  }

  @Test func boundsTheNestingOfComments() throws {
    let depth = ByteCursor.maximumCommentDepth
    func nested(_ depth: Int) -> [UInt8] {
      Array(
        (String(repeating: "(", count: depth) + String(repeating: ")", count: depth)
          + "a@b.example").utf8)
    }
    #expect(try AddressList(parsing: nested(depth)).mailboxes.count == 1)
    #expect(throws: SyntaxError(.tooLong("comment nesting"), at: depth)) {
      try AddressList(parsing: nested(depth + 1))
    }
  }

  @Test func boundsTheWordsOfAPhrase() throws {
    func name(_ words: Int) -> [UInt8] {
      Array((String(repeating: "a ", count: words) + "<a@b.example>").utf8)
    }
    #expect(try AddressList(parsing: name(WordList.maximumCount)).mailboxes.count == 1)
    #expect(throws: SyntaxError(.tooLong("phrase"), at: 2 * WordList.maximumCount)) {
      try AddressList(parsing: name(WordList.maximumCount + 1))
    }
  }

  @Test func boundsTheNumberOfAddresses() throws {
    func list(_ count: Int) -> [UInt8] {
      Array(repeatElement("a@b", count: count).joined(separator: ",").utf8)
    }
    let maximum = AddressParser.maximumAddresses
    #expect(try AddressList(parsing: list(maximum)).mailboxes.count == maximum)
    #expect(throws: SyntaxError.self) { try AddressList(parsing: list(maximum + 1)) }
  }

  @Test func boundsTheRoute() throws {
    func path(_ hops: Int) -> [UInt8] {
      Array(
        ("<" + repeatElement("@r.example", count: hops).joined(separator: ",") + ":a@b.example>")
          .utf8)
    }
    let maximum = AddressParser.maximumRouteLength
    #expect(try Mailbox(parsing: path(maximum)).route.count == maximum)
    #expect(throws: SyntaxError.self) { try Mailbox(parsing: path(maximum + 1)) }
    #expect(try ReversePath(parsing: path(maximum)).description == "<a@b.example>")
    #expect(throws: SyntaxError.self) { try ReversePath(parsing: path(maximum + 1)) }
  }
}
