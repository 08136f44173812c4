import Authentication
import DNS
import MailTesting
import Testing
import Wire

@Suite("DMARC policy and disposition, RFC 9989 §4.7, §4.10.1, §5.4, §7.4")
struct DMARCPolicyTests {
  /// Tags, policy, its tag and disposition for: the domain, a subdomain that exists, one that does
  /// not.
  @Test(arguments: [
    ("p=reject", "reject p", "reject p", "reject p"),
    ("p=reject; sp=quarantine", "reject p", "quarantine sp", "quarantine sp"),
    ("p=reject; np=quarantine", "reject p", "reject p", "quarantine np"),
    ("p=none; sp=quarantine; np=reject", "none p", "quarantine sp", "reject np"),
    ("p=none; rua=mailto:a@example.com; sp=bad", "none p", "none p", "none p"),
    ("p=reject; rua=mailto:a@example.com; np=bad", "none p", "none p", "none p"),
    ("rua=mailto:a@example.com; sp=reject", "none p", "none p", "none p"),
  ])
  func choices(tags: String, own: String, existing: String, missing: String) async throws {
    let scene = DMARCScene(["_dmarc.example.com": ["v=DMARC1; " + tags]], hosts: ["a.example.com"])
    for (author, expected) in [
      ("example.com", own), ("a.example.com", existing), ("b.example.com", missing),
    ] {
      let verdict = try await scene.evaluate(from: author)
      let found = [verdict.policy?.rawValue, verdict.policyTag?.rawValue].compactMap { $0 }
      #expect(found.joined(separator: " ") == expected, "\(author)")
      #expect(verdict.disposition.rawValue == verdict.policy?.rawValue)
      #expect(verdict.result == .fail)
    }
  }

  /// A record that has neither usable policies nor a usable report address.
  @Test(arguments: [
    "v=DMARC1", "v=DMARC1; p=bad", "v=DMARC1; p=reject; sp=bad", "v=DMARC1; p=reject; np=bad",
    "v=DMARC1; p=bad; rua=nonsense", "v=DMARC1; p=bad; rua=mailto:nobody",
    "v=DMARC1; p=reject; sp=",
  ])
  func unusable(record: String) async throws {
    let scene = DMARCScene([
      "_dmarc.a.example.com": [record], "_dmarc.example.com": ["v=DMARC1; p=reject"],
    ])
    let verdict = try await scene.evaluate(from: "a.example.com", spf: "pass a.example.com")
    // It is the record retrieved, so that DMARC ends here and does not walk on.
    #expect(verdict.result == .none)
    #expect(verdict.policyDomain == nil)
    #expect(verdict.record == nil)
    #expect(verdict.warnings.contains { $0.contains("no usable policy") })
  }

  @Test(arguments: [
    ("p=reject; t=y", DMARCDisposition.quarantine, true),
    ("p=quarantine; t=y", .none, true),
    ("p=none; t=y", .none, false),  // no effect on none, so nothing to report
    ("p=reject; t=n", .reject, false),
    ("p=reject; t=x", .reject, false),
  ])
  func testMode(tags: String, disposition: DMARCDisposition, isOverridden: Bool) async throws {
    let scene = DMARCScene(["_dmarc.example.com": ["v=DMARC1; " + tags]])
    let failed = try await scene.evaluate(from: "example.com")
    #expect(failed.disposition == disposition)
    #expect(failed.override?.reason == (isOverridden ? .policyTestMode : nil))
    #expect(failed.result == .fail)
    let passed = try await scene.evaluate(from: "example.com", spf: "pass example.com")
    #expect(passed.disposition == .none)
    #expect(passed.overrides.isEmpty)
  }

  @Test func overrides() async throws {
    let scene = DMARCScene(["_dmarc.example.com": ["v=DMARC1; p=reject"]])
    let failed = try await scene.evaluate(from: "example.com")
    let trusted = DMARCOverride(.trustedForwarder, comment: "arc=pass as[1].d=lists.example")
    let forwarded = failed.applying(trusted)
    #expect(forwarded.result == .fail)
    #expect(forwarded.policy == .reject)
    #expect(forwarded.disposition == .none)
    #expect(forwarded.override == trusted)
    #expect(forwarded.evidence.count == failed.evidence.count + 1)
    // To quarantine only, then to none; never back.
    let local = DMARCOverride(.localPolicy)
    let suspicious = failed.applying(local, disposition: .quarantine)
    #expect(suspicious.disposition == .quarantine)
    #expect(suspicious.applying(trusted).overrides == [local, trusted])
    #expect(suspicious.applying(trusted, disposition: .reject) == suspicious)
    #expect(forwarded.applying(local) == forwarded)
    // What did not fail is not overridden.
    let passed = try await scene.evaluate(from: "example.com", spf: "pass example.com")
    #expect(passed.applying(local) == passed)
    #expect(DMARCVerdict(.temperror).applying(local) == DMARCVerdict(.temperror))
  }

  @Test("a receiver without other knowledge quarantines (§7.4)")
  func withoutOtherKnowledge() {
    #expect(
      DMARCDisposition.allCases.map(\.withoutOtherKnowledge) == [.none, .quarantine, .quarantine])
  }

  /// Words that others read: RFC 8601, RFC 9990 §3.1.6.
  @Test func spellings() {
    #expect(
      DMARCResult.allCases.map(\.rawValue) == ["none", "pass", "fail", "temperror", "permerror"])
    #expect(
      DMARCOverride.Reason.allCases.map(\.rawValue) == [
        "local_policy", "mailing_list", "other", "policy_test_mode", "trusted_forwarder",
        "sampled_out",
      ])
  }

  @Test("warnings name what has no effect")
  func warnings() async throws {
    let scene = DMARCScene(["_dmarc.example.com": ["v=DMARC1; p=reject; pct=10; x=1"]])
    let verdict = try await scene.evaluate(from: "example.com")
    #expect(
      verdict.warnings == [
        "_dmarc.example.com: \"pct=10\" ignored: historic",
        "_dmarc.example.com: \"x=1\" ignored: unknown",
      ])
    #expect(verdict.disposition == .reject)
  }

  @Test("every step cites the standard in force")
  func evidence() async throws {
    let scene = DMARCScene(["_dmarc.example.com": ["v=DMARC1; p=reject; t=y"]])
    let verdict = try await scene.evaluate(
      from: "a.example.com", spf: "pass b.example.com", dkim: ["pass example.net"])
    #expect(verdict.evidence.allSatisfy { $0.cites.hasPrefix("RFC 9989 §") })
    #expect(
      verdict.evidence.map(\.step) == [
        "dmarc record", "dmarc record", "dmarc record", "dmarc organizational domain",
        "dmarc record", "dmarc alignment", "dmarc alignment", "dmarc result", "dmarc policy",
      ])
  }
}

@Suite("DMARC with several author domains, RFC 9989 §5.3.1, §11.5")
struct DMARCAuthorsTests {
  private static let scene = DMARCScene(
    [
      "_dmarc.reject.example": ["v=DMARC1; p=reject"],
      "_dmarc.quarantine.example": ["v=DMARC1; p=quarantine"],
      "_dmarc.none.example": ["v=DMARC1; p=none"],
      "_dmarc.attacker.net": ["v=DMARC1; p=none"],
    ], failures: ["_dmarc.broken.example": .timeout])

  /// Everything is sent, and signed, by attacker.net.
  private func evaluate(_ authors: [String]) async throws -> DMARCVerdict {
    await DMARCVerifier(resolver: try Self.scene.resolver).evaluate(
      try DMARCScene.identifiers(
        from: authors, spf: "pass attacker.net", dkim: ["pass attacker.net"]))
  }

  @Test("no domain: no DMARC")
  func noAuthor() async throws {
    for authors in [[], [DomainName.root]] {
      let resolver = try Self.scene.resolver
      let verdict = await DMARCVerifier(resolver: resolver).evaluate(
        DMARCIdentifiers(authorDomains: authors))
      #expect(verdict.result == .permerror)
      #expect(verdict.authorDomain == nil)
      #expect(verdict.disposition == .none)
      #expect(verdict.evidence.count == 1)
      #expect(resolver.questions.isEmpty)
    }
  }

  @Test(arguments: [
    (["attacker.net"], DMARCResult.pass, DMARCDisposition.none, "attacker.net"),
    // The same domain twice is one domain.
    (["attacker.net", "ATTACKER.net"], .pass, .none, "attacker.net"),
    // A pass for one never hides the failure of another, in either order.
    (["attacker.net", "reject.example"], .fail, .reject, "reject.example"),
    (["reject.example", "attacker.net"], .fail, .reject, "reject.example"),
    (["attacker.net", "none.example"], .fail, .none, "none.example"),
    // The strictest.
    (["none.example", "reject.example", "quarantine.example"], .fail, .reject, "reject.example"),
    (["none.example", "quarantine.example"], .fail, .quarantine, "quarantine.example"),
    // One without a policy: the whole is not a pass.
    (["attacker.net", "nothing.net"], .none, .none, "nothing.net"),
    (["attacker.net", "broken.example"], .temperror, .none, "broken.example"),
    (["broken.example", "reject.example"], .fail, .reject, "reject.example"),
  ])
  func strictestWins(
    authors: [String], result: DMARCResult, disposition: DMARCDisposition, deciding: String
  ) async throws {
    let verdict = try await evaluate(authors)
    #expect(verdict.result == result)
    #expect(verdict.disposition == disposition)
    #expect(verdict.authorDomain?.description == deciding)
    let distinct = Set(authors.map { $0.lowercased() }).count
    #expect(verdict.perAuthorDomain.count == (distinct > 1 ? distinct : 0))
  }

  @Test("five pass: both sides of the cap")
  func cap() async throws {
    let txt = Dictionary(
      uniqueKeysWithValues: (0..<100).map { ("_dmarc.d\($0).example", ["v=DMARC1; p=none"]) })
    for (count, result) in [(5, DMARCResult.pass), (6, .permerror), (100, .permerror)] {
      let resolver = try DMARCScene(txt).resolver
      let names = (0..<count).map { "d\($0).example" }
      let verdict = await DMARCVerifier(resolver: resolver).evaluate(
        try DMARCScene.identifiers(from: names, dkim: names.map { "pass " + $0 }))
      #expect(verdict.result == result)
      #expect(verdict.perAuthorDomain.count == 5)
      #expect(verdict.dkimAligned == (result == .pass))
      #expect(resolver.questions.count <= 6)
      #expect((verdict.authorDomain?.description == "d5.example") == (result == .permerror))
    }
  }

  @Test("a failure within the cap still counts")
  func failureWithinCap() async throws {
    let verdict = try await evaluate(
      ["reject.example"] + (0..<50).map { "x\($0).example" })
    #expect(verdict.result == .fail)
    #expect(verdict.disposition == .reject)
    #expect(verdict.warnings.contains("46 author domains were not evaluated"))
  }
}
