import Authentication
import MailTesting
import Testing
import Wire

@Suite("SPF include tree, RFC 7208 §4.6.4, §5")
struct SPFExpanderTests {
  private func expand(_ zone: String) async throws -> SPFTree {
    await SPFExpander(resolver: try spfZone(zone)).expand(
      try DomainName(parsing: "d.example"), clock: ManualClock())
  }

  private static let example = """
    d.example TXT v=spf1 a/24//64 mx:m.example include:i.example exists:%{i}.x.example -all
    d.example A 192.0.2.7
    d.example AAAA 2001:db8::7
    m.example MX m1.example m2.example
    m1.example A 198.51.100.1
    m2.example A 198.51.100.2
    i.example TXT v=spf1 ip4:203.0.113.0/24 redirect=r.%{d}
    r.i.example TXT v=spf1 ip6:2001:db8:1::/48 ip4:203.0.113.0/24 ?all
    """

  @Test func showsWhatARecordLeadsTo() async throws {
    let tree = try await expand(Self.example)
    #expect(tree.lookups == 5)
    #expect(tree.voidLookups == 0)
    #expect(tree.lints.isEmpty)
    #expect(
      tree.networks.map(\.description) == [
        "192.0.2.7/24", "2001:db8::7/64", "198.51.100.1/32", "198.51.100.2/32",
        "203.0.113.0/24", "2001:db8:1::/48",
      ])
    let terms = tree.root.terms
    #expect(terms.map(\.lookups) == [1, 1, 1, 1, 0])
    #expect(terms[1].hosts.map(\.description) == ["m1.example", "m2.example"])
    #expect(terms.map(\.dependsOnMessage) == [false, false, false, true, false])
    let included = try #require(terms[2].record)
    #expect(included.lookups == 1)
    let redirect = try #require(included.terms.last)
    #expect(redirect.mechanism == nil)
    #expect(redirect.text == "redirect=r.%{d}")
    #expect(redirect.record?.domain.description == "r.i.example")
    #expect(redirect.record?.text == "v=spf1 ip6:2001:db8:1::/48 ip4:203.0.113.0/24 ?all")
  }

  private static func domain(_ text: String) throws -> DomainName { try DomainName(parsing: text) }

  @Test(arguments: [
    ("v=spf1 +all", "+all in the record of d.example lets every host send"),
    ("v=spf1 ?all", "?all in the record of d.example refuses nobody"),
    ("v=spf1 a", "the record of d.example ends without all or redirect"),
    (
      "v=spf1 ptr -all",
      "ptr in the record of d.example uses reverse DNS, which is slow and not to be published"
    ),
    (
      "v=spf1 exists:%{p}.d.example -all",
      "exists:%{p}.d.example in the record of d.example uses reverse DNS, which is slow and "
        + "not to be published"
    ),
    (
      "v=spf1 -all ip4:192.0.2.1",
      "ip4:192.0.2.1 in the record of d.example stands behind all and is never tested"
    ),
    (
      "v=spf1 -all redirect=i.example",
      "redirect in the record of d.example is ignored because of all"
    ),
    (
      "v=spf1 include:i.example include:I.example -all",
      "the record of i.example is used more than once, and charged each time"
    ),
    ("v=spf1 include:all.example -all", "+all in the record of all.example lets every host send"),
    ("v=spf1 redirect=open.example", "the record of open.example ends without all or redirect"),
    (
      "v=spf1 mx:many.example -all",
      "many.example has 11 MX records where mx may use 10: receivers answer permerror"
    ),
    (
      "v=spf1 a a a a a a a a a a a -all",
      "11 terms ask DNS where 10 are allowed: receivers answer permerror"
    ),
    (
      "v=spf1 a:n1.x.example mx:n2.x.example exists:n3.x.example -all",
      "3 terms get no answer where 2 are allowed: receivers answer permerror"
    ),
  ])
  func warns(record: String, lint: String) async throws {
    let hosts = (1...11).map { "m\($0).example" }.joined(separator: " ")
    let tree = try await expand(
      """
      d.example TXT \(record)
      d.example A 192.0.2.7
      i.example TXT v=spf1 ip4:192.0.2.1
      all.example TXT v=spf1 +all
      open.example TXT v=spf1 ip4:192.0.2.1
      many.example MX \(hosts)
      """)
    #expect(tree.lints.map(\.description) == [lint])
  }

  @Test(arguments: [
    ("v=spf1 a a a a a a a a a a -all", 0),  // ten are allowed
    ("v=spf1 include:i.example -all", 0),  // an included record may end in ?all or in nothing
    ("v=spf1 a:n1.x.example a:n2.x.example -all", 0),
  ])
  func doesNotWarn(record: String, count: Int) async throws {
    let tree = try await expand(
      "d.example TXT \(record)\nd.example A 192.0.2.7\ni.example TXT v=spf1 ip4:192.0.2.1")
    #expect(tree.lints.count == count)
  }

  @Test(arguments: [(450, false), (451, true)])
  func measuresRecords(length: Int, warns: Bool) async throws {
    let start = "v=spf1 -all x="
    let record = start + String(repeating: "y", count: length - start.utf8.count)
    let tree = try await expand("d.example TXT \(record)")
    let lint = SPFLint.long(try Self.domain("d.example"), octets: length)
    #expect(tree.lints.contains(lint) == warns)
  }

  @Test(arguments: [
    ("x.example TXT v=spf1 -all", "d.example has no SPF record"),
    ("d.example TXTS v=spf1|v=spf1", "d.example has 2 SPF records where one is allowed"),
    (
      "d.example TXT v=spf1 moo",
      "the SPF record of d.example is invalid: bad mechanism at byte 7"
    ),
    ("d.example FAIL", "TXT d.example: DNS time-out"),
  ])
  func reportsTheRoot(zone: String, problem: String) async throws {
    let tree = try await expand(zone)
    #expect(tree.root.problem == problem)
    #expect(tree.root.terms.isEmpty)
    #expect((tree.root.syntaxError != nil) == problem.contains("byte 7"))
  }

  @Test(arguments: [
    ("include:d.example", "a loop: d.example is being expanded already" as String?),
    ("a:fail.example", "AAAA fail.example: DNS time-out"),
    ("a:a..example", "not a domain name"),
    ("include:localhost.%{v}", nil),
    ("include:%{d1}", "example is not a name of two labels or more"),
  ])
  func reportsTerms(term: String, problem: String?) async throws {
    let tree = try await expand("d.example TXT v=spf1 \(term) -all\nfail.example FAIL")
    #expect(tree.root.terms.first?.problem == problem)
  }

  /// §4.6.4 counts every term whose look-up brings nothing; a record that is none is no void answer.
  @Test(arguments: [
    ("include:none.example", 1), ("redirect=none.example", 1), ("include:nodata.example", 1),
    ("include:other.example", 0), ("include:i.example", 0), ("include:fail.example", 0),
    ("include:none.example include:nodata.example a:none.example", 3),
  ])
  func countsVoidRecords(terms: String, count: Int) async throws {
    let tree = try await expand(
      """
      d.example TXT v=spf1 \(terms)
      nodata.example A 192.0.2.1
      other.example TXT no SPF
      i.example TXT v=spf1 -all
      fail.example FAIL
      """)
    #expect(tree.voidLookups == count)
    #expect(tree.root.terms.count { $0.isVoid } == count)
    #expect(tree.lints.contains(.tooManyVoidLookups(count)) == (count > 2))
    // The domain asked about belongs to no term.
    #expect(try await expand("x.example A 192.0.2.1").voidLookups == 0)
  }

  @Test func endsMutualIncludes() async throws {
    let tree = try await expand(
      "d.example TXT v=spf1 include:e.example -all\ne.example TXT v=spf1 redirect=d.example")
    #expect(
      tree.root.terms[0].record?.terms[0].problem == "a loop: d.example is being expanded already")
  }

  /// A question that hangs is given up at the deadline, and those behind it are not asked.
  @Test func endsInTime() async throws {
    let resolver = GatedResolver(try spfZone("d.example TXT v=spf1 include:e.example -all"))
    let clock = ManualClock()
    let task = Task {
      await SPFExpander(resolver: resolver).expand(try Self.domain("d.example"), clock: clock)
    }
    #expect(await eventually { clock.sleeperCount == 1 })
    clock.advance(by: .seconds(60))
    let tree = try await task.value
    #expect(tree.isIncomplete)
    #expect(tree.root.problem == "given up: the expansion took longer than 60.0 seconds")
    #expect(resolver.cancelled == 1)
  }

  /// Each record includes the next twice: 2 to the 30th without bounds.
  @Test func boundsDoubling() async throws {
    let records = (0..<30).map { n in
      "\(n == 0 ? "d" : "d\(n)").example TXT v=spf1 include:d\(n + 1).example "
        + "include:d\(n + 1).example -all"
    }
    let resolver = try spfZone(records.joined(separator: "\n"))
    let tree = await SPFExpander(resolver: resolver).expand(
      try Self.domain("d.example"), clock: ManualClock())
    #expect(resolver.questions.count <= 101)
    #expect(tree.lookups > 100)
    #expect(tree.lints.contains(.tooManyLookups(tree.lookups)))
  }

  @Test func boundsTerms() async throws {
    let terms = repeatElement("ip4:192.0.2.1", count: 3000).joined(separator: " ")
    let tree = try await expand(
      """
      d.example TXT v=spf1 include:a.example include:b.example include:c.example include:e.example
      a.example TXT v=spf1 \(terms)
      b.example TXT v=spf1 \(terms)
      c.example TXT v=spf1 \(terms)
      e.example TXT v=spf1 \(terms)
      """)
    #expect(tree.root.networks.count < 10_000)
    #expect(tree.networks.count == 1)
    #expect(
      tree.root.terms[3].record?.terms.last?.problem == "further terms are not expanded")
  }
}
