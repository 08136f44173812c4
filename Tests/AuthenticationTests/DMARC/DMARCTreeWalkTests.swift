import Authentication
import DNS
import MailTesting
import Testing
import Wire

@Suite("DNS Tree Walk, RFC 9989 §4.10")
struct DMARCTreeWalkTests {
  private func questions(
    for author: String, _ txt: [String: [String]] = [:]
  ) async throws -> [String] {
    let resolver = try DMARCScene(txt).resolver
    _ = await DMARCVerifier(resolver: resolver).evaluate(
      try DMARCScene.identifiers(from: [author]))
    return resolver.questions.map { "\($0.name)" }
  }

  @Test(arguments: [
    ("com", ["com"]),
    ("example.com", ["example.com", "com"]),
    // Seven and eight labels: every name.
    (
      "a.b.c.d.e.example.com",
      [
        "a.b.c.d.e.example.com", "b.c.d.e.example.com", "c.d.e.example.com", "d.e.example.com",
        "e.example.com", "example.com", "com",
      ]
    ),
    (
      "a.b.c.d.e.f.example.com",
      [
        "a.b.c.d.e.f.example.com", "b.c.d.e.f.example.com", "c.d.e.f.example.com",
        "d.e.f.example.com", "e.f.example.com", "f.example.com", "example.com", "com",
      ]
    ),
    // Nine: the name of eight labels is left out.
    (
      "a.b.c.d.e.f.g.example.com",
      [
        "a.b.c.d.e.f.g.example.com", "c.d.e.f.g.example.com", "d.e.f.g.example.com",
        "e.f.g.example.com", "f.g.example.com", "g.example.com", "example.com", "com",
      ]
    ),
    // The example of §4.10.
    (
      "a.b.c.d.e.f.g.h.i.j.mail.example.com",
      [
        "a.b.c.d.e.f.g.h.i.j.mail.example.com", "g.h.i.j.mail.example.com",
        "h.i.j.mail.example.com", "i.j.mail.example.com", "j.mail.example.com",
        "mail.example.com", "example.com", "com",
      ]
    ),
  ])
  func asks(author: String, names: [String]) async throws {
    #expect(try await questions(for: author) == names.map { "_dmarc." + $0 })
  }

  @Test func asksAtMostEightTimes() async throws {
    for labels in 1...127 {
      let author = Array(repeating: "a", count: labels).joined(separator: ".")
      let asked = try await questions(for: author)
      // The longest names leave no room for `_dmarc`, so their first question is not asked.
      #expect(asked.count == min(labels, 8) - (labels > 123 ? 1 : 0), "\(labels) labels")
    }
  }

  @Test(arguments: [
    // psd=n and psd=y end the walk, at the start too; psd=u does not.
    ("v=DMARC1; p=none; psd=n", 2), ("v=DMARC1; p=none; psd=y", 2), ("v=DMARC1; p=none; psd=u", 3),
    ("v=DMARC1; p=none", 3), ("v=DMARC1; p=none; psd=y; psd=u", 2),
    ("v=DMARC1; p=none; psd=bad", 3),
  ])
  func ends(record: String, count: Int) async throws {
    let inherited = try await questions(for: "a.example.com", ["_dmarc.example.com": [record]])
    #expect(inherited.count == count)
    let own = try await questions(for: "example.com", ["_dmarc.example.com": [record]])
    #expect(own.count == count - 1)
  }

  /// Author, records, Organizational Domain, policy domain.
  @Test(arguments: [
    // The three examples of §4.10.2.
    (
      "a.mail.example.com",
      ["mail.example.com": "p=none", "example.com": "p=none"], "example.com", "example.com"
    ),
    (
      "a.mail.example.com", ["mail.example.com": "p=none; psd=n"], "mail.example.com",
      "mail.example.com"
    ),
    ("a.mail.example.com", ["com": "p=none; psd=y"], "example.com", "com"),
    // Records between the author and its organization are not used for policy.
    (
      "a.b.example.com", ["b.example.com": "p=reject", "example.com": "p=none"], "example.com",
      "example.com"
    ),
    (
      "a.b.example.com", ["b.example.com": "p=reject", "com": "p=none; psd=y"], "example.com", "com"
    ),
    // psd=y where the walk starts: the fewest labels decide.
    ("bank.example", ["bank.example": "p=none; psd=y"], "bank.example", "bank.example"),
    // psd=n and psd=y on one way: the longer name comes first.
    (
      "a.b.bank.example", ["b.bank.example": "p=none; psd=n", "bank.example": "p=none; psd=y"],
      "b.bank.example", "b.bank.example"
    ),
    // A PSD seven labels deep below a long name: the organization was never asked for.
    (
      "x.y.z.a.b.c.d.e.f.example", ["a.b.c.d.e.f.example": "p=none; psd=y"],
      "z.a.b.c.d.e.f.example", "a.b.c.d.e.f.example"
    ),
    // The name of eight labels is not asked, so its record does not count.
    (
      "x.y.z.a.b.c.d.e.f.example",
      ["z.a.b.c.d.e.f.example": "p=none; psd=n", "example": "p=none"], "example", "example"
    ),
    // co.uk and other suffixes are nothing special to the walk.
    ("a.co.uk", ["co.uk": "p=none"], "co.uk", "co.uk"),
  ])
  func decides(
    author: String, records: [String: String], organization: String, policy: String
  ) async throws {
    let txt = Dictionary(
      uniqueKeysWithValues: records.map { ("_dmarc." + $0.key, ["v=DMARC1; " + $0.value]) })
    let verdict = try await DMARCScene(txt).evaluate(from: author)
    #expect(verdict.organizationalDomain?.description == organization)
    #expect(verdict.policyDomain?.description == policy)
  }

  @Test("From@com: a record at a top-level domain is its own")
  func topLevel() async throws {
    let scene = DMARCScene(["_dmarc.com": ["v=DMARC1; p=reject; sp=none"]])
    let own = try await scene.evaluate(from: "com", dkim: ["pass com"])
    #expect(own.result == .pass)
    #expect(own.warnings.isEmpty)
    // Without psd it makes all of com one organization: said aloud.
    let below = try await scene.evaluate(from: "victim.com", dkim: ["pass attacker.com"])
    #expect(below.organizationalDomain?.description == "com")
    #expect(below.result == .pass)
    #expect(below.warnings.contains { $0.contains("_dmarc.com has no psd tag") })
    let marked = DMARCScene(["_dmarc.com": ["v=DMARC1; p=reject; psd=y"]])
    let apart = try await marked.evaluate(from: "victim.com", dkim: ["pass attacker.com"])
    #expect(apart.result == .fail)
    #expect(apart.warnings.isEmpty)
  }

  @Test("identical domains with a record of their own cost one query (§4.10.2)")
  func sparesWalks() async throws {
    let scene = DMARCScene([
      "_dmarc.mail.example.com": ["v=DMARC1; p=reject"],
      "_dmarc.example.com": ["v=DMARC1; p=none"],
    ])
    let resolver = try scene.resolver
    let verdict = await DMARCVerifier(resolver: resolver).evaluate(
      try DMARCScene.identifiers(
        from: ["mail.example.com"], spf: "pass mail.example.com",
        dkim: ["pass mail.example.com", "fail other.example"]))
    #expect(verdict.result == .pass)
    #expect(verdict.organizationalDomain?.description == "mail.example.com")
    #expect(resolver.questions.count == 1)
  }

  @Test("identifiers that cannot align cost nothing, and those that could are limited")
  func boundsIdentifierWalks() async throws {
    let resolver = try DMARCScene(["_dmarc.example.com": ["v=DMARC1; p=reject"]]).resolver
    let strangers = (0..<200).map { "pass a.b.c.d.e.f.g.h.stranger\($0).net" }
    _ = await DMARCVerifier(resolver: resolver).evaluate(
      try DMARCScene.identifiers(from: ["example.com"], spf: "pass com", dkim: strangers))
    #expect(resolver.questions.count == 2)

    let limited = try DMARCScene([
      "_dmarc.example.com": ["v=DMARC1; p=reject"],
      "_dmarc.example": ["v=DMARC1; p=none"],
      "_dmarc.c.example.com": ["v=DMARC1; p=none; psd=y"],
    ]).resolver
    let own = (0..<200).map { "pass a.b.s\($0).c.example.com" }
    let verdict = await DMARCVerifier(resolver: limited).evaluate(
      try DMARCScene.identifiers(from: ["example.com"], dkim: own))
    // Two of the author; five walks of three new names and c.example.com once.
    #expect(limited.questions.count == 2 + 5 * 3 + 1)
    #expect(verdict.result == .fail)
    #expect(verdict.warnings.count == 195)
  }

  @Test("a TXT record of 400 strings is one text")
  func joinsStrings() async throws {
    let text = Array(("v=DMARC1; p=reject; x=" + String(repeating: "a", count: 400)).utf8)
    let name = try DomainName(parsing: "_dmarc.example.com")
    let strings = text.map { [$0] } + [[], []]
    let resolver = ScriptedResolver([name: [.records([.txt(strings)])]])
    let verdict = await DMARCVerifier(resolver: resolver).evaluate(
      try DMARCScene.identifiers(from: ["example.com"]))
    #expect(verdict.record?.octets == text)
    #expect(verdict.disposition == .reject)
  }
}
