import Authentication
import Testing
import Wire

private func parse(_ field: String) throws -> AuthenticationResults {
  try AuthenticationResults(parsing: Array(field.utf8))
}

/// The parts with single blanks between them, unfolded and unescaped.
private func outline(_ field: String) throws -> String {
  try parse(field).fieldValue(folded: false, allowingUTF8: true)
}

@Suite("Authentication-Results, RFC 8601 §2.2")
struct AuthenticationResultsParsingTests {
  @Test(
    arguments: [
      // B.2 (B.1 has no field)
      (" example.org 1; none", "example.org 1; none"),
      // B.3
      (
        " example.com;\r\n          spf=pass smtp.mailfrom=example.net",
        "example.com; spf=pass smtp.mailfrom=example.net"
      ),
      // B.4
      (
        """
         example.com;\r
                  auth=pass (cram-md5) smtp.auth=sender@example.net;\r
                  spf=pass smtp.mailfrom=example.net
        """,
        "example.com; auth=pass (cram-md5) smtp.auth=sender@example.net; "
          + "spf=pass smtp.mailfrom=example.net"
      ),
      (
        " example.com; iprev=pass\r\n          policy.iprev=192.0.2.200",
        "example.com; iprev=pass policy.iprev=192.0.2.200"
      ),
      // B.5
      (
        " example.com;\r\n          dkim=pass (good signature) header.d=example.com",
        "example.com; dkim=pass (good signature) header.d=example.com"
      ),
      (
        """
         example.com;\r
                  auth=pass (cram-md5) smtp.auth=sender@example.com;\r
                  spf=fail smtp.mailfrom=example.com
        """,
        "example.com; auth=pass (cram-md5) smtp.auth=sender@example.com; "
          + "spf=fail smtp.mailfrom=example.com"
      ),
      // B.6
      (
        """
         example.com;\r
              dkim=pass reason="good signature"\r
                header.i=@mail-router.example.net;\r
              dkim=fail reason="bad signature"\r
                header.i=@newyork.example.com
        """,
        "example.com; dkim=pass reason=\"good signature\" header.i=@mail-router.example.net; "
          + "dkim=fail reason=\"bad signature\" header.i=@newyork.example.com"
      ),
      (
        " example.net;\r\n      dkim=pass (good signature) header.i=@newyork.example.com",
        "example.net; dkim=pass (good signature) header.i=@newyork.example.com"
      ),
      // B.7
      (
        """
         foo.example.net (foobar) 1 (baz);\r
             dkim (Because I like it) / 1 (One yay) = (wait for it) fail\r
               policy (A dot can go here) . (like that) expired\r
               (this surprised me) = (as I wasn't expecting it) 1362471462
        """,
        "foo.example.net 1; dkim/1=fail policy.expired=1362471462"
      ),
    ] as [(String, String)])
  func readsTheExamplesOfAppendixB(field: String, expected: String) throws {
    #expect(try outline(field) == expected)
  }

  @Test(
    arguments: [
      ("a.example;none", "a.example; none"),
      ("a.example(c);(c)NONE(c)", "a.example; none"),  // no case, comments
      ("(c)a.example;SPF=Pass", "a.example; spf=pass"),
      ("\"a b\" 1;none", "\"a b\" 1; none"),
      ("\"a.example\";none", "a.example; none"),
      ("a.example 01; none", "a.example 1; none"),
      ("a.example(c)1; none", "a.example 1; none"),
      ("bücher.example; none", "\"bücher.example\"; none"),  // §2.5: UTF-8
      ("a; x=y", "a; x=y"),
      ("a;x/2=y", "a; x/2=y"),
      ("a;x=y(c)", "a; x=y (c)"),
      ("a;x=y(c (d) \\) e)", "a; x=y (c \\(d\\) \\) e)"),
      ("a;x=y(c\r\n d)", "a; x=y (c d)"),
      ("a;x=y reason=z", "a; x=y reason=z"),
      ("a;x=y(1)reason=\"z\"(2)", "a; x=y (1) reason=z"),
      ("a;x=y reason=z (2)", "a; x=y (2) reason=z"),
      ("a;x=y reason.b=c", "a; x=y reason.b=c"),  // a property type of that name
      ("a;x=y P.Q=Z", "a; x=y p.q=Z"),
      ("a;x=y p.q=z(c)r.s=t", "a; x=y p.q=z (c) r.s=t"),
      ("a;x=y p.q=\"z\"r.s=t", "a; x=y p.q=z r.s=t"),
      ("a;x=y p . q = z", "a; x=y p.q=z"),
      ("a;x=y p.q=\"\"", "a; x=y p.q=\"\""),
      ("a;x=y p.q=\"a\r\n b\\\"\"", "a; x=y p.q=\"a b\\\"\""),
      ("a;x=y p.q=b@c.example", "a; x=y p.q=b@c.example"),
      ("a;x=y p.q=\"b d\"@c.example", "a; x=y p.q=\"b d\"@c.example"),
      ("a;x=y p.q=\"b d\" (c) @c.example (e)", "a; x=y p.q=\"b d\"@c.example (e)"),
      ("a;x=y p.q=b (c) @c.example", "a; x=y p.q=b@c.example"),
      ("a;x=y p.q=@c.example", "a; x=y p.q=@c.example"),
      ("a;x=y p.q=jörg@c.example", "a; x=y p.q=jörg@c.example"),
      ("a;x=y p.q=abc/def+==", "a; x=y p.q=\"abc/def+==\""),  // wider than the grammar
      ("a;x=y p.q=2001:db8::1", "a; x=y p.q=\"2001:db8::1\""),
      ("a;x=y p.q=<>", "a; x=y p.q=\"<>\""),
      ("a;x=y p.q=\"b\r\n d\" (\"e\") @c.example", "a; x=y p.q=\"b d\"@c.example"),
      ("a;x=y p.q=b (\"e) @c.example", "a; x=y p.q=b@c.example"),
      ("a;x=y p.q= r.s=t@c.example", "a; x=y p.q=r.s=t@c.example"),  // a local part
      ("a;x=y p.q= r.s=t (c) @c.example", "a; x=y p.q=r.s=t@c.example"),
      ("a;x=y p.q= @c.example", "a; x=y p.q=@c.example"),
      ("a;x=y p.q=z ;v=w", "a; x=y p.q=z; v=w"),
      ("a;none=x", "a; none=x"),  // a method of that name
    ] as [(String, String)])
  func reads(field: String, expected: String) throws {
    #expect(try outline(field) == expected)
  }

  @Test(
    arguments: [
      ("", SyntaxError.Reason.missing("authserv-id"), 0),
      (" ; none", .missing("authserv-id"), 1),
      ("a", .missing("result"), 1),
      ("a 1", .missing("result"), 3),
      ("a 2; none", .wrongVersion, 2),
      ("a 0; none", .wrongVersion, 2),
      ("a 4294967296; none", .badValue("authres-version"), 2),
      ("a 1x; none", .unexpectedByte, 3),
      ("a b; none", .unexpectedByte, 2),
      ("a@b; none", .unexpectedByte, 1),
      ("\"a; none", .unexpectedEnd, 8),
      ("(a; none", .unexpectedEnd, 8),
      ("a;", .missing("method"), 2),
      ("a;;x=y", .missing("method"), 2),
      ("a;x=y;", .missing("method"), 6),
      ("a;none;", .unexpectedByte, 6),
      ("a;none;x=y", .unexpectedByte, 6),
      ("a;x=y;none", .unexpectedEnd, 10),
      ("a;x", .unexpectedEnd, 3),
      ("a;x y", .unexpectedByte, 4),
      ("a;x=", .missing("result"), 4),
      ("a;x=;", .missing("result"), 4),
      ("a;x-=y", .badValue("method"), 2),
      ("a;x_z=y", .unexpectedByte, 3),
      ("a;x/=y", .badValue("method-version"), 4),
      ("a;x/4294967296=y", .badValue("method-version"), 4),
      ("a;x=y p", .unexpectedEnd, 7),
      ("a;x=y p.", .missing("property"), 8),
      ("a;x=y p.q", .unexpectedEnd, 9),
      ("a;x=y p.q=", .missing("value"), 10),
      ("a;x=y p.q=;v=w", .missing("value"), 10),
      ("a;x=y p.q= r.s=t", .missing("value"), 11),  // no token holds an equals sign
      ("a;x=y p.q= reason=t", .missing("value"), 11),
      ("a;x=y p=q", .unexpectedByte, 7),
      ("a;x=y .q=z", .unexpectedByte, 6),
      ("a;x=y p.q=z reason=r", .unexpectedByte, 18),  // the reason stands first
      ("a;x=y reason=r reason=s", .unexpectedByte, 21),
      ("a;x=y p.q=z w", .unexpectedEnd, 13),
      ("a;x=y p.q=z)", .unexpectedByte, 11),
      ("a;x=y p.q=\"z", .unexpectedEnd, 12),
      ("a;x=y p.q=z\r\n", .unexpectedByte, 11),
      ("a;x=y p.q=z\nv=w", .unexpectedByte, 11),
      ("a;x=y p.q=z\0", .unexpectedByte, 11),
      ("a;x=y p.q=\"z\u{1}\"", .unexpectedByte, 12),
    ] as [(String, SyntaxError.Reason, Int)])
  func rejects(field: String, reason: SyntaxError.Reason, offset: Int) {
    #expect(throws: SyntaxError(reason, at: offset)) { try parse(field) }
  }

  @Test func rejectsWhatIsNotUTF8() {
    #expect(throws: SyntaxError(.badValue("UTF-8"), at: 12)) {
      try AuthenticationResults(parsing: Array("a; x=y (bad ".utf8)[...11] + [0xFF] + [0x29])
    }
  }

  @Test func findsAPropertyByTypeAndName() throws {
    let result = try #require(
      try parse("a;x=y SMTP.MailFrom=\"one two\" smtp.mailfrom=b header.d=c").results.first)
    #expect(result["smtp", "mailfrom"] == "one two")
    #expect(result["header", "d"] == "c")
    #expect(result["header", "i"] == nil)
  }

  @Test func boundsTheResults() throws {
    let maximum = AuthenticationResults.maximumResults
    let results = String(repeating: ";x=y", count: maximum)
    #expect(try parse("a" + results).results.count == maximum)
    #expect(throws: SyntaxError(.tooLong("list of results"), at: 4 * maximum + 2)) {
      try parse("a" + results + ";x=y")
    }
  }

  @Test func boundsTheProperties() throws {
    let maximum = AuthenticationResults.maximumProperties
    let properties = String(repeating: " p.q=z", count: maximum)
    #expect(try parse("a;x=y" + properties).results.first?.properties.count == maximum)
    #expect(throws: SyntaxError(.tooLong("list of properties"), at: 6 * maximum + 6)) {
      try parse("a;x=y" + properties + " p.q=z")
    }
  }

  /// One mebibyte of one trick: each octet is read once, or a bound is met.
  @Test(arguments: [
    "(", "()", ";", ";x=y", "a", "\"", " ", "\r\n ", "a;", "=", " p.q=z", "\\", "1", "é", "a.b ",
  ])
  func endsOnLongFields(pattern: String) {
    for start in ["", "a", "a;", "a;x=y", "a;x=y p.q=", "a;x=y p.q=\""] {
      let field = start + String(repeating: pattern, count: (1 << 20) / 6 / pattern.utf8.count)
      let octets = Array(field.utf8)
      let parsed = try? AuthenticationResults(parsing: octets)
      #expect((parsed?.results.count ?? 0) <= AuthenticationResults.maximumResults)
      #expect(!AuthenticationResults.claims(authservID: "mx.example", in: octets))
    }
  }
}
