import Authentication
import Testing
import Wire

@Suite("SPF record grammar, RFC 7208 §12")
struct SPFRecordTests {
  @Test(arguments: [
    ("v=spf1", true),
    ("v=spf1 ", true),
    ("V=SPF1 -all", true),  // ABNF strings have no case
    ("v=spf1\t-all", false),  // §4.5: a blank or the end
    ("v=spf10", false),
    ("v=spf2.0/pra -all", false),
    (" v=spf1 -all", false),
    ("\"v=spf1 -all\"", false),
    ("v=spf", false),
    ("", false),
  ])
  func selects(txt: String, isSPF: Bool) {
    #expect(SPFRecord.isSPF(Array(txt.utf8)) == isSPF)
    if !isSPF {
      #expect(throws: SyntaxError(.wrongVersion, at: 0)) {
        try SPFRecord(parsing: Array(txt.utf8))
      }
    }
  }

  @Test(arguments: [
    ("v=spf1", 0),
    ("v=spf1   ", 0),  // record = version terms *SP
    ("v=spf1 all", 1),
    ("v=spf1  a   mx  -all  ", 3),  // 1*SP between terms
    ("v=spf1 A MX PTR +ALL Include:Example.COM", 5),
    ("v=spf1 +a -mx ?ptr ~all", 4),
    ("v=spf1 a/0 a/32 a//0 a//128 a/0//0 mx/24//64", 6),
    ("v=spf1 a:example.com/24 mx:example.com//64 mx:example.com/8//9", 3),
    ("v=spf1 a:foo:bar/baz.example.com a:%{d}/24 a:%{l/}/24", 3),  // slashes inside
    ("v=spf1 ip4:0.0.0.0/0 ip4:255.255.255.255 ip4:192.0.2.0/32", 3),
    ("v=spf1 ip6:::/0 ip6:::1 ip6:2001:DB8::/32 ip6:::ffff:192.0.2.1/128", 4),
    ("v=spf1 include:_spf.example.com. exists:%{i}._spf.%{d2}", 2),  // one final dot
    ("v=spf1 a:example.xn--zckzah a:example.1-2 a:example.4th", 3),  // toplabel
    ("v=spf1 a:..com a:.com a:x..com", 3),  // empty labels are grammatical (§4.8)
    ("v=spf1 exists:%% exists:%_ exists:%- exists:a%%", 4),  // macro-expand may end a domain
    ("v=spf1 exists:%{S}%{L}%{O}%{D}%{I}%{P}%{H}%{V}", 1),
    ("v=spf1 exists:%{d127r.-+,/_=} exists:%{dR} exists:%{d00001}", 3),
    ("v=spf1 exists:%{d99999999999999999999999999}", 1),  // means all parts
    ("v=spf1 redirect=_spf.example.com exp=why.%{d}", 0),
    ("v=spf1 REDIRECT=_spf.example.com all EXP=why.example.com", 1),
    ("v=spf1 moo.cow-far_out=man:dog/cat x= x=1 x=1 a=b all=%{c}%{r}%{t}", 0),
  ])
  func accepts(txt: String, directives: Int) throws {
    #expect(try SPFRecord(parsing: Array(txt.utf8)).directives.count == directives)
  }

  @Test(arguments: [
    ("v=spf1 moo", SyntaxError.Reason.badValue("mechanism"), 7),
    ("v=spf1 -moo", .badValue("mechanism"), 8),
    ("v=spf1 a\t-all", .leftover, 8),  // a tab separates nothing
    ("v=spf1 a\r\n", .leftover, 8),
    ("v=spf1 --all", .badValue("mechanism"), 8),
    ("v=spf1 -", .badValue("mechanism"), 8),
    ("v=spf1 -all:x", .leftover, 11),
    ("v=spf1 all.", .leftover, 10),
    ("v=spf1 all/8", .leftover, 10),
    ("v=spf1 ptr/24", .unexpectedByte, 10),
    ("v=spf1 ip4", .unexpectedEnd, 10),
    ("v=spf1 ip4:", .badValue("IPv4 address"), 11),
    ("v=spf1 ip4:300.0.0.1", .badValue("IPv4 address"), 11),
    ("v=spf1 ip4:192.0.2", .unexpectedEnd, 18),
    ("v=spf1 ip4:192.0.2.01", .badValue("IPv4 address"), 19),
    ("v=spf1 ip4:192.0.2.1/33", .badValue("prefix length"), 21),
    ("v=spf1 ip4:192.0.2.1/", .badValue("prefix length"), 21),
    ("v=spf1 ip4:192.0.2.1/032", .badValue("prefix length"), 21),
    ("v=spf1 ip4:192.0.2.1/00", .badValue("prefix length"), 21),
    ("v=spf1 ip4:192.0.2.1/24x", .leftover, 23),
    ("v=spf1 ip4:192.0.2.1//32", .badValue("prefix length"), 21),
    ("v=spf1 ip4:192.0.2.1:25", .badValue("IPv4 address"), 11),
    ("v=spf1 ip4:2001:db8::1", .badValue("IPv4 address"), 11),
    ("v=spf1 ip6:192.0.2.1", .badValue("IPv6 address"), 11),
    ("v=spf1 ip6:2001:db8::/129", .badValue("prefix length"), 22),
    ("v=spf1 ip6::1", .badValue("IPv6 address"), 11),
    ("v=spf1 ip6:fe80::1%25eth0", .unexpectedByte, 18),
    ("v=spf1 a/33", .badValue("prefix length"), 9),
    ("v=spf1 a//129", .badValue("prefix length"), 10),
    ("v=spf1 a/24/64", .leftover, 11),
    ("v=spf1 a//64/24", .leftover, 12),
    ("v=spf1 a/", .badValue("prefix length"), 9),
    ("v=spf1 a:", .missing("domain"), 9),
    ("v=spf1 a:/24", .missing("domain"), 9),
    ("v=spf1 a:example.com/33", .badValue("prefix length"), 21),
    ("v=spf1 a:example.com/", .badValue("top label"), 21),
    ("v=spf1 a:museum", .missing("dot before the top label"), 9),
    ("v=spf1 a:museum.", .missing("dot before the top label"), 9),
    ("v=spf1 a:192.0.2.1", .badValue("top label"), 17),
    ("v=spf1 a:example.-com", .badValue("top label"), 17),
    ("v=spf1 a:example.com-", .badValue("top label"), 17),
    ("v=spf1 a:example.com..", .badValue("top label"), 21),
    ("v=spf1 a:example.com:8080", .badValue("top label"), 21),
    ("v=spf1 a:%{d}com", .missing("dot before the top label"), 13),
    ("v=spf1 a:%{d}.", .badValue("top label"), 13),
    ("v=spf1 a:caf\u{E9}.example", .unexpectedByte, 12),  // §3.1: US-ASCII
    ("v=spf1 include", .unexpectedEnd, 14),
    ("v=spf1 include:", .missing("domain"), 15),
    ("v=spf1 include:example.com/24", .badValue("top label"), 27),
    ("v=spf1 exists", .unexpectedEnd, 13),
    ("v=spf1 exists:%{d0}", .badValue("number of parts"), 17),
    ("v=spf1 exists:%{d00r}", .badValue("number of parts"), 17),
    ("v=spf1 exists:%{}", .badValue("macro letter"), 16),
    ("v=spf1 exists:%{a}", .badValue("macro letter"), 16),
    ("v=spf1 exists:%{c}", .badValue("macro letter"), 16),  // §7.2: only in exp text
    ("v=spf1 exists:%{R}", .badValue("macro letter"), 16),
    ("v=spf1 exp=%{t}.example.com", .badValue("macro letter"), 13),
    ("v=spf1 exists:%(ir).example.com", .badValue("macro"), 15),
    ("v=spf1 exists:%", .badValue("macro"), 15),
    ("v=spf1 exists:%{d", .unexpectedEnd, 17),
    ("v=spf1 exists:%{d!}", .unexpectedByte, 17),
    ("v=spf1 exists:%{drr}", .unexpectedByte, 18),
    ("v=spf1 exists:%{d.2}", .unexpectedByte, 18),
    ("v=spf1 redirect:example.com", .badValue("mechanism"), 7),
    ("v=spf1 redirect=", .missing("domain"), 16),
    ("v=spf1 redirect=-all", .badValue("top label"), 16),
    ("v=spf1 redirect=a.example all redirect=a.example", .duplicate("redirect"), 30),
    ("v=spf1 exp=", .missing("domain"), 11),
    ("v=spf1 exp=a.example EXP=a.example", .duplicate("exp"), 21),
    ("v=spf1 1up=foo", .badValue("mechanism"), 7),
    ("v=spf1 =all", .badValue("mechanism"), 7),
    ("v=spf1 -all foo=%abc", .badValue("macro"), 17),
    ("v=spf1 -all foo=\u{7F}", .unexpectedByte, 16),
    ("v=spf1 -a=b", .leftover, 9),  // a modifier takes no qualifier
    ("v=spf1 all\0", .leftover, 10),
  ])
  func rejects(txt: String, reason: SyntaxError.Reason, offset: Int) {
    #expect(throws: SyntaxError(reason, at: offset)) {
      try SPFRecord(parsing: Array(txt.utf8))
    }
  }

  @Test func keepsWhatIsWritten() throws {
    let text = "v=spf1 ~a:x.example/24//64 ip4:192.0.2.0/28 redirect=y.example exp=z.example x=y"
    let record = try SPFRecord(parsing: Array(text.utf8))
    #expect(record.description == text)
    #expect(record.directives.map { record.text(of: $0.range) }.first == "~a:x.example/24//64")
    #expect(record.directives[0].qualifier == .softfail)
    guard case .a(let name, let prefixes) = record.directives[0].mechanism else {
      Issue.record("not a")
      return
    }
    #expect(try name?.fixedName == DomainName(parsing: "x.example"))
    #expect(prefixes == SPFPrefixLengths(ip4: 24, ip6: 64))
    #expect(try record.redirect?.value.fixedName == DomainName(parsing: "y.example"))
    #expect(record.explanation?.name == "exp")
    #expect(record.unknownModifiers.map(\.name) == ["x"])
    #expect(!record.hasAll)
  }

  @Test func isBoundedByOneRecordOfDNS() throws {
    let fill = String(repeating: " a", count: (SPFRecord.maximumLength - 6) / 2)
    let longest = Array(("v=spf1" + fill + " ").utf8)
    #expect(longest.count == SPFRecord.maximumLength)
    #expect(try SPFRecord(parsing: longest).directives.count == 32_764)
    #expect(throws: SyntaxError(.tooLong("record"), at: SPFRecord.maximumLength)) {
      try SPFRecord(parsing: longest + [0x20])
    }
  }

  /// Every prefix of a record, and the record with one octet replaced, ends in a record or an error.
  @Test func isTotal() {
    let record = Array("v=spf1 a:%{d2r-}.x.example/24//64 ip6:2001:db8::/32 exp=%{l}.y -all".utf8)
    var outcomes = 0
    for length in 0...record.count {
      if (try? SPFRecord(parsing: Array(record[..<length]))) != nil { outcomes += 1 }
    }
    for place in record.indices {
      for octet in UInt8.min...UInt8.max {
        var changed = record
        changed[place] = octet
        if let parsed = try? SPFRecord(parsing: changed) {
          outcomes += 1
          #expect(parsed.octets == changed)
        }
      }
    }
    #expect(outcomes > 1000)
  }
}
