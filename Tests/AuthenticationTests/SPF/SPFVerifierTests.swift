import Authentication
import DNS
import MailTesting
import Testing
import Wire

@Suite("SPF check_host(), RFC 7208 §2 to §6")
struct SPFVerifierTests {
  private func check(
    _ zone: String, sender: String = "u@d.example", helo: String = "mx.example.org",
    client: String = "192.0.2.1"
  ) async throws -> SPFVerdict {
    await SPFVerifier(resolver: try spfZone(zone)).check(
      client: try IPAddress(parsing: client), helo: helo, mailFrom: Array(sender.utf8), now: 0,
      clock: ManualClock())
  }

  @Test(arguments: [
    ("h.example", "u@d.example", SPFResult.pass, SPFResult.fail),
    ("d.example", "u@h.example", .fail, .pass),
    ("h.example", "", .pass, .pass),  // §2.4: postmaster@HELO
    ("d.example", "", .fail, .fail),
    ("h.example", "u@none.example", .pass, .none),
    ("[192.0.2.1]", "u@h.example", .none, .pass),
    ("[IPv6:2001:db8::1]", "", .none, .none),
    ("192.0.2.1", "", .none, .none),
    ("localhost", "u@h.example", .none, .pass),
    ("h.example.", "u@h.example", .pass, .pass),
    ("H.EXAMPLE", "u@H.Example", .pass, .pass),
    ("", "", .none, .none),
    ("not a name", "u@h.example", .none, .pass),
  ])
  func judgesIdentitiesApart(
    helo: String, sender: String, heloResult: SPFResult, mailFromResult: SPFResult
  ) async throws {
    let verdict = try await check(
      "h.example TXT v=spf1 ip4:192.0.2.1 -all\nd.example TXT v=spf1 -all",
      sender: sender, helo: helo)
    #expect(verdict.helo.result == heloResult)
    #expect(verdict.mailFrom.result == mailFromResult)
    #expect(verdict.helo.identity == .helo)
    #expect(verdict.mailFrom.identity == .mailFrom)
  }

  @Test(arguments: [
    ("u@d.example", "u", "d.example"),
    ("@d.example", "postmaster", "d.example"),  // §4.3
    ("d.example", "postmaster", "d.example"),
    ("\"a@b\"@d.example", "\"a@b\"", "d.example"),
    ("@a.example,@b.example:u@d.example", "u", "d.example"),  // source route
    ("@a.example:@d.example", "postmaster", "d.example"),
    ("a%b.example@d.example", "a%b.example", "d.example"),
    ("d.example!u@e.example", "d.example!u", "e.example"),
    ("u@B\u{FC}cher.example", "u", "xn--bcher-kva.example"),  // RFC 8616 §4
    ("\u{FC}@d.example", "\u{FC}", "d.example"),
    ("u@d.example.", "u", "d.example"),
  ])
  func takesTheSenderApart(sender: String, localPart: String, domain: String) async throws {
    let check = try await check("", sender: sender).mailFrom
    #expect(check.localPart == Array(localPart.utf8))
    #expect(check.domain?.description == domain)
  }

  @Test(arguments: [
    "u@", "u@localhost", "u@[192.0.2.1]", "u@192.0.2.1", "u@a..example", "u@d.example..",
    "u@\(String(repeating: "x", count: 64)).example", "postmaster", "@",
    "u@d.example(.h.example", "u@d.example\r\n", "u@d\u{0}.example",
  ])
  func findsNoDomain(sender: String) async throws {
    let check = try await check("", sender: sender).mailFrom
    #expect(check.result == .none)
    #expect(check.domain == nil)
    #expect(check.reason != nil)
    #expect(check.lookups == 0)
  }

  @Test(arguments: [
    ("v=spf1", SPFResult.neutral, "default" as String?),
    ("v=spf1 ?all", .neutral, "?all"),
    ("v=spf1 +ALL", .pass, "+ALL"),  // as published
    ("v=spf1 ~all", .softfail, "~all"),
    ("v=spf1 ip4:192.0.2.0/24 -all", .pass, "ip4:192.0.2.0/24"),
    ("v=spf1 -ip4:0.0.0.0/0 +all", .fail, "-ip4:0.0.0.0/0"),
    ("v=spf1 ip6:::ffff:192.0.2.1 -all", .fail, "-all"),  // §5: never by ip6
    ("v=spf1 ip6:::/0 -all", .fail, "-all"),
    ("v=spf1 a:h.example/0 -all", .pass, "a:h.example/0"),
    ("v=spf1 redirect=p.example", .pass, "ip4:192.0.2.1"),
    ("v=spf1 redirect=p.example -all", .fail, "-all"),
    ("v=spf1 redirect=h.example", .permerror, nil),  // §6.1: no record there
    ("v=spf1 redirect=localhost.", .permerror, nil),
    ("v=spf1 redirect=a..example", .permerror, nil),
    ("v=spf1 include:a..example -all", .permerror, nil),
    ("v=spf1 a:a..example mx:a..example exists:a..example ptr:a..example -all", .fail, "-all"),
    ("v=spf1 redirect=%{h}", .permerror, nil),  // expands to one label
    ("v=spf1 moo -all", .permerror, nil),
    ("v=spf1 +all moo", .permerror, nil),  // §4.6: anywhere
  ])
  func evaluates(record: String, result: SPFResult, mechanism: String?) async throws {
    // §5: an IPv4-mapped client is an IPv4 client.
    for client in ["192.0.2.1", "::ffff:192.0.2.1"] {
      let check = try await check(
        """
        d.example TXT \(record)
        p.example TXT v=spf1 ip4:192.0.2.1 -all
        h.example A 198.51.100.1
        """, helo: "localhost", client: client
      ).mailFrom
      #expect(check.result == result)
      #expect(check.mechanism == mechanism)
      #expect(check.record == record)
      #expect((check.reason == nil) == [.pass, .neutral].contains(result))
      #expect(check.evidence.last?.outcome == result.rawValue)
    }
  }

  /// §5.2: the table.
  @Test(arguments: [
    ("v=spf1 +all", SPFResult.pass),
    ("v=spf1 -all", .softfail),
    ("v=spf1 ~all", .softfail),
    ("v=spf1 ?all", .softfail),
    ("v=spf1", .softfail),
    ("v=spf1 a:fail.example", .temperror),
    ("v=spf1 moo", .permerror),
    ("no SPF here", .permerror),
  ])
  func includes(record: String, result: SPFResult) async throws {
    let check = try await check(
      """
      d.example TXT v=spf1 include:i.example ~all
      i.example TXT \(record)
      fail.example FAIL
      """
    ).mailFrom
    #expect(check.result == result)
    if result == .pass { #expect(check.mechanism == "include:i.example") }
  }

  /// A failing resolver gives neither none nor pass, whatever stands behind it.
  @Test(arguments: [
    "a:fail.example", "mx:fail.example", "mx:m.example", "exists:fail.example",
    "include:fail.example", "redirect=fail.example",
  ])
  func reportsFailures(term: String) async throws {
    let all = term.hasPrefix("redirect") ? "" : "+all"
    let zone = "d.example TXT v=spf1 \(term) \(all)\nm.example MX fail.example\nfail.example FAIL"
    let check = try await check(zone).mailFrom
    #expect(check.result == .temperror)
    #expect(check.reason?.contains("fail.example") == true)
    #expect(try await self.check(zone, sender: "u@fail.example").mailFrom.result == .temperror)
  }

  @Test(arguments: [
    LookupFailure.timeout, .serverFailure("SERVFAIL"), .bogus("expired"), .aliasLoop, .cancelled,
  ])
  func takesEveryFailureForTemporary(failure: LookupFailure) async throws {
    let domain = try DomainName(parsing: "d.example")
    let verifier = SPFVerifier(resolver: ScriptedResolver([domain: [.failure(failure)]]))
    let verdict = await verifier.check(
      client: .v4(1), helo: "d.example", mailFrom: Array("u@d.example".utf8), now: 0,
      clock: ManualClock())
    #expect(verdict.mailFrom.result == .temperror)
    #expect(verdict.helo.result == .temperror)
  }

  /// §5.5: DNS errors in reverse look-ups are no errors of the check.
  @Test(arguments: [
    ("1.2.0.192.in-addr.arpa FAIL", SPFResult.softfail),
    ("1.2.0.192.in-addr.arpa PTR x.d.example y.d.example\nx.d.example FAIL", .pass),
    ("1.2.0.192.in-addr.arpa PTR x.d.example\nx.d.example FAIL", .softfail),
    ("1.2.0.192.in-addr.arpa PTR y.d.example", .pass),
    ("1.2.0.192.in-addr.arpa PTR d.example.evil.example", .softfail),
  ])
  func survivesReverseFailures(zone: String, result: SPFResult) async throws {
    let check = try await check(
      "d.example TXT v=spf1 ptr ~all\ny.d.example A 192.0.2.1\n" + zone
    ).mailFrom
    #expect(check.result == result)
  }

  @Test func refusesTwoRecords() async throws {
    let check = try await check("d.example TXTS v=spf1 +all|v=spf1 -all|x").mailFrom
    #expect(check.result == .permerror)
    #expect(check.syntaxError == nil)
    #expect(try await self.check("d.example TXTS v=spf1 +all|v=spf10|x").mailFrom.result == .pass)
  }

  @Test func pointsAtTheBrokenOctet() async throws {
    let check = try await check("d.example TXT v=spf1 ip4:192.0.2.1/33 \u{1B}[2J -all").mailFrom
    #expect(check.syntaxError == SyntaxError(.badValue("prefix length"), at: 21))
    #expect(check.record == "v=spf1 ip4:192.0.2.1/33 \u{FFFD}[2J -all")
    #expect(check.evidence.allSatisfy { !$0.found.utf8.contains(0x1B) })
  }

  /// §6.2: whose explanation is used, and when none is.
  @Test(arguments: [
    ("v=spf1 -all exp=e.example", "why" as String?),
    ("v=spf1 exp=e.example -ip4:192.0.2.1", "why"),
    ("v=spf1 ~all exp=e.example", nil),  // only for fail
    ("v=spf1 redirect=r.example exp=e.example", "redirected"),
    ("v=spf1 redirect=s.example exp=e.example", nil),  // s has none: ours is not used
    ("v=spf1 include:r.example -all", nil),
    ("v=spf1 -include:p.example +all exp=e.example", "why"),
    ("v=spf1 -all exp=two.example", nil),
    ("v=spf1 -all exp=nowhere.example", nil),
    ("v=spf1 -all exp=fail.example", nil),
    ("v=spf1 -all exp=empty.example", nil),
    ("v=spf1 -all exp=a..example", nil),
    ("v=spf1 -all exp=%{i}.%{d}", "by address"),
  ])
  func explains(record: String, explanation: String?) async throws {
    let check = try await check(
      """
      d.example TXT \(record)
      r.example TXT v=spf1 -all exp=f.example
      s.example TXT v=spf1 -all
      p.example TXT v=spf1 +all exp=f.example
      e.example TXT why
      f.example TXT redirected
      two.example TXTS one|two
      fail.example FAIL
      empty.example TXT
      192.0.2.1.d.example TXT by address
      """
    ).mailFrom
    #expect(check.explanation == explanation)
  }

  /// RFC 8616 §4: such terms match nothing, and DNS is not asked.
  @Test(arguments: [
    ("v=spf1 exists:%{l}.x.example exists:%{S}.x.example include:%{l}.x.example -all", "-all"),
    ("v=spf1 a:%{l1r-}.x.example ~all", "~all"),
    ("v=spf1 redirect=%{l}.x.example", "default"),
    ("v=spf1 exists:%{o}.x.example -all", "exists:%{o}.x.example"),
  ])
  func neverMatchesNonASCIILocalParts(record: String, mechanism: String) async throws {
    let resolver = try spfZone(
      """
      xn--bcher-kva.example TXT \(record)
      xn--bcher-kva.example.x.example A 127.0.0.2
      """)
    let check = await SPFVerifier(resolver: resolver).check(
      .mailFrom, client: .v4(1), helo: [], mailFrom: Array("j\u{FC}rgen@bücher.example".utf8),
      now: 0, clock: ManualClock())
    #expect(check.mechanism == mechanism)
    #expect(resolver.questions.allSatisfy { !$0.name.description.contains("\\") })
  }

  /// What only the client can spell is no name: control octets and octets over 127.
  @Test(arguments: ["a\u{0}b", "a\nb", "caf\u{E9} x", "."])
  func asksNothingForHostileNames(helo: String) async throws {
    let resolver = try spfZone("d.example TXT v=spf1 exists:%{h}.x.example ~all")
    let verdict = await SPFVerifier(resolver: resolver).check(
      client: .v4(1), helo: helo, mailFrom: Array("u@d.example".utf8), now: 0, clock: ManualClock())
    #expect(verdict.mailFrom.result == .softfail)
    #expect(resolver.questions.count == 1)
  }

  @Test func convertsTheHELOName() async throws {
    let resolver = try spfZone("d.example TXT v=spf1 exists:%{h}.x.example ~all")
    _ = await SPFVerifier(resolver: resolver).check(
      client: .v4(1), helo: "bücher.example", mailFrom: Array("u@d.example".utf8), now: 0,
      clock: ManualClock())
    #expect(
      resolver.questions.contains { $0.name.description == "xn--bcher-kva.example.x.example" })
  }

  @Test func showsItsEvidence() async throws {
    let check = try await check(
      """
      d.example TXT v=spf1 mx include:i.example -all
      d.example MX m.example
      m.example A 198.51.100.1
      i.example TXT v=spf1 ip4:192.0.2.1
      """
    ).mailFrom
    #expect(
      check.evidence.map { [$0.step, $0.subject, $0.found, $0.outcome, $0.cites] } == [
        [
          "spf record", "d.example", "v=spf1 mx include:i.example -all", "valid",
          "RFC 7208 §4.6",
        ],
        [
          "spf mechanism", "d.example mx", "MX d.example: 0 m.example; A m.example: 198.51.100.1",
          "no match", "RFC 7208 §5.4",
        ],
        ["spf record", "i.example", "v=spf1 ip4:192.0.2.1", "valid", "RFC 7208 §4.6"],
        ["spf mechanism", "i.example ip4:192.0.2.1", "client 192.0.2.1", "match", "RFC 7208 §5.6"],
        [
          "spf mechanism", "d.example include:i.example", "pass by i.example", "match",
          "RFC 7208 §5.2",
        ],
        ["spf result", "mailfrom d.example", "include:i.example", "pass", "RFC 7208 §2.6"],
      ])
    #expect(check.lookups == 2)
    #expect(check.voidLookups == 0)
  }
}
