import Testing

@testable import Wire

private func name(_ text: String) throws -> DomainName { try DomainName(parsing: text) }

@Suite("domain name, RFC 1035 §2.3, RFC 8616 §4")
struct DomainNameParsingTests {
  @Test(
    arguments: [
      ("example.com", "example.com"),
      ("Example.COM", "example.com"),
      ("a", "a"),
      ("_dmarc.example.com", "_dmarc.example.com"),  // in use, though not in RFC 5321
      ("-a-.example", "-a-.example"),
      ("192.0.2.1", "192.0.2.1"),
      ("bücher.example", "xn--bcher-kva.example"),  // U-labels
      ("BÜCHER.Example", "xn--bcher-kva.example"),
      ("bu\u{308}cher.example", "xn--bcher-kva.example"),  // not composed
      ("faß.example", "xn--fa-hia.example"),  // non-transitional
      ("例え.テスト", "xn--r8jz45g.xn--zckzah"),
      ("例え。テスト", "xn--r8jz45g.xn--zckzah"),  // an ideographic dot
      ("ｅxample.com", "example.com"),  // full width
      ("_spf.bücher.example", "_spf.xn--bcher-kva.example"),
      ("xn--bcher-kva.example", "xn--bcher-kva.example"),
      ("XN--BCHER-KVA.example", "xn--bcher-kva.example"),
    ] as [(String, String)])
  func reads(text: String, expected: String) throws {
    #expect(try name(text).description == expected)
  }

  @Test(
    arguments: [
      ("", SyntaxError.Reason.missing("domain name"), 0),
      (".", .missing("label"), 0),
      (".a", .missing("label"), 0),
      ("a.", .missing("label"), 2),
      ("a..b", .missing("label"), 2),
      ("a b", .unexpectedByte, 1),
      (" a", .unexpectedByte, 0),
      ("a\0", .unexpectedByte, 1),
      ("a\r\nb", .unexpectedByte, 1),
      ("a\t", .unexpectedByte, 1),
      ("a\u{7F}", .unexpectedByte, 1),
      ("a\"", .unexpectedByte, 1),
      ("a(", .unexpectedByte, 1),
      ("a)", .unexpectedByte, 1),
      ("a;", .unexpectedByte, 1),
      ("a\\", .unexpectedByte, 1),
      ("a@b", .unexpectedByte, 1),
      ("a=b", .unexpectedByte, 1),
      ("a/b", .unexpectedByte, 1),
      ("a:1", .unexpectedByte, 1),
      ("*.a", .unexpectedByte, 0),
      ("[1.2.3.4]", .unexpectedByte, 0),
      ("a%b", .unexpectedByte, 1),
      ("☃.example", .badValue("U-label"), 0),  // IDNA2008 has no symbols
      ("a.\u{200D}.example", .badValue("U-label"), 2),  // a joiner with nothing to join
      ("ü\0.example", .badValue("U-label"), 0),
    ] as [(String, SyntaxError.Reason, Int)])
  func rejects(text: String, reason: SyntaxError.Reason, offset: Int) {
    #expect(throws: SyntaxError(reason, at: offset)) { try name(text) }
  }

  /// Where a name was converted, the error points at the first U-label, not into a text that the
  /// caller never saw.
  @Test(arguments: ["aü b", "aé;b", "aü..b", "aü."])
  func pointsIntoTheTextThatWasGiven(text: String) {
    #expect {
      try name(text)
    } throws: { error in
      (error as? SyntaxError)?.offset == 1
    }
  }

  /// What UTS 46 maps to octets that a header field would take for its own.
  @Test(arguments: ["a℀b.example", "⑴.example", "a；b.example", "a＠b.example", "ü b.example"])
  func conversionLetsNoSpecialsIn(text: String) {
    #expect(throws: SyntaxError.self) { try name(text) }
  }

  @Test(arguments: [[0x61, 0xFF], [0xC0, 0x80], [0x61, 0xC3]] as [[UInt8]])
  func rejectsWhatIsNotUTF8(octets: [UInt8]) {
    #expect(throws: SyntaxError.self) { try DomainName(parsing: octets) }
  }

  @Test func theFinalDotIsAllowedOnRequest() throws {
    #expect(try DomainName(parsing: "a.b.", finalDot: true) == name("a.b"))
    #expect(try DomainName(parsing: "a.b", finalDot: true) == name("a.b"))
    #expect(throws: SyntaxError.self) { try DomainName(parsing: "a..", finalDot: true) }
    #expect(throws: SyntaxError.self) { try DomainName(parsing: ".", finalDot: true) }
  }

  @Test func labelsHaveSixtyThreeOctets() throws {
    let label = String(repeating: "a", count: 63)
    #expect(try name("\(label).example").labels.first?.count == 63)
    #expect(throws: SyntaxError(.tooLong("label"), at: 2)) { try name("b.\(label)a") }
  }

  /// 3 labels of 63 octets take 192; the last one and the root's zero the rest.
  @Test(arguments: [(60, 254), (61, 255)])
  func namesHaveTwoHundredFiftyFive(last: Int, length: Int) throws {
    #expect(try name(longName(last: last)).wire.count == length)
  }

  @Test func longerNamesAreRefused() {
    #expect(throws: SyntaxError(.tooLong("domain name"), at: 254)) { try name(longName(last: 62)) }
    #expect(throws: SyntaxError.self) { try name(String(repeating: "a.", count: 127) + "a") }
    #expect(throws: SyntaxError(.tooLong("domain name"), at: 1024)) {
      try name("ü" + String(repeating: "a", count: 1 << 20))
    }
    #expect(throws: SyntaxError.self) { try name(String(repeating: "a", count: 1 << 20)) }
  }

  private func longName(last: Int) -> String {
    let label = String(repeating: "a", count: 63)
    return [label, label, label, String(repeating: "b", count: last)].joined(separator: ".")
  }

  @Test func takesAnyOctetsFromMacros() throws {
    let parsed = try DomainName(anyOctets: [0x41, 0x20, 0x2E, 0xFF, 0x00, 0x2E])
    #expect(parsed.labels.map(Array.init) == [[0x61, 0x20], [0xFF, 0x00]])
    #expect(parsed.description == "a\\032.\\255\\000")
    for text in ["", ".", "a..b", ".a"] {
      #expect(throws: SyntaxError.self) { try DomainName(anyOctets: Array(text.utf8)) }
    }
  }
}

@Suite("domain name in master files, RFC 1035 §5.1")
struct DomainNamePresentationTests {
  @Test(
    arguments: [
      ("@", "example.com"), (".", "."), ("a", "a.example.com"), ("a.b", "a.b.example.com"),
      ("a.", "a"), ("A.B.", "a.b"), ("a\\.b.", "a\\.b"), ("a\\032b.", "a\\032b"),
      ("\\@.", "\\064"), ("\\097.", "a"), ("\\255.", "\\255"), ("\\\\.", "\\\\"),
      ("a\\.", "a\\..example.com"), ("*", "*.example.com"),
    ] as [(String, String)])
  func reads(text: String, expected: String) throws {
    let origin = try name("example.com")
    #expect(
      try DomainName(presentation: Array(text.utf8), origin: origin).description == expected)
  }

  @Test(
    arguments: [
      ("", SyntaxError.Reason.missing("label"), 0), (".a", .missing("label"), 0),
      ("a..b", .missing("label"), 2), ("a..", .missing("label"), 2), ("..", .missing("label"), 0),
      ("a\\", .unexpectedEnd, 2), ("a\\25", .badValue("escape"), 2),
      ("a\\256", .badValue("escape"), 2), ("a\\9x9", .badValue("escape"), 2),
      ("a\\999", .badValue("escape"), 2),
    ] as [(String, SyntaxError.Reason, Int)])
  func rejects(text: String, reason: SyntaxError.Reason, offset: Int) throws {
    let origin = try name("example.com")
    #expect(throws: SyntaxError(reason, at: offset)) {
      try DomainName(presentation: Array(text.utf8), origin: origin)
    }
  }

  @Test func theOriginCountsForTheLength() throws {
    let origin = try name(repeatElement("aaaaaaaaa", count: 25).joined(separator: "."))
    let fits = String(repeating: "b", count: 3)
    #expect(try DomainName(presentation: Array(fits.utf8), origin: origin).wire.count == 255)
    // The error points into the text or right behind it, never into the origin.
    #expect(throws: SyntaxError(.tooLong("domain name"), at: 4)) {
      try DomainName(presentation: Array("\(fits)b".utf8), origin: origin)
    }
  }

  /// Every octet in a label is printed so that it can be read back, and never as itself where it
  /// could end a field, a string or a comment.
  @Test func printsEveryOctetSafely() throws {
    for byte in UInt8.min...UInt8.max {
      let written = try DomainName(labels: [[byte], [0x78]])
      let text = written.description
      let unsafe = text.utf8.filter { !$0.isVisible || Array("\"();@$".utf8).contains($0) }
      #expect(unsafe.isEmpty)
      #expect(try DomainName(presentation: Array("\(text).".utf8), origin: .root) == written)
    }
  }
}

@Suite("relations of domain names")
struct DomainNameRelationTests {
  @Test func namesAreEqualWithoutCase() throws {
    #expect(try name("A.b") == name("a.B"))
    #expect(try Set([name("A.b"), name("a.B")]).count == 1)
    #expect(try name("a.b") != name("ab"))
  }

  @Test func labelsReadFromTheLeft() throws {
    let three = try name("a.bc.def")
    #expect(three.labels.map(\.text) == ["a", "bc", "def"])
    #expect(three.labelCount == 3)
    #expect(three.parent?.description == "bc.def")
    #expect(three.parent?.parent?.parent == .root)
    #expect(DomainName.root.parent == nil)
    #expect(DomainName.root.labels.isEmpty)
    #expect(DomainName.root.labelCount == 0)
    #expect(DomainName.root.isRoot)
    #expect(!three.isRoot)
    #expect(DomainName.root.description == ".")
  }

  @Test(arguments: [
    (0, "."), (1, "def"), (2, "bc.def"), (3, "a.bc.def"), (4, "a.bc.def"), (Int.max, "a.bc.def"),
    (-1, "."), (-5, "."), (Int.min, "."),
  ])
  func suffixKeepsTheRightmostLabels(count: Int, expected: String) throws {
    #expect(try name("a.bc.def").suffix(labels: count).description == expected)
  }

  @Test(arguments: [
    ("example.com", "example.com", true), ("a.example.com", "example.com", true),
    ("a.b.example.com", "EXAMPLE.com", true), ("notexample.com", "example.com", false),
    ("example.com", "a.example.com", false), ("example.org", "example.com", false),
    ("example.com", "com", true), ("com", "example.com", false), ("xcom", "com", false),
    // An octet that looks like a label's length is not taken for one.
    ("a-example.com", "example.com", false),
  ])
  func isAtOrBelowByWholeLabels(one: String, other: String, expected: Bool) throws {
    #expect(try name(one).isAtOrBelow(name(other)) == expected)
    #expect(try name(one).isAtOrBelow(.root))
    #expect(try !DomainName.root.isAtOrBelow(name(one)))
  }

  @Test func lengthOctetsAreNotTakenForLabels() throws {
    // The label holds the wire form of example.com.
    let trick = try DomainName(labels: [
      [0x61, 7] + Array("example".utf8) + [3] + Array("com".utf8)
    ])
    #expect(try !trick.isAtOrBelow(name("example.com")))
  }

  @Test func prependsLabels() throws {
    #expect(try name("a.b").prepending("_x", "_y").description == "_x._y.a.b")
    #expect(try DomainName.root.prepending("A").description == "a")
    #expect(throws: SyntaxError(.missing("label"), at: 0)) { try name("a").prepending("") }
    #expect(throws: SyntaxError.self) {
      try name("a").prepending(String(repeating: "x", count: 64))
    }
    let long = try DomainName(labels: repeatElement(Array("aaaaaaaaa".utf8), count: 25))
    #expect(try long.prepending("bbb").wire.count == 255)
    #expect(throws: SyntaxError.self) { try long.prepending("bbbb") }
  }

  /// The example of RFC 4034 §6.1.
  @Test func sortsInCanonicalOrder() throws {
    let sorted = [
      "example.", "a.example.", "yljkjljk.a.example.", "Z.a.example.", "zABC.a.EXAMPLE.",
      "z.example.", "\\001.z.example.", "*.z.example.", "\\200.z.example.",
    ]
    let names = try sorted.map { try DomainName(presentation: Array($0.utf8), origin: .root) }
    #expect(names.reversed().sorted() == names)
    #expect(names.allSatisfy { !($0 < $0) && DomainName.root < $0 })
  }
}
