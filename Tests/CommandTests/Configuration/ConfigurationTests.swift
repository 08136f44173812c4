import Authentication
import Testing
import Wire

@testable import signet

@Suite("the configuration, and where its mistakes stand")
struct ConfigurationTests {
  @Test func everything() throws {
    let file = try ConfigurationFile(
      parsing: """
        signing:
          lifetime: 14d
          copy_headers: true
          table:
            example.com:
              - domain: example.com
                selector: a.b
                key: keys/one.pem
              - {domain: example.com, selector: c, key: /two.pem, identity: joe@eu.example.com,
                 canonicalization: simple/relaxed, lifetime: 60, copy_headers: false}
            "*.example.com": [{domain: example.com, selector: d, key: k}]
        """, path: "/etc/signet/signet.yaml")
    let entries = file.signing.entries(for: [try DomainName(parsing: "example.com")])
    #expect(entries.map(\.keyFile) == ["/etc/signet/keys/one.pem", "/two.pem"])
    #expect(entries.map(\.selector.description) == ["a.b", "c"])
    #expect(entries.map(\.lifetime) == [1_209_600, 60])
    #expect(entries.map(\.copiesHeader) == [true, false])
    #expect(entries.map(\.headerCanonicalization) == [.relaxed, .simple])
    #expect(entries.map(\.bodyCanonicalization) == [.relaxed, .relaxed])
    #expect(entries.map(\.identity?.description) == [nil, "joe@eu.example.com"])
    let below = file.signing.entries(for: [
      try DomainName(parsing: "a.b.example.com"), try DomainName(parsing: "c.example.com"),
    ])
    // Two authors, one entry: one signature.
    #expect(below.map(\.selector.description) == ["d"])
    #expect(file.signing.entries(for: [try DomainName(parsing: "example.net")]).isEmpty)
  }

  private static let entry = "- {domain: example.com, selector: s, key: k"

  @Test(arguments: [
    ("", 0, 0, "the file is empty"),
    ("a", 1, 1, "not a mapping (key: value)"),
    ("signing:\n  table: [", 3, 1, "did not find expected node content"),
    ("sining: 1", 1, 1, "unknown key \"sining\"; allowed: signing"),
    ("{}", 1, 1, "\"signing\" is missing"),
    ("signing:\n  lifetime: 1d", 2, 3, "\"table\" is missing"),
    (
      "signing:\n  tables: {}", 2, 3,
      "unknown key \"tables\"; allowed: lifetime, copy_headers, table"
    ),
    ("signing:\n  lifetime: soon\n  table: {}", 2, 13, "not a lifetime (3600, 90m, 12h, 14d, 2w)"),
    ("signing:\n  copy_headers: yes\n  table: {}", 2, 17, "\"yes\" is neither true nor false"),
    ("signing:\n  table:\n    example.com: k", 3, 18, "not a list (- value)"),
    ("signing:\n  table:\n    example.com: []", 3, 18, "the list is empty"),
    (
      "signing:\n  table:\n    .example.com:\n    \(entry)}", 3, 5,
      "\".example.com\" is neither a new domain nor a new *.domain: missing label"
    ),
    (
      "signing:\n  table:\n    Example.com:\n    \(entry)}\n    example.com:\n    \(entry)}", 5, 5,
      "\"example.com\" is neither a new domain nor a new *.domain: duplicate domain"
    ),
    (
      "signing:\n  table:\n    example.com:\n    \(entry)}\n    example.com:\n    \(entry)}", 3, 5,
      "the key \"example.com\" stands twice"
    ),
    (
      "signing:\n  table:\n    example.com:\n    - {domain: example.com, selector: s}", 4, 7,
      "\"key\" is missing"
    ),
    (
      "signing:\n  table:\n    example.com:\n    \(entry), selectr: t}", 4, 50,
      "unknown key \"selectr\"; allowed: domain, selector, key, identity, canonicalization, "
        + "lifetime, copy_headers"
    ),
    (
      "signing:\n  table:\n    example.com:\n    \(entry), canonicalization: relaxed}", 4, 68,
      "\"relaxed\" is not a canonicalization (relaxed/relaxed, simple/relaxed, …)"
    ),
    (
      "signing:\n  table:\n    example.com:\n    \(entry), identity: a@example.net}", 4, 60,
      "\"a@example.net\" is not an identity (local@domain, @domain) of example.com"
    ),
    (
      "signing:\n  table:\n    example.com:\n    - {domain: a b, selector: s, key: k}", 4, 16,
      "\"a b\" is not a domain name: unexpected octet at byte 1"
    ),
    (
      "signing:\n  table:\n    example.com: &keys\n    \(entry)}\n    example.net: *keys", 3, 18,
      "anchors and aliases are not allowed"
    ),
    ("signing: *x", 1, 10, "found undefined alias"),
    ("signing: {}\n---\nsigning: {}", 2, 1, "but found another document"),
  ])
  func refuses(text: String, line: Int, column: Int, problem: String) {
    let error = ConfigurationError(
      file: "signet.yaml", line: line, column: column, problem: problem)
    #expect(throws: error) { try ConfigurationFile(parsing: text, path: "signet.yaml") }
  }

  /// Anchors that would unfold to 10¹⁸ values are refused before any is looked at.
  @Test(.timeLimit(.minutes(1))) func billionsOfAliases() {
    var text = "a0: &a0 [x]\n"
    for level in 1..<18 {
      let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(aliases)]\n"
    }
    #expect(throws: ConfigurationError.self) {
      try ConfigurationFile(parsing: text, path: "signet.yaml")
    }
  }
}
