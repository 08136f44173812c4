import Authentication
import MailTesting
import Testing
import Wire

/// The list of the conformance folder, read once.
enum OfficialList {
  static let list: PublicSuffixList? = try? PublicSuffixList(
    parsing: Conformance.octets("psl/public_suffix_list.dat"))

  /// Pairs of a name and its registrable domain from `tests.txt`.
  static let vectors: [(name: String, registrable: String)] = {
    guard let octets = try? Conformance.octets("psl/tests.txt") else { return [] }
    return octets.split(separator: 0x0A).compactMap { line in
      let words = String(decoding: line, as: UTF8.self).split(separator: " ").map(String.init)
      guard words.count == 2, !words[0].hasPrefix("//") else { return nil }
      return (words[0], words[1])
    }
  }()

  /// The same from the older form, `checkPublicSuffix('name', 'registrable');`.
  static let olderVectors: [(name: String, registrable: String)] = {
    guard let octets = try? Conformance.octets("psl/test_psl.txt") else { return [] }
    return octets.split(separator: 0x0A).compactMap { line in
      let text = String(decoding: line, as: UTF8.self)
      guard text.hasPrefix("checkPublicSuffix("), text.hasSuffix(");") else { return nil }
      let words = text.dropFirst(18).dropLast(2).split(separator: ",").map {
        $0.trimming { $0 == " " || $0 == "'" }
      }
      return words.count == 2 ? (words[0], words[1]) : nil
    }
  }()
}

extension Substring {
  fileprivate func trimming(_ isSurplus: (Character) -> Bool) -> String {
    var part = self
    while let first = part.first, isSurplus(first) { part.removeFirst() }
    while let last = part.last, isSurplus(last) { part.removeLast() }
    return String(part)
  }
}

@Suite("Public suffix list, vectors of publicsuffix.org", .enabled(if: Conformance.isPresent))
struct PublicSuffixVectorTests {
  @Test func counts() throws {
    print("psl: \(OfficialList.vectors.count) and \(OfficialList.olderVectors.count) vectors")
    #expect(OfficialList.vectors.count == 78)
    #expect(OfficialList.olderVectors.count == 78)
    let list = try #require(OfficialList.list)
    #expect(list.unreadableLines.isEmpty)
    #expect(list.count > 10_000)
  }

  @Test(arguments: [OfficialList.vectors, OfficialList.olderVectors])
  func registrableDomains(vectors: [(name: String, registrable: String)]) throws {
    let list = try #require(OfficialList.list)
    for (name, registrable) in vectors {
      // A name with a leading dot is none, and neither is the null input.
      let parsed = name == "null" ? nil : try? DomainName(parsing: name)
      let found = parsed.flatMap { list.registrableDomain(of: $0) }
      let expected = registrable == "null" ? nil : try DomainName(parsing: registrable)
      #expect(found == expected, "\(name)")
      // A registrable domain is one label below a public suffix.
      if let parsed, let found {
        #expect(found.parent == list.publicSuffix(of: parsed))
        #expect(!list.isPublicSuffix(found))
      } else if let parsed {
        #expect(list.isPublicSuffix(parsed))
      }
    }
  }

  @Test(arguments: [
    ("github.io", true, false),  // a private domain
    ("io", true, true),
    ("co.uk", true, true),
    ("example.co.uk", false, false),
    ("anything.kawasaki.jp", true, true),  // wildcard
    ("city.kawasaki.jp", false, false),  // exception
  ])
  func sections(name: String, all: Bool, icann: Bool) throws {
    let list = try #require(OfficialList.list)
    let name = try DomainName(parsing: name)
    #expect(list.isPublicSuffix(name) == all)
    #expect(list.isPublicSuffix(name, icannOnly: true) == icann)
  }
}

@Suite("Public suffix list, its format")
struct PublicSuffixListTests {
  private func list(_ text: String) throws -> PublicSuffixList {
    try PublicSuffixList(parsing: Array(text.utf8))
  }

  @Test(arguments: [
    // The longest rule prevails, an exception over all.
    ("com", "a.b.com", "com"),
    ("com\nb.com", "a.b.com", "b.com"),
    ("*.com", "a.b.com", "b.com"),
    ("*.com\n!b.com", "a.b.com", "com"),
    ("*.com\nx.b.com\n!b.com", "a.x.b.com", "com"),
    // A wildcard covers exactly one label, and not the name it stands above.
    ("*.com", "a.b.c.com", "c.com"),
    ("*.com", "com", "com"),
    // Nothing listed: the top label.
    ("com", "a.b.example", "example"),
    // Case, CRLF, what follows a blank, comments, indentation (which makes no rule).
    ("CO.Uk\r\n", "a.co.uk", "co.uk"),
    ("co.uk and more", "a.co.uk", "co.uk"),
    ("// co.uk\nuk", "a.co.uk", "uk"),
    ("uk\n co.uk", "a.co.uk", "uk"),
    // U-labels, composed and in capitals.
    ("公司.cn", "a.xn--55qx5d.cn", "xn--55qx5d.cn"),
    ("BÜCHER.example", "a.xn--bcher-kva.example", "xn--bcher-kva.example"),
  ])
  func suffixes(rules: String, name: String, suffix: String) throws {
    let list = try list(rules)
    let found = list.publicSuffix(of: try DomainName(parsing: name))
    #expect(found == (try DomainName(parsing: suffix)))
  }

  @Test func privateSection() throws {
    let list = try list(
      """
      // ===BEGIN ICANN DOMAINS===
      io
      *.both.io
      // ===END ICANN DOMAINS===
      // ===BEGIN PRIVATE DOMAINS===
      github.io
      both.io
      // ===END PRIVATE DOMAINS===
      late.io
      """)
    let name = try DomainName(parsing: "a.github.io")
    #expect(list.publicSuffix(of: name) == (try DomainName(parsing: "github.io")))
    #expect(list.publicSuffix(of: name, icannOnly: true) == (try DomainName(parsing: "io")))
    #expect(list.isPublicSuffix(try DomainName(parsing: "late.io"), icannOnly: true))
    // One name in both sections.
    let both = try DomainName(parsing: "both.io")
    #expect(list.isPublicSuffix(both))
    #expect(!list.isPublicSuffix(both, icannOnly: true))
    #expect(list.isPublicSuffix(try DomainName(parsing: "x.both.io"), icannOnly: true))
  }

  @Test func root() throws {
    let list = try list("com")
    #expect(list.publicSuffix(of: .root) == nil)
    #expect(list.registrableDomain(of: .root) == nil)
    #expect(!list.isPublicSuffix(.root))
  }

  /// Lines that are no rules, each with a good one behind it.
  @Test(arguments: [
    "a..b", ".com", "com.", "a.*.com", "*.", "!", "a/b", "*x.com",
    String(repeating: "a", count: 64) + ".com",
    Array(repeating: "abcdefghi", count: 26).joined(separator: "."),
    "\u{1F4A9}\u{200B}..com",
  ])
  func passesOverUnreadableLines(line: String) throws {
    let list = try list("\(line)\nco.uk\n")
    #expect(list.count == 1)
    #expect(list.unreadableLines == [SyntaxError(.badValue("rule"), at: 0)])
    #expect(list.isPublicSuffix(try DomainName(parsing: "co.uk")))
  }

  @Test(arguments: ["", "\n\n", "// nothing\n", "*\n", "a..b\n", "\u{0}"])
  func refusesListsWithoutRules(text: String) {
    #expect(throws: SyntaxError.self) { try PublicSuffixList(parsing: Array(text.utf8)) }
  }

  @Test func boundsWhatItKeepsOfBadLines() throws {
    let text = String(repeating: "a..b\n", count: 5000) + "com"
    #expect(try list(text).unreadableLines.count == 100)
  }
}
