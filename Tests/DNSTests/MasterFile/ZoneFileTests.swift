import DNS
import Testing
import Wire

@Suite("master files, RFC 1035 §5")
struct ZoneFileTests {
  static func name(_ text: String) throws -> DomainName {
    try DomainName(presentation: Array(text.utf8), origin: .root)
  }

  @Test(arguments: [
    ("a 60 IN A 192.0.2.1", Record.a(.v4(0xC000_0201)), UInt32(60)),
    // The class before the TTL, the type in small letters.
    ("a in 60 a 192.0.2.1", .a(.v4(0xC000_0201)), 60),
    // Neither.
    ("a AAAA 2001:db8::1", .aaaa(.v6(0x2001_0db8_0000_0000_0000_0000_0000_0001)), 3600),
    // Units, and RFC 3597's names of class and type.
    ("a 1h30m CLASS1 TYPE1 192.0.2.1", .a(.v4(0xC000_0201)), 5400),
    // Strings: bare, quoted, several, escaped.
    ("a TXT bare", .txt([Array("bare".utf8)]), 3600),
    ("a TXT \"a b;(c)\" d \"\"", .txt([Array("a b;(c)".utf8), Array("d".utf8), []]), 3600),
    ("a TXT \"\\\"\\\\\\065\\255\"", .txt([[0x22, 0x5C, 65, 255]]), 3600),
    ("a TXT a\"b\"", .txt([Array("a".utf8), Array("b".utf8)]), 3600),
    ("a TXT \"ü\"", .txt([Array("ü".utf8)]), 3600),
    // A comment and parentheses.
    ("a TXT ( one ; two\n  three )\n", .txt([Array("one".utf8), Array("three".utf8)]), 3600),
    // A line end with a carriage return, and a byte order mark.
    ("\u{FEFF}a 1 TXT x\r\n", .txt([Array("x".utf8)]), 1),
    (
      "a CAA 0 issue \"ca.example; x=1\"",
      .caa(CAARecord(flags: 0, tag: "issue", value: Array("ca.example; x=1".utf8))), 3600
    ),
    (
      "a TLSA 3 1 1 ab CD\n",
      .tlsa(
        TLSARecord(usage: 3, selector: 1, matchingType: 1, associationData: [0xAB, 0xCD])), 3600
    ),
    (
      "a DS 60485 5 1 2bb1 83af",
      .ds(DSRecord(keyTag: 60485, algorithm: 5, digestType: 1, digest: [0x2B, 0xB1, 0x83, 0xAF])),
      3600
    ),
    // The obsolete SPF type is kept as strings, any type as octets.
    ("a SPF \"v=spf1\"", .other(RecordType(rawValue: 99), [6] + Array("v=spf1".utf8)), 3600),
    ("a TYPE65280 \\# 3 0102 ff", .other(RecordType(rawValue: 65280), [1, 2, 255]), 3600),
    ("a TYPE65280 \\# 0", .other(RecordType(rawValue: 65280), []), 3600),
    // A known type written as octets is read as that type.
    ("a A \\# 4 c0000201", .a(.v4(0xC000_0201)), 3600),
    // RFC 9824: next name \000.a, types RRSIG NSEC NXNAME.
    (
      "a NSEC \\000.a RRSIG NSEC NXNAME",
      .other(
        .nsec,
        [1, 0, 1, 0x61, 0, 0, 17, 0, 0, 0, 0, 0, 3] + [UInt8](repeating: 0, count: 10)
          + [0x80]), 3600
    ),
  ])
  func reads(text: String, record: Record, ttl: UInt32) throws {
    let zone = try ZoneFile(parsing: text)
    #expect(zone.entries.map(\.record) == [record])
    #expect(zone.entries.map(\.ttl) == [ttl])
    #expect(zone.entries.map(\.name) == [try Self.name("a")])
  }

  @Test func resolvesNamesAgainstTheOrigin() throws {
    let zone = try ZoneFile(
      parsing: """
        $ORIGIN example.com.
        @ MX 10 mail
          NS ns.example.net.
        *.w CNAME @
        $ORIGIN sub
        x\\.y PTR .
        b MX 0 .
        """)
    let names = ["example.com", "example.com", "*.w.example.com", "x\\.y.sub.example.com"]
    #expect(zone.entries.prefix(4).map(\.name) == (try names.map(Self.name)))
    #expect(
      zone.entries.map(\.record) == [
        .mx(preference: 10, exchange: try Self.name("mail.example.com")),
        .ns(try Self.name("ns.example.net")),
        .cname(try Self.name("example.com")),
        .ptr(.root),
        .mx(preference: 0, exchange: .root),
      ])
    #expect(zone.entries.map(\.line) == [2, 3, 4, 6, 7])
  }

  @Test func readsAStartOfAuthority() throws {
    let zone = try ZoneFile(
      parsing: "example.com SOA ns1.example.com. ad\\.min.example.com. ( 7 2h 1H\n 2w 5m )")
    #expect(
      zone.entries.first?.record
        == .soa(
          StartOfAuthority(
            primaryServer: try Self.name("ns1.example.com"),
            responsibleMailbox: try Self.name("ad\\.min.example.com"), serial: 7,
            refresh: 7200, retry: 3600, expire: 1_209_600, minimum: 300)))
  }

  // RFC 1035 §5.1 and RFC 2308 §4: stated, else $TTL, else the last stated, else the default.
  @Test func choosesTheTTL() throws {
    let zone = try ZoneFile(
      parsing: "a A 192.0.2.1\nb 5 A 192.0.2.1\nc A 192.0.2.1\n$TTL 1d\nd A 192.0.2.1\n")
    #expect(zone.entries.map(\.ttl) == [3600, 5, 5, 86_400])
  }

  @Test func acceptsASignedZone() throws {
    let zone = try ZoneFile(
      parsing: """
        a A 192.0.2.1
        a RRSIG A 8 2 3600 20260101000000 20250101000000 1 example. (
          AAAA BBBB== )
        a DNSKEY 257 3 8 AAAA
        h NSEC3 1 1 0 - AAAA A RRSIG
        s SRV 0 0 25 a
        """)
    #expect(zone.entries.count == 1)
    #expect(zone.unread.map(\.type.description) == ["RRSIG", "DNSKEY", "NSEC3", "SRV"])
    #expect(zone.unread.map(\.line) == [2, 4, 5, 6])
  }

  @Test(arguments: [
    ("a A 192.0.2", 1, "bad IPv4 address \"192.0.2\""),
    ("\n\na A 2001:db8::1", 3, "bad IPv4 address \"2001:db8::1\""),
    ("a AAAA 192.0.2.1", 1, "bad IPv6 address \"192.0.2.1\""),
    ("a A", 1, "missing IPv4 address"),
    ("a A 192.0.2.1 x", 1, "leftover \"x\""),
    ("a MX mail", 1, "bad MX preference \"mail\""),
    ("a MX 65536 mail", 1, "bad MX preference \"65536\""),
    ("a MX +1 mail", 1, "bad MX preference \"+1\""),
    ("a", 1, "missing type"),
    ("a FOO x", 1, "unknown type \"FOO\""),
    ("a TYPE65536 \\# 0", 1, "unknown type \"TYPE65536\""),
    ("a CH TXT x", 1, "class CH: only IN is read"),
    ("a 2147483648 TXT x", 1, "bad TTL \"2147483648\""),
    ("a 1x TXT x", 1, "bad TTL \"1x\""),
    ("a 1h30 TXT x", 1, "bad TTL \"1h30\""),
    (" TXT x", 1, "no owner: no record stands before this one"),
    ("a TXT \"x", 1, "quoted string is not closed on its line"),
    ("a TXT x\\", 1, "backslash at the end of a line"),
    ("a TXT \\256", 1, "bad escape in text"),
    ("a TXT ( x\n\n", 1, "parenthesis is not closed"),
    ("a TXT x )", 1, "closing parenthesis without an opening one"),
    // The error stands where the word does, not where the record begins.
    ("a SOA ns. h. ( 1\n 2h\n zz 1 1 )", 3, "bad retry \"zz\""),
    ("a..b A 192.0.2.1", 1, "bad owner name \"a..b\": missing label"),
    ("bücher A 192.0.2.1", 1, "bad owner name: write it with A-labels (xn--…)"),
    ("a TLSA 3 1 1 abc", 1, "bad TLSA association: half an octet"),
    ("a TLSA 3 1 1 xy", 1, "bad TLSA association: not hexadecimal"),
    ("a TLSA 3 1 1", 1, "missing TLSA association"),
    ("a TYPE1 \\# 3 0102", 1, "RDATA has 2 octets, not 3"),
    ("a TYPE1 \\# 2 0102", 1, "bad A RDATA: bad address at byte 0"),
    ("a MX \\# 4 000ac000", 1, "bad MX RDATA: bad name at byte 2"),
    ("$GENERATE 1-9 a A 192.0.2.1", 1, "$GENERATE is not supported: write the records out"),
    ("$FOO x", 1, "unknown directive \"$FOO\""),
    ("$TTL", 1, "missing TTL"),
    ("$ORIGIN a b", 1, "leftover \"b\""),
    ("$INCLUDE x", 1, "cannot include \"x\": files cannot be included here"),
    ("a CNAME b\na TXT x", 1, "CNAME beside a record of type TXT at a"),
    ("a CNAME b\na CNAME c", 2, "a second CNAME at a"),
  ])
  func refuses(text: String, line: Int, problem: String) {
    #expect(throws: ZoneFileError(file: "z", line: line, problem: problem)) {
      try ZoneFile(parsing: text, name: "z")
    }
    #expect(
      ZoneFileError(file: "z", line: line, problem: problem).description
        == "z:\(line): \(problem)")
  }

  @Test(arguments: [(255, true), (256, false)])
  func boundsAString(length: Int, isAccepted: Bool) {
    let text = "a TXT " + String(repeating: "x", count: length)
    #expect(((try? ZoneFile(parsing: text)) != nil) == isAccepted)
  }

  // 65,535 octets of RDATA: 255 strings of 255 octets and their lengths, and 254 more.
  @Test(arguments: [(254, true), (255, false)])
  func boundsAText(lastLength: Int, isAccepted: Bool) {
    let strings = Array(repeating: String(repeating: "x", count: 255), count: 255)
    let last = String(repeating: "y", count: lastLength)
    let text = "a TXT ( \(strings.joined(separator: "\n ")) \(last) )"
    #expect(((try? ZoneFile(parsing: text)) != nil) == isAccepted)
  }

  @Test func includes() throws {
    let zone = try ZoneFile(
      parsing: Array("$INCLUDE one sub\nb A 192.0.2.2\n".utf8), name: "top",
      origin: try Self.name("example")
    ) { path throws(IncludeRefusal) in
      path == "one" ? Array("$ORIGIN x\na A 192.0.2.1".utf8) : []
    }
    #expect(zone.entries.map(\.name.description) == ["a.x.sub.example", "b.example"])
    #expect(zone.entries.map(\.file) == ["one", "top"])
  }

  @Test func boundsIncludes() {
    let deep = ZoneFileError(file: "a", line: 1, problem: "$INCLUDE deeper than 8 files")
    #expect(throws: deep) {
      try ZoneFile(parsing: Array("$INCLUDE a".utf8)) { _ throws(IncludeRefusal) in
        Array("$INCLUDE a".utf8)
      }
    }
    var limits = ZoneFile.Limits()
    limits.octets = 100
    #expect(throws: ZoneFileError(file: "a", problem: "more than 100 octets in all")) {
      try ZoneFile(
        parsing: Array("$INCLUDE a\n$INCLUDE a".utf8), limits: limits
      ) { _ throws(IncludeRefusal) in Array(repeating: 0x0A, count: 50) }
    }
  }

  @Test func survivesDeepParenthesesAndControls() {
    let deep = String(repeating: "(", count: 100_000)
    #expect(throws: ZoneFileError.self) { try ZoneFile(parsing: deep) }
    for byte in UInt8.min...UInt8.max {
      _ = try? ZoneFile(parsing: [byte, 0x20, byte, 0x41, byte])
      _ = try? ZoneFile(parsing: Array("a TXT ".utf8) + [byte, byte])
    }
  }
}
