import Authentication
import DNS
import MailTesting
import Testing
import Wire

@Suite("DMARC by public suffix list, RFC 7489 §3.2, §6.6.3")
struct DMARCPublicSuffixModeTests {
  private static let list = try? PublicSuffixList(
    parsing: Array("com\nexample\nuk\nco.uk\n*.kobe.jp\n!city.kobe.jp\n".utf8))

  private func discovery() throws -> DMARCDiscovery {
    .publicSuffixList(try #require(Self.list))
  }

  private func evaluate(
    _ txt: [String: [String]], failures: [String: LookupFailure] = [:], from author: String,
    spf: String? = nil, dkim: [String] = [], sample: Int? = nil
  ) async throws -> DMARCVerdict {
    try await DMARCScene(txt, failures: failures).evaluate(
      from: author, spf: spf, dkim: dkim, by: try discovery(), sample: sample)
  }

  /// At most two questions: the author and its Organizational Domain.
  @Test(arguments: [
    ("example.com", ["example.com"]),
    ("a.b.c.example.com", ["a.b.c.example.com", "example.com"]),
    ("a.example.co.uk", ["a.example.co.uk", "example.co.uk"]),
    ("co.uk", ["co.uk"]),  // no Organizational Domain above it
    ("com", ["com"]),
    ("a.b.x.kobe.jp", ["a.b.x.kobe.jp", "b.x.kobe.jp"]),
    ("a.city.kobe.jp", ["a.city.kobe.jp", "city.kobe.jp"]),
    ("a.b.c.d.e.f.g.h.i.j.example.com", ["a.b.c.d.e.f.g.h.i.j.example.com", "example.com"]),
  ])
  func asks(author: String, names: [String]) async throws {
    let resolver = try DMARCScene().resolver
    let verdict = await DMARCVerifier(resolver: resolver, discovery: try discovery()).evaluate(
      try DMARCScene.identifiers(from: [author], spf: "pass " + author))
    #expect(resolver.questions.map { "\($0.name)" } == names.map { "_dmarc." + $0 })
    #expect(verdict.result == .none)
    #expect(verdict.evidence.allSatisfy { $0.cites.hasPrefix("RFC 7489 §") })
  }

  /// Records at the author and at its Organizational Domain, the policy and its tag.
  @Test(arguments: [
    (["v=DMARC1; p=none"], ["v=DMARC1; p=reject"], "none p a.example.com"),
    ([], ["v=DMARC1; p=reject"], "reject p example.com"),
    ([], ["v=DMARC1; p=reject; sp=quarantine"], "quarantine sp example.com"),
    // np, psd and t are unknown tags.
    ([], ["v=DMARC1; p=reject; np=none; t=y; psd=y"], "reject p example.com"),
    ([], ["v=DMARC1; p=reject; np=bad"], "reject p example.com"),
    // Several records at the author end discovery; other records do not.
    (["v=DMARC1; p=none", "v=DMARC1; p=none"], ["v=DMARC1; p=reject"], ""),
    (["v=spf1 -all", "x"], ["v=DMARC1; p=reject"], "reject p example.com"),
    ([], ["v=DMARC1; p=none", "v=DMARC1; p=none"], ""),
    // Bad policies: with rua as p=none, without it nothing.
    ([], ["v=DMARC1; p=bad; rua=mailto:a@example.com"], "none p example.com"),
    ([], ["v=DMARC1; p=reject; sp=bad; rua=mailto:a@example.com"], "none p example.com"),
    ([], ["v=DMARC1; p=reject; sp=bad"], ""),
    (["v=DMARC1"], ["v=DMARC1; p=reject"], ""),
  ])
  func policies(own: [String], above: [String], expected: String) async throws {
    let verdict = try await evaluate(
      ["_dmarc.a.example.com": own, "_dmarc.example.com": above], from: "a.example.com")
    let found = [
      verdict.policy?.rawValue, verdict.policyTag?.rawValue, verdict.policyDomain?.description,
    ]
    #expect(found.compactMap { $0 }.joined(separator: " ") == expected)
    #expect(verdict.result == (expected.isEmpty ? .none : .fail))
    #expect(!verdict.isTesting)
  }

  @Test(arguments: [
    ("example.co.uk", "mail.example.co.uk", true),
    ("example.co.uk", "other.co.uk", false),
    ("a.example.co.uk", "b.example.co.uk", true),
    ("a.city.kobe.jp", "city.kobe.jp", true),
    ("a.x.kobe.jp", "b.x.kobe.jp", false),
    ("co.uk", "co.uk", true),
    ("example.co.uk", "co.uk", false),
  ])
  func alignment(author: String, identifier: String, isAligned: Bool) async throws {
    let verdict = try await evaluate(
      ["_dmarc." + author: ["v=DMARC1; p=reject"]], from: author, spf: "pass " + identifier)
    #expect(verdict.spfAligned == isAligned)
  }

  @Test(arguments: ["a.example.com", "example.com"])
  func failures(place: String) async throws {
    let verdict = try await evaluate(
      [:], failures: ["_dmarc." + place: .timeout], from: "a.example.com",
      spf: "pass a.example.com")
    #expect(verdict.result == .temperror)
    #expect(verdict.policyDomain == nil)
  }

  /// §6.6.4: outside the sample, one level below.
  @Test(arguments: [
    ("p=reject; pct=30", nil as Int?, DMARCDisposition.reject),
    ("p=reject; pct=30", 29, .reject),
    ("p=reject; pct=30", 30, .quarantine),
    ("p=quarantine; pct=30", 30, .none),
    ("p=none; pct=30", 30, .none),
    ("p=reject; pct=0", 0, .quarantine),
    ("p=reject; pct=100", 99, .reject),
    ("p=reject", 99, .reject),
    ("p=reject; pct=101", 99, .reject),
  ])
  func sampling(tags: String, sample: Int?, disposition: DMARCDisposition) async throws {
    let txt = ["_dmarc.example.com": ["v=DMARC1; " + tags]]
    let verdict = try await evaluate(txt, from: "example.com", sample: sample)
    #expect(verdict.disposition == disposition)
    let isSampledOut = verdict.policy?.rawValue != disposition.rawValue
    #expect(verdict.override?.reason == (isSampledOut ? .sampledOut : nil))
    // The tree walk ignores pct.
    let walked = try await DMARCScene(txt).evaluate(from: "example.com", sample: sample)
    #expect(walked.disposition.rawValue == walked.policy?.rawValue)
  }

  @Test func comparison() async throws {
    let scene = DMARCScene([
      "_dmarc.co.uk": ["v=DMARC1; p=none"],
      "_dmarc.example.co.uk": ["v=DMARC1; p=reject"],
    ])
    let resolver = try scene.resolver
    let comparison = await DMARCVerifier(resolver: resolver).compare(
      try DMARCScene.identifiers(from: ["a.example.co.uk"], dkim: ["pass evil.co.uk"]),
      with: try #require(Self.list))
    #expect(comparison.treeWalk.result == .pass)
    #expect(comparison.publicSuffix.result == .fail)
    #expect(
      comparison.differences.map(\.aspect) == [
        .result, .organizationalDomain, .policyDomain, .policy, .disposition, .dkimAlignment,
      ])
    #expect(
      comparison.differences.first?.description
        == "result: pass by tree walk, fail by public suffix list")
    #expect(comparison.treeWalk.warnings.contains { $0.contains("co.uk is a public suffix") })
    let asked = resolver.questions.map { "\($0.name)" }
    #expect(Set(asked).count == asked.count)

    let same = await DMARCVerifier(resolver: try scene.resolver).compare(
      try DMARCScene.identifiers(from: ["nothing.example"]), with: try #require(Self.list))
    #expect(same.differences.isEmpty)
  }
}
