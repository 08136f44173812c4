import Testing
import Transport
import Wire

@Suite("STARTTLS Everywhere policy list, policy-0.1.schema.json")
struct PolicyListTests {
  /// A list with these members after those that every list has.
  private static func text(
    policies: String = "{}", aliases: String = "{}", timestamp: String = "1000",
    expires: String = "2000", more: String = ""
  ) -> String {
    """
    {"version": "0.1", "timestamp": \(timestamp), "expires": \(expires), \(more)
     "policy-aliases": \(aliases), "policies": \(policies)}
    """
  }

  private static func list(_ text: String) throws -> PolicyList {
    try PolicyList(parsing: Array(text.utf8))
  }

  private static let entry = #"{"mode": "enforce", "mxs": ["mx.example.com", ".Example.NET"]}"#

  @Test func readsEveryMember() throws {
    let list = try Self.list(
      Self.text(
        policies: #"{"a.example": \#(Self.entry), "B.example": {"policy-alias": "big \"one\""}}"#,
        aliases: #"{"big \"one\"": {"mxs": ["mx.xn--p1ai"], "mode": "testing"}}"#,
        more: #""author": "caf\u00e9 \ud83d\ude00","#))
    #expect(list.timestamp == 1000)
    #expect(list.expires == 2000)
    #expect(list.author == "café 😀")
    let a = try #require(list.entry(for: try DomainName(parsing: "a.example"), now: 1999))
    #expect(a.mode == .enforce)
    #expect(a.mxPatterns.map(\.description) == ["mx.example.com", "*.example.net"])
    #expect(a.covers(try DomainName(parsing: "x.example.net")))
    #expect(!a.covers(try DomainName(parsing: "y.x.example.net")))
    #expect(!a.covers(try DomainName(parsing: "example.net")))
    let b = try #require(list.entry(for: try DomainName(parsing: "b.EXAMPLE"), now: 0))
    #expect(b.mode == .testing)
    #expect(list.entry(for: try DomainName(parsing: "sub.a.example"), now: 0) == nil)
    #expect(try Self.list("\(list)") == list)
  }

  @Test(arguments: [
    ("0", 0), ("253402300799", 253_402_300_799),
    (#""2020-05-20T10:25:12.710034-07:00""#, 1_589_995_512),
    (#""1970-01-01T00:00:00Z""#, 0), (#""1000-01-01T00:00:00Z""#, 0),
    (#""2000-02-29T23:59:59+19:59""#, 951_796_859), (#""2024-12-31T00:00:00Z""#, 1_735_603_200),
  ])
  func readsTimes(text: String, seconds: UInt64) throws {
    #expect(try Self.list(Self.text(timestamp: text)).timestamp == seconds)
  }

  @Test(arguments: [
    "-1", "1.0", "1e3", "253402300800", "99999999999999999999", "null", #""1000""#, #""""#,
    #""2019-02-29T00:00:00Z""#, #""1900-02-29T00:00:00Z""#, #""2020-04-31T00:00:00Z""#,
    #""2020-00-01T00:00:00Z""#, #""2020-13-01T00:00:00Z""#, #""2020-01-01T24:00:00Z""#,
    #""2020-01-01T00:60:00Z""#, #""2020-01-01T00:00:60Z""#, #""2020-01-01T00:00:00""#,
    #""2020-01-01t00:00:00Z""#, #""2020-01-01T00:00:00z""#, #""2020-01-01T00:00:00.Z""#,
    #""2020-01-01T00:00:00+20:00""#, #""2020-01-01T00:00:00+0100""#, #""2020-1-01T00:00:00Z""#,
    #""0999-01-01T00:00:00Z""#, #""2020-01-01T00:00:00Z ""#,
  ])
  func refusesTimes(text: String) {
    let error = #expect(throws: PolicyListError.self) {
      try Self.list(Self.text(expires: text))
    }
    #expect(error?.path == "$.expires")
    #expect(error?.error.reason == .badValue("time"))
  }

  @Test(arguments: [
    ("{}", "$", SyntaxError.Reason.missing("version")),
    ("[]", "$", .badValue("object")),
    ("", "$", .unexpectedEnd),
    (#"{"version": "0.2"}"#, "$.version", .wrongVersion),
    (#"{"version": 0.1}"#, "$.version", .wrongVersion),
    (#"{"version": "0.1", "expires": 1}"#, "$", .missing("timestamp")),
    (text(more: #""extra": 1,"#), #"$["extra"]"#, .badValue("member")),
    (text(more: #""author": 7,"#), "$.author", .badValue("string")),
    (text(more: #""expires": 1,"#), "$", .duplicate("member")),
    (text(policies: "[]"), "$.policies", .badValue("object")),
    (text(policies: #"{"com": \#(entry)}"#), #"$.policies["com"]"#, .badValue("domain")),
    (
      text(policies: #"{".a.example": \#(entry)}"#), #"$.policies[".a.example"]"#,
      .badValue("domain")
    ),
    (text(policies: #"{"a.e-x": \#(entry)}"#), #"$.policies["a.e-x"]"#, .badValue("domain")),
    (text(policies: #"{"a.x": \#(entry)}"#), #"$.policies["a.x"]"#, .badValue("domain")),
    (
      text(policies: #"{"ä.example": \#(entry)}"#), #"$.policies["ä.example"]"#, .badValue("domain")
    ),
    (
      text(policies: #"{"a.example": \#(entry), "A.example": \#(entry)}"#),
      #"$.policies["A.example"]"#, .duplicate("domain")
    ),
    (
      text(policies: #"{"a.example": \#(entry), "a.example": \#(entry)}"#), "$",
      .duplicate("member")
    ),
    (text(policies: #"{"a.example": {}}"#), #"$.policies["a.example"]"#, .missing("mode")),
    (
      text(policies: #"{"a.example": {"mode": "none", "mxs": ["a.example"]}}"#),
      #"$.policies["a.example"].mode"#, .badValue("mode")
    ),
    (
      text(policies: #"{"a.example": {"mode": "testing", "mxs": []}}"#),
      #"$.policies["a.example"].mxs"#, .missing("name")
    ),
    (
      text(policies: #"{"a.example": {"mode": "testing", "mxs": ["a.example", "*.example"]}}"#),
      #"$.policies["a.example"].mxs[1]"#, .badValue("name")
    ),
    (
      text(policies: #"{"a.example": {"mode": "testing", "mxs": ["a.example", "a.example"]}}"#),
      #"$.policies["a.example"].mxs[1]"#, .duplicate("name")
    ),
    (
      text(policies: #"{"a.example": {"mode": "testing", "mxs": ["a.example"], "x": 1}}"#),
      #"$.policies["a.example"]["x"]"#, .badValue("member")
    ),
    (
      text(policies: #"{"a.example": {"policy-alias": "gone"}}"#),
      #"$.policies["a.example"].policy-alias"#, .missing("alias")
    ),
    (
      text(policies: #"{"a.example": {"policy-alias": "x", "mode": "testing"}}"#),
      #"$.policies["a.example"]["mode"]"#, .badValue("member")
    ),
    (text(aliases: #"{"": \#(entry)}"#), #"$.policy-aliases[""]"#, .missing("alias name")),
    (
      text(aliases: #"{"x": {"policy-alias": "y"}}"#), #"$.policy-aliases["x"]"#, .missing("mode")
    ),
    (text() + "x", "$", .leftover),
    (String(repeating: "[", count: 100_000), "$", .tooLong("nesting")),
  ])
  func refuses(text: String, path: String, reason: SyntaxError.Reason) {
    let error = #expect(throws: PolicyListError.self) { try Self.list(text) }
    #expect(error?.path == path)
    #expect(error?.error.reason == reason)
  }

  @Test func refusesMoreNamesThanTheBound() throws {
    func list(names count: Int) throws -> PolicyList {
      let names = (0..<count).map { "\"mx\($0).example\"" }.joined(separator: ",")
      return try Self.list(
        Self.text(policies: #"{"a.example": {"mode": "testing", "mxs": [\#(names)]}}"#))
    }
    #expect(try list(names: PolicyList.maximumNames).policies.count == 1)
    #expect(throws: PolicyListError.self) { try list(names: PolicyList.maximumNames + 1) }
  }

  @Test func anExpiredListGivesNothingAndSaysSo() throws {
    let list = try Self.list(Self.text(policies: #"{"a.example": \#(Self.entry)}"#))
    let domain = try DomainName(parsing: "a.example")
    #expect(list.entry(for: domain, now: 1999) != nil)
    #expect(list.entry(for: domain, now: 2000) == nil)
    let lists = VerifiedPolicyLists([.init(name: "own.json", list: list)])
    #expect(lists.finding(for: domain, now: 1999).expiredLists.isEmpty)
    let finding = lists.finding(for: domain, now: 2000)
    #expect(finding.entry == nil)
    #expect(finding.expiredLists == ["own.json"])
    #expect(finding.evidence.map(\.outcome) == ["not trusted: out of date"])
  }

  @Test func theFirstListThatHasTheDomainDecides() throws {
    let domain = try DomainName(parsing: "a.example")
    func source(_ name: String, _ policies: String, expires: String = "2000") throws
      -> VerifiedPolicyLists.Source
    {
      .init(name: name, list: try Self.list(Self.text(policies: policies, expires: expires)))
    }
    let testing = #"{"a.example": {"mode": "testing", "mxs": ["mx.example"]}}"#
    let enforcing = #"{"a.example": {"mode": "enforce", "mxs": ["mx.example"]}}"#
    let lists = VerifiedPolicyLists([
      try source("old", testing, expires: "1"), try source("none", "{}"),
      try source("second", enforcing), try source("third", testing),
    ])
    let finding = lists.finding(for: domain, now: 5)
    #expect(finding.entry?.mode == .enforce)
    #expect(finding.evidence.map(\.subject) == ["old", "none", "second"])
  }

  @Test func anOlderListNeverReplacesANewer() throws {
    let older = try Self.list(Self.text(timestamp: "999"))
    let newer = try Self.list(Self.text(timestamp: "1000"))
    #expect(newer.mayReplace(older))
    #expect(newer.mayReplace(newer))
    #expect(!older.mayReplace(newer))
  }
}
