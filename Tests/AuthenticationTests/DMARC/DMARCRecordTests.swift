import Authentication
import Testing
import Wire

@Suite("DMARC policy record, RFC 9989 §4.7, §4.8")
struct DMARCRecordTests {
  private func record(_ text: String) throws -> DMARCRecord {
    try DMARCRecord(parsing: Array(text.utf8))
  }

  @Test(arguments: [
    "v=DMARC1",
    "v=DMARC1;",
    "V=DMARC1; p=none",  // ABNF strings match in any case
    "v = DMARC1 ; p = none",
    "v\t=\tDMARC1\t;p=none",
    " v=DMARC1; p=none",  // a tag-list of RFC 6376 §3.2 may begin with a blank
    "v=DMARC1 ",
    "v=DMARC1;;;",
    "v=DMARC1; \u{0}\u{1}",  // the remainder never makes the record fail
    "v=DMARC1; p=none; bücher=1",
  ])
  func hasVersion(text: String) throws {
    #expect(try record(text).text == text)
  }

  @Test(arguments: [
    ("", 0),
    ("v", 0),
    ("v=", 0),
    ("v=DMARC", 0),
    ("v=DMARC1x", 0),
    ("v=DMARC12; p=none", 0),
    ("v=dmarc1; p=none", 0),  // %s: case-sensitive
    ("v=DMARC2; p=none", 0),
    ("v=DMARC1 p=none", 0),  // no semicolon
    ("v=DMARC1, p=none", 0),
    ("p=none; v=DMARC1", 0),  // not first
    ("; v=DMARC1", 0),
    ("  x=DMARC1", 2),
    ("vv=DMARC1", 0),
    ("v==DMARC1", 0),
    ("v=spf1 -all", 0),
    ("\u{FEFF}v=DMARC1; p=none", 0),
  ])
  func hasNoVersion(text: String, offset: Int) {
    #expect(throws: SyntaxError(.wrongVersion, at: offset)) { try record(text) }
  }

  @Test(arguments: [
    ("p=none", DMARCPolicy.none as DMARCPolicy?, nil as DMARCPolicy?, nil as DMARCPolicy?),
    ("p=quarantine", .quarantine, nil, nil),
    ("P=REJECT", .reject, nil, nil),
    ("p=reject;sp=none;np=quarantine", .reject, DMARCPolicy.none, .quarantine),
    ("np=reject ; sp = Quarantine ; p=none;", DMARCPolicy.none, .quarantine, .reject),
    ("p=rejected", nil, nil, nil),
    ("p=", nil, nil, nil),
    ("p=none reject", nil, nil, nil),
    ("p=no\u{7}ne", nil, nil, nil),
    ("p=reject\u{00E9}", nil, nil, nil),
    ("p reject", nil, nil, nil),
    ("=reject", nil, nil, nil),
    ("pp=reject", nil, nil, nil),
    ("p=none; p=reject", DMARCPolicy.none, nil, nil),  // the first counts
    ("p=bad; p=reject", nil, nil, nil),  // even where it is bad
    ("p=\"reject\"", nil, nil, nil),
  ])
  func policies(tags: String, p: DMARCPolicy?, sp: DMARCPolicy?, np: DMARCPolicy?) throws {
    let record = try record("v=DMARC1; " + tags)
    #expect(record.p == p)
    #expect(record.sp == sp)
    #expect(record.np == np)
  }

  @Test(arguments: [
    (
      "", DMARCPublicSuffixFlag.undeclared, false, DMARCAlignmentMode.relaxed,
      DMARCAlignmentMode.relaxed
    ),
    ("psd=y; t=y; adkim=s; aspf=s", .yes, true, .strict, .strict),
    ("psd=n; t=n; adkim=r; aspf=r", .no, false, .relaxed, .relaxed),
    ("PSD=N; T=Y; ADKIM=S; ASPF=R", .no, true, .strict, .relaxed),
    ("psd=u; adkim=r", .undeclared, false, .relaxed, .relaxed),
    // Bad values leave the default.
    ("psd=x; t=1; adkim=strict; aspf=", .undeclared, false, .relaxed, .relaxed),
    ("psd=yy; t=yes; adkim=ss; aspf=s s", .undeclared, false, .relaxed, .relaxed),
    ("psd; t; adkim; aspf", .undeclared, false, .relaxed, .relaxed),
  ])
  func flags(
    tags: String, psd: DMARCPublicSuffixFlag, isTesting: Bool, adkim: DMARCAlignmentMode,
    aspf: DMARCAlignmentMode
  ) throws {
    let record = try record("v=DMARC1; p=none; " + tags)
    #expect(record.psd == psd)
    #expect(record.isTesting == isTesting)
    #expect(record.adkim == adkim)
    #expect(record.aspf == aspf)
  }

  @Test(arguments: [
    ("fo=0", "0", true),
    ("fo=1", "1", true),
    ("fo=d", "d", true),
    ("fo=s", "s", true),
    ("fo=1:d:s", "1ds", true),
    ("fo=d:1:s", "1ds", true),
    ("fo=D:S:0", "0ds", true),
    ("fo=d:s", "ds", true),
    ("fo=1 : d", "1d", true),  // blanks: RFC 7489 §6.4
    // Default instead.
    ("fo=0:1", "0", false),  // they exclude each other
    ("fo=0:1:d:s", "0", false),
    ("fo=d:d", "0", false),  // at most once
    ("fo=1:", "0", false),
    ("fo=:1", "0", false),
    ("fo=1,d", "0", false),
    ("fo=2", "0", false),
    ("fo=", "0", false),
    ("fo=1:d:s:1:d:s", "0", false),
  ])
  func failureOptions(tag: String, options: String, isValid: Bool) throws {
    let options = Set(options.compactMap { DMARCFailureOption(rawValue: String($0)) })
    let before = try record("v=DMARC1; p=none; \(tag); ruf=mailto:a@example.com")
    #expect(before.fo == options)
    #expect(before.invalidTags.contains(.fo) == !isValid)
    let after = try record("v=DMARC1; p=none; ruf=mailto:a@example.com; \(tag)")
    #expect(after.fo == options)
    // Without ruf its content is ignored.
    let alone = try record("v=DMARC1; p=none; \(tag)")
    #expect(alone.fo == [.noneAligned])
    #expect(alone.ignoredTags.contains { $0.reason == .withoutRUF })
  }

  @Test(arguments: [
    ("pct=0", 0 as Int?), ("pct=50", 50), ("pct=100", 100), ("pct=007", 7),
    ("pct=101", nil), ("pct=-1", nil), ("pct=1000", nil), ("pct=5%", nil), ("pct=", nil),
    ("pct=99999999999999999999", nil),
  ])
  func percentages(tag: String, value: Int?) throws {
    #expect(try record("v=DMARC1; p=none; " + tag).pct == value)
  }

  @Test func notesWhatIsIgnored() throws {
    let text = "v=DMARC1; zz=1; p=none; pct=5; rf=afrf; ri=1; p=reject; t=maybe; what; x y=1"
    let record = try record(text)
    #expect(
      record.ignoredTags.map(\.reason) == [
        .unknown, .historic, .historic, .historic, .duplicate, .badValue, .malformed, .malformed,
      ])
    #expect(record.ignoredTags.map(\.offset) == [10, 24, 31, 40, 46, 56, 65, 71])
    #expect(record.ignoredTags.first?.description == "\"zz=1\" ignored: unknown")
    #expect(record.invalidTags == [.t])
  }

  @Test func readsReportAddresses() throws {
    let record = try record(
      "v=DMARC1; p=none; rua=mailto:a@example.com!10m , https://example.net/r,nonsense; ruf=,")
    #expect(record.rua.map(\.text) == ["mailto:a@example.com", "https://example.net/r"])
    #expect(record.ruf.isEmpty)
    #expect(record.invalidTags == [.ruf])
    #expect(record.ignoredTags.filter { $0.reason == .badURI }.count == 2)
  }

  @Test(arguments: [(15, 15), (16, 16), (17, 16), (5000, 16)])
  func boundsReportAddresses(given: Int, kept: Int) throws {
    let list = (0..<given).map { "mailto:a\($0)@example.com" }.joined(separator: ",")
    #expect(try record("v=DMARC1; p=none; rua=\(list)").rua.count == kept)
  }

  /// The largest TXT record there can be, full of what is most work; the time is linear, so that a
  /// quadratic parser would be seen to hang.
  @Test(arguments: [
    ";", "x;", "x=y;", "p=none;", "rua=mailto:a@b.example,;", ",", "v=DMARC1;", " ",
  ])
  func readsTheLongest(part: String) throws {
    let text = "v=DMARC1;" + String(repeating: part, count: 65_000 / part.utf8.count)
    let record = try record(text)
    #expect(record.ignoredTags.count <= DMARCRecord.maximumIgnoredTags + DMARCTag.allCases.count)
    #expect(record.ignoredTags.allSatisfy { $0.text.utf8.count <= 110 })
  }

  /// Appendix B.2, each as its strings join.
  @Test(arguments: [
    (
      "v=DMARC1; p=none; rua=mailto:dmarc-feedback@example.com",  // B.2.1
      DMARCPolicy.none, ["dmarc-feedback@example.com"], [String](), false
    ),
    (
      "v=DMARC1; p=none; rua=mailto:dmarc-feedback@example.com; ruf=mailto:auth-reports@example.com",
      .none, ["dmarc-feedback@example.com"], ["auth-reports@example.com"], false  // B.2.2
    ),
    (
      "v=DMARC1; p=none; rua=mailto:dmarc-feedback@example.com; "
        + "ruf=mailto:auth-reports@thirdparty.example.net",  // B.2.3
      .none, ["dmarc-feedback@example.com"], ["auth-reports@thirdparty.example.net"], false
    ),
    (
      "v=DMARC1; p=quarantine; rua=mailto:dmarc-feedback@example.com,"
        + "mailto:tld-test@thirdparty.example.net; t=y",  // B.2.5
      .quarantine, ["dmarc-feedback@example.com", "tld-test@thirdparty.example.net"], [], true
    ),
    (
      "v=DMARC1; p=reject; rua=mailto:dmarc-feedback@example.com,"
        + "mailto:tld-test@thirdparty.example.net",  // B.2.5, later
      .reject, ["dmarc-feedback@example.com", "tld-test@thirdparty.example.net"], [], false
    ),
  ])
  func appendixB2(
    text: String, p: DMARCPolicy, rua: [String], ruf: [String], isTesting: Bool
  ) throws {
    let record = try record(text)
    #expect(record.p == p)
    #expect(record.rua.compactMap(\.mailbox?.address) == rua)
    #expect(record.ruf.compactMap(\.mailbox?.address) == ruf)
    #expect(record.isTesting == isTesting)
    #expect(record.ignoredTags.isEmpty)
  }

  /// B.2.3 and B.2.4: what a report consumer publishes to accept reports is a record without `p`.
  @Test func appendixB24() throws {
    #expect(try record("v=DMARC1;").p == nil)
    let override = try record(
      "v=DMARC1; rua=mailto:aggregate-reports@thirdparty.example.net; "
        + "ruf=mailto:failure-reports@thirdparty.example.net")
    #expect(override.rua.map(\.host) == [try DomainName(parsing: "thirdparty.example.net")])
  }
}

@Suite("DMARC reporting URIs, RFC 9989 §4.6, §4.8")
struct DMARCReportURITests {
  @Test(arguments: [
    ("mailto:a@example.com", "a@example.com" as String?, "example.com" as String?, nil as UInt64?),
    ("MAILTO:A@Example.COM", "A@example.com", "example.com", nil),
    ("mailto:a@example.com!50m", "a@example.com", "example.com", 50 << 20),
    ("mailto:a@example.com!7", "a@example.com", "example.com", 7),
    ("mailto:a@example.com!2K", "a@example.com", "example.com", 2048),
    ("mailto:a@example.com!1g", "a@example.com", "example.com", 1 << 30),
    ("mailto:a@example.com!1t", "a@example.com", "example.com", 1 << 40),
    // Larger than 64 bits: no limit.
    ("mailto:a@example.com!99999999999999999999", "a@example.com", "example.com", nil),
    ("mailto:a@example.com!18446744073709551615t", "a@example.com", "example.com", nil),
    ("mailto:a%21b@example.com", "a!b@example.com", "example.com", nil),
    ("mailto:a@example.com?subject=x", "a@example.com", "example.com", nil),
    ("mailto:a@b%C3%BCcher.example", "a@xn--bcher-kva.example", "xn--bcher-kva.example", nil),
    ("https://user@reports.example:8443/x?y#z", nil, "reports.example", nil),
    ("https://[2001:db8::1]/x", nil, nil, nil),
    ("urn:x", nil, nil, nil),
  ])
  func accepts(text: String, address: String?, host: String?, size: UInt64?) throws {
    let uri = try DMARCReportURI(parsing: Array(text.utf8))
    #expect(uri.mailbox?.address == address)
    #expect(uri.host?.description == host)
    #expect(uri.obsoleteMaximumSize == size)
    #expect(!uri.text.contains("!"))
  }

  @Test(arguments: [
    "", ":", "mailto", "mailto:", "mailto:a", "mailto:@example.com", "mailto:a@",
    "mailto:a@-..example", "mailto:a b@example.com", "mailto:a@example.com!",
    "mailto:a@example.com!m", "mailto:a@example.com!5x", "mailto:a@example.com!5mm",
    "mailto:a@example.com!5!5", "mailto:a@example.com,mailto:b@example.com",
    "a@example.com", "1mailto:a@example.com", "mail to:a@example.com",
    "mailto:a%0D%0ARCPT@example.com",  // a line end would end an SMTP command
    "mailto:a%20b@example.com", "mailto:%3Ca@example.com", "mailto:a@b@example.com",
    "mailto:a%2Cb@example.com", "mailto:a%00@example.com", "mailto:%FF@example.com",
    "mailto:a%2@example.com", "mailto:a%zz@example.com", "mailto:a@example.com%",
    "https:", "https://exa mple/", "https://example/\u{E9}", "https://example/<x>",
  ])
  func rejects(text: String) {
    #expect(throws: SyntaxError.self) { try DMARCReportURI(parsing: Array(text.utf8)) }
  }
}
