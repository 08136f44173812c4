import Authentication
import MailTesting
import Testing
import Wire

/// The identifier, then each result with its reason and properties; no comments.
private func outline(_ field: String) throws -> [String] {
  let parsed = try AuthenticationResults(parsing: Array(field.utf8), .asInUse)
  return [parsed.authservID]
    + parsed.results.map { result in
      let reason = result.reason.map { " reason=\($0)" } ?? ""
      let properties = result.properties.map { " \($0.type).\($0.name)=\($0.value)" }
      return "\(result.method)=\(result.result)\(reason)\(properties.joined())"
    }
}

@Suite("Authentication-Results as large senders write them")
struct AuthenticationResultsInUseTests {
  @Test(
    arguments: [
      // The shape of Gmail
      (
        """
         mx.google.example;\r
               dkim=pass header.i=@a.example header.s=20230601 header.b=AbC+/1==;\r
               arc=pass (i=2 spf=pass spfdomain=a.example dmarc=pass fromdomain=a.example);\r
               spf=pass (google.example: domain of "b c"@a.example designates 192.0.2.1 as\r
         permitted sender) smtp.mailfrom="b c"@a.example;\r
               dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=a.example;\r
               dara=pass header.i=@b.example
        """,
        [
          "mx.google.example",
          "dkim=pass header.i=@a.example header.s=20230601 header.b=AbC+/1==", "arc=pass",
          "spf=pass smtp.mailfrom=\"b c\"@a.example", "dmarc=pass header.from=a.example",
          "dara=pass header.i=@b.example",
        ]
      ),
      // The shape of Microsoft 365 in ARC
      (
        "mx.microsoft.example 1; spf=pass (sender ip is 192.0.2.1) smtp.rcpttodomain=b.example"
          + " smtp.mailfrom=a.example; dmarc=pass (p=none sp=none pct=100) action=none"
          + " header.from=a.example; dkim=pass (signature was verified) header.d=a.example;"
          + " arc=pass (0 oda=1 ltdi=1 spf=[1,1,smtp.mailfrom=a.example]"
          + " dmarc=[1,1,header.from=a.example])",
        [
          "mx.microsoft.example",
          "spf=pass smtp.rcpttodomain=b.example smtp.mailfrom=a.example",
          "dmarc=pass .action=none header.from=a.example", "dkim=pass header.d=a.example",
          "arc=pass",
        ]
      ),
      // The same without an identifier
      (
        "spf=pass (sender IP is 192.0.2.1)\r\n smtp.mailfrom=a.example; dkim=none (message not"
          + " signed)\r\n header.d=none;dmarc=bestguesspass action=none"
          + " header.from=a.example;compauth=pass reason=109",
        [
          "", "spf=pass smtp.mailfrom=a.example", "dkim=none header.d=none",
          "dmarc=bestguesspass .action=none header.from=a.example", "compauth=pass reason=109",
        ]
      ),
      (
        "spf=none smtp.mailfrom=; b.example; dkim=none;b.example; dmarc=none",
        ["", "spf=none smtp.mailfrom=", "dkim=none", "dmarc=none"]
      ),
      // The shape of Yahoo
      (
        "atlas101.mail.ne1.yahoo.example;\r\n dkim=pass header.i=@a.example header.s=s1;\r\n"
          + " spf=pass smtp.mailfrom=a.example;\r\n dmarc=pass(p=REJECT) header.from=a.example;",
        [
          "atlas101.mail.ne1.yahoo.example", "dkim=pass header.i=@a.example header.s=s1",
          "spf=pass smtp.mailfrom=a.example", "dmarc=pass header.from=a.example",
        ]
      ),
      (
        "mta1.mail.yahoo.example  from=a.example; domainkeys=neutral (no sig);  from=a.example;"
          + " dkim=pass (ok)",
        ["mta1.mail.yahoo.example", "domainkeys=neutral", "dkim=pass"]
      ),
      // The shape of Fastmail
      (
        "mx1.messagingengine.example;\r\n    x-csa=none;\r\n    x-me-sender=none;\r\n"
          + "    x-ptr=pass smtp.helo=mx.a.example policy.ptr=mx.a.example;\r\n"
          + "    bimi=skipped (DMARC did not pass);\r\n    arc=none (no signatures found);\r\n"
          + "    dkim=pass (2048-bit rsa key sha256) header.d=a.example header.i=@a.example\r\n"
          + "      header.b=Ab/d+Ef= header.a=rsa-sha256 header.s=s1 x-bits=2048;\r\n"
          + "    dmarc=pass policy.published-domain-policy=none\r\n"
          + "      policy.evaluated-disposition=none (p=none,d=none,d.eval=none)\r\n"
          + "      policy.policy-from=p header.from=a.example;\r\n"
          + "    x-return-mx=pass header.domain=a.example policy.is_org=yes\r\n"
          + "      (MX Records found: mx.a.example);\r\n"
          + "    x-tls=pass smtp.version=TLSv1.3 smtp.cipher=TLS_AES_256_GCM_SHA384\r\n"
          + "      smtp.bits=256/256;\r\n    x-vs=clean score=-100 state=0",
        [
          "mx1.messagingengine.example", "x-csa=none", "x-me-sender=none",
          "x-ptr=pass smtp.helo=mx.a.example policy.ptr=mx.a.example", "bimi=skipped", "arc=none",
          "dkim=pass header.d=a.example header.i=@a.example header.b=Ab/d+Ef= "
            + "header.a=rsa-sha256 header.s=s1 .x-bits=2048",
          "dmarc=pass policy.published-domain-policy=none policy.evaluated-disposition=none "
            + "policy.policy-from=p header.from=a.example",
          "x-return-mx=pass header.domain=a.example policy.is_org=yes",
          "x-tls=pass smtp.version=TLSv1.3 smtp.cipher=TLS_AES_256_GCM_SHA384 smtp.bits=256/256",
          "x-vs=clean .score=-100 .state=0",
        ]
      ),
      // The shape of mailing lists and of milters that seal
      (
        "lists.example;\r\n\tdkim=pass (2048-bit key; unprotected) header.d=a.example"
          + " header.i=@a.example header.a=rsa-sha256\r\n\theader.b=AbCdEf12;\r\n"
          + "\tdmarc=pass (Used From Domain Record) header.from=a.example policy.dmarc=none;\r\n"
          + "\tspf=pass (mx: domain of b@a.example designates 192.0.2.1 as permitted sender)"
          + " smtp.mailfrom=b@a.example;\r\n\tarc=none smtp.remote-ip=2001:db8::1",
        [
          "lists.example",
          "dkim=pass header.d=a.example header.i=@a.example header.a=rsa-sha256 "
            + "header.b=AbCdEf12", "dmarc=pass header.from=a.example policy.dmarc=none",
          "spf=pass smtp.mailfrom=b@a.example", "arc=none smtp.remote-ip=2001:db8::1",
        ]
      ),
      (
        "esa.example; dkim=pass (signature verified) header.i=@a.example; spf=Pass"
          + " smtp.mailfrom=b@a.example; spf=None smtp.helo=postmaster@mx.a.example; dmarc=pass"
          + " (p=none dis=none) d=a.example",
        [
          "esa.example", "dkim=pass header.i=@a.example", "spf=pass smtp.mailfrom=b@a.example",
          "spf=none smtp.helo=postmaster@mx.a.example", "dmarc=pass .d=a.example",
        ]
      ),
    ] as [(String, [String])])
  func areRead(field: String, expected: [String]) throws {
    #expect(try outline(field) == expected)
  }

  @Test(
    arguments: [
      ("a; x=y;", ["x=y"]),
      ("a; x=y ; ", ["x=y"]),
      ("a; x=y;;(c); ;z=w", ["x=y", "z=w"]),
      ("a;;x=y", ["x=y"]),
      ("a", []),
      ("a;", []),
      ("a; none", []),
      ("a; none;", []),
      ("a 1 b c; x=y", ["x=y"]),  // text behind the identifier
      ("a (c) \"d; e\" f; x=y", ["x=y"]),
      ("x=y", ["x=y"]),  // no identifier
      (" (c) x/1=y; z=w", ["x=y", "z=w"]),
      ("a; x=y p.q=z reason=r", ["x=y reason=r p.q=z"]),
      ("a; x=y p.q=z (c) reason=\"r s\" t.u=v", ["x=y reason=r s p.q=z t.u=v"]),
      ("a; x=y reason=r reason=s", ["x=y reason=r .reason=s"]),
      ("a; x=y reason= p.q=z", ["x=y reason= p.q=z"]),
      ("a; x=y reason=;", ["x=y reason="]),
      ("a; x=y p=q", ["x=y .p=q"]),
      ("a; x=y p=\"q r\" s", []),  // a name without a value
      ("a; x=y p=", ["x=y .p="]),
      ("a; x=y p.q=", ["x=y p.q="]),
      ("a; x=y p.q=;z=w", ["x=y p.q=", "z=w"]),
      ("a; x=y p.q= ;z=w", ["x=y p.q=", "z=w"]),
      ("a; x=y p.q= r.s=t", ["x=y p.q= r.s=t"]),
      ("a; x=y p.q= (c) r.s=t", ["x=y p.q= r.s=t"]),
      ("a; x=y p.q=\r\n r.s=t", ["x=y p.q= r.s=t"]),
      ("a; x=y p.q= r.s=", ["x=y p.q= r.s="]),
      ("a; x=y p.q= reason=r", ["x=y reason=r p.q="]),
      ("a; x=y p.q= Reason=\"r s\"", ["x=y reason=r s p.q="]),
      ("a; x=y p.q= reason=r@t.example", ["x=y p.q=reason=r@t.example"]),
      ("a; x=y p.q= r=s", ["x=y p.q=r=s"]),
      ("a; x=y p.q= z", ["x=y p.q=z"]),  // a blank before a value
      ("a; x=y p.q= r.s", ["x=y p.q=r.s"]),
      ("a; x=y p.q= r.s=t@u.example", ["x=y p.q=r.s=t@u.example"]),  // a local part may be so
      ("a; x=y p.q= r.s=t (c) @u.example", ["x=y p.q=r.s=t@u.example"]),
      ("a; x=y p_q.r_s=t_u", ["x=y p_q.r_s=t_u"]),
      ("a; x_y=z_w", ["x_y=z_w"]),
      ("a; x=y p.q=\"a\r\n b\"@c.example", ["x=y p.q=\"a b\"@c.example"]),
      ("a; x=y p.q=a=b/c=", ["x=y p.q=a=b/c="]),
      ("a; x=y p.q=[192.0.2.1]", ["x=y p.q=[192.0.2.1]"]),
      ("a; x=y p.q=<b@c.example>", ["x=y p.q=<b@c.example>"]),
    ] as [(String, [String])])
  func areReadGenerously(field: String, expected: [String]) throws {
    #expect(try outline(field).dropFirst() == expected[...])
  }

  /// What cannot be read is left out whole, and the next result is read again.
  @Test(
    arguments: [
      "garbage", "x", "x y", "=y", "x=", "x==y", "x=.", "x=y z", "x=y .q=z", "x=y p.=z", "x=y p.q",
      "x=y)", "x=y p.q=a)b", "x=y p.q=a\\b", "x=y p.q=a\"b\"", "x/=y", "x/y=z", "-", "x-=y", "x=y-",
      "x=y p.q=z, w", "\"x\"=y", "(c)", "x=y \u{1}", "x=y\n", "x=y\r", "@", "é=y", "none", "1.2=3",
      "x=\"y\"", "x(\u{1})=y", "x=y p.q=\"\u{1}\"", "x=y p.q=\"a\\\u{1}\"",
    ])
  func areLeftOutAlone(broken: String) throws {
    for field in ["a; \(broken); m=n", "a;\(broken) ;m=n;", "a; k=l; \(broken); m=n"] {
      let methods = try AuthenticationResults(parsing: Array(field.utf8), .asInUse).results
        .map(\.method)
      #expect(methods == (field.contains("k=l") ? ["k", "m"] : ["m"]), "\(field)")
    }
  }

  /// Text of a stranger in a comment or a quoted string, or behind one that does not end.
  @Test(
    arguments: [
      "mx; spf=fail (; dmarc=pass header.from=victim.example)",
      "mx; spf=fail (a; dmarc=pass header.from=victim.example) smtp.mailfrom=b.example",
      "mx; spf=fail (a(b); dmarc=pass header.from=victim.example)",
      "mx; spf=fail (a\\); dmarc=pass header.from=victim.example)",
      "mx; spf=fail reason=\"; dmarc=pass header.from=victim.example\"",
      "mx; spf=fail smtp.mailfrom=\"; dmarc=pass header.from=victim.example; \"@b.example",
      "mx; spf=fail smtp.mailfrom=\"\\\"; dmarc=pass header.from=victim.example; \"@b.example",
      "mx; spf=fail \"; dmarc=pass header.from=victim.example; \"",
      "mx; garbage \"; dmarc=pass header.from=victim.example; \"",
      "mx; garbage (; dmarc=pass header.from=victim.example; )",
      "mx; garbage (\"; dmarc=pass header.from=victim.example; )",
      "mx (; dmarc=pass header.from=victim.example)",
      "mx \"; dmarc=pass header.from=victim.example\"",
      "\"mx; dmarc=pass header.from=victim.example\"; spf=pass",
      "(; dmarc=pass header.from=victim.example) mx; spf=pass",
      // No end
      "mx; spf=fail (a; dmarc=pass header.from=victim.example",
      "mx; spf=fail ((a); dmarc=pass header.from=victim.example",
      "mx; spf=fail (a\\); dmarc=pass header.from=victim.example",
      "mx; spf=fail \"; dmarc=pass header.from=victim.example",
      "mx; spf=fail smtp.mailfrom=a\"; dmarc=pass header.from=victim.example",
      "mx; spf=fail smtp.mailfrom=\"a\\\"; dmarc=pass header.from=victim.example",
      "mx; spf=fail smtp.mailfrom=a\\\"; dmarc=pass header.from=victim.example",
      "mx \"; dmarc=pass header.from=victim.example",
      "mx; garbage\" (; dmarc=pass header.from=victim.example",
    ])
  func areNeverInvented(field: String) throws {
    let parsed = try AuthenticationResults(parsing: Array(field.utf8), .asInUse)
    #expect(parsed.results.allSatisfy { $0.method != "dmarc" })
  }

  /// Deeper than comments may nest: the result is left out, its comment is not opened.
  @Test func areNotFoundInDeepComments() throws {
    let deep = String(repeating: "(", count: 100) + "; dmarc=pass header.from=victim.example"
    let closed = deep + String(repeating: ")", count: 100)
    for field in ["mx; spf=pass \(deep)", "mx; spf=pass \(closed); x=y"] {
      let methods = try AuthenticationResults(parsing: Array(field.utf8), .asInUse).results
        .map(\.method)
      #expect(methods == (field.hasSuffix("x=y") ? ["x"] : []))
    }
  }

  @Test(
    arguments: [
      ("", SyntaxError.Reason.missing("authserv-id"), 0),
      ("; x=y", .missing("authserv-id"), 0),
      ("@; x=y", .unexpectedByte, 0),
      ("a 2; x=y", .wrongVersion, 2),
      ("a 0; x=y", .wrongVersion, 2),
      ("a 4294967296; x=y", .badValue("authres-version"), 2),
      ("\"a; x=y", .unexpectedEnd, 7),
      ("(a; x=y", .unexpectedEnd, 7),
    ] as [(String, SyntaxError.Reason, Int)])
  func areRefusedWithoutAHead(field: String, reason: SyntaxError.Reason, offset: Int) {
    #expect(throws: SyntaxError(reason, at: offset)) { try outline(field) }
  }

  @Test func mayHoldOctetsThatAreNotUTF8() throws {
    let field = Array("a; spf=pass (M".utf8) + [0xFC] + Array("ller) p.q=".utf8) + [0xFC]
    #expect(throws: SyntaxError.self) { try AuthenticationResults(parsing: field) }
    let parsed = try AuthenticationResults(parsing: field, .asInUse)
    #expect(parsed.results.first?["p", "q"] == "\u{FFFD}")
  }

  @Test func areReadUpToTheBounds() throws {
    let maximum = AuthenticationResults.maximumResults
    let results = String(repeating: ";;x=y;z", count: maximum)
    #expect(try outline("a" + results).count == maximum + 1)
    #expect(throws: SyntaxError(.tooLong("list of results"), at: 7 * maximum + 3)) {
      try outline("a" + results + ";;x=y")
    }
    let properties = String(repeating: " p=q", count: AuthenticationResults.maximumProperties)
    #expect(try outline("a; x=y\(properties); z=w").count == 3)
    #expect(try outline("a; x=y\(properties) p=q; z=w") == ["a", "z=w"])
  }

  @Test(arguments: [
    "(", "()", ";", ";x=y", "a", "\"", " ", "\r\n ", "a;", "=", " p.q=z", " p.q= ", "\\", "1", "é",
    "a.b ", "x=y(", ";x=\"", " p=", "(c) p.q= ",
  ])
  func areReadInLinearTime(pattern: String) {
    for start in ["", "a", "a;", "a;x=y", "a;x=y p.q=", "a;x=y p.q= ", "a;x=y p.q=\""] {
      let field = start + String(repeating: pattern, count: (1 << 16) / pattern.utf8.count)
      let parsed = try? AuthenticationResults(parsing: Array(field.utf8), .asInUse)
      #expect((parsed?.results.count ?? 0) <= AuthenticationResults.maximumResults)
    }
  }

  @Test func arePrintedStrictly() throws {
    let parsed = try AuthenticationResults(
      parsing: Array("mx; dmarc=pass action=none p_q.r= reason=\"a b\" ;".utf8), .asInUse)
    let printed = parsed.fieldValue(folded: false)
    #expect(printed == "mx; dmarc=pass reason=\"a b\" x.action=none pq.r=\"\"")
    #expect(throws: Never.self) { try AuthenticationResults(parsing: Array(printed.utf8)) }
  }
}

@Suite("Authentication-Results, both forms over made-up fields")
struct AuthenticationResultsFormTests {
  private static let pieces = [
    "x", "dmarc", "pass", "header", "from", "reason", "none", "1", "=", "=", ".", ";", ";", " ",
    " ", "/", "@", "(c)", "(", ")", "\"a\"", "\"", "\\", "_", "-", "\r\n ", "\r", "é", "a.example",
    "; x=y", " p.q=", " header.from=a.example", "; dmarc=pass", "(; dmarc=pass)", " a=b",
    "\"; x=y\"", ",", "<a@b>",
  ]

  private func text(_ generator: inout RandomSource, upTo count: Int) -> String {
    (0..<Int.random(in: 0...count, using: &generator)).map { _ in
      Self.pieces.randomElement(using: &generator) ?? ""
    }.joined()
  }

  /// A field that follows the grammar says the same in both forms; no field crashes either.
  @Test(arguments: 0..<32)
  func agreeOnWhatIsStrict(seed: UInt64) throws {
    var generator = RandomSource(seed: seed)
    var valid = 0
    for _ in 0..<1500 {
      let field = Array(("mx; x=y" + text(&generator, upTo: 6)).utf8)
      guard let strict = try? AuthenticationResults(parsing: field) else {
        _ = try? AuthenticationResults(parsing: field, .asInUse)
        continue
      }
      valid += 1
      #expect(try AuthenticationResults(parsing: field, .asInUse) == strict)
    }
    #expect(valid > 50)
  }

  @Test(arguments: 0..<16)
  func areTotal(seed: UInt64) {
    var generator = RandomSource(seed: seed)
    for _ in 0..<1000 {
      let field = Array(text(&generator, upTo: 16).utf8)
      guard let parsed = try? AuthenticationResults(parsing: field, .asInUse) else { continue }
      let printed = Array(parsed.fieldValue().utf8)
      let read = try? AuthenticationResults(parsing: printed)
      #expect(read?.results.map(\.method.count) == parsed.results.map { method($0).count })
    }
  }

  /// What printing leaves of a method: no underscores.
  private func method(_ result: MethodResult) -> String {
    let letters = result.method.filter { $0 != "_" }
    return letters.isEmpty ? "x" : letters
  }

  /// Whatever a stranger writes into a comment or a quoted string, if its specials are escaped:
  /// the results are those without it.
  @Test(arguments: 0..<16)
  func keepStrangersTextInside(seed: UInt64) throws {
    var generator = RandomSource(seed: seed)
    for _ in 0..<500 {
      let hostile = text(&generator, upTo: 8).filter {
        !["\\", "\"", "(", ")", "\r", "\n", "\r\n"].contains($0)
      }
      for field in [
        "mx; spf=fail (\(hostile)) p.q=r; m=n;", "mx; spf=fail reason=\"\(hostile)\" p=q; m=n",
        "mx (\(hostile)); spf=fail; m=n", "mx; spf=fail p.q=\"\(hostile)\"@a.example action=x;;m=n",
      ] {
        let parsed = try AuthenticationResults(parsing: Array(field.utf8), .asInUse)
        #expect(parsed.results.map(\.method) == ["spf", "m"], "\(field)")
      }
    }
  }
}
