import Authentication
import MailTesting
import Testing
import Wire

@Suite("DMARC identifier alignment, RFC 9989 §4.4, §4.10.2, appendix B")
struct DMARCAlignmentTests {
  private static let organization = ["_dmarc.example.com": ["v=DMARC1; p=reject"]]

  /// Table 1 of §4.4 and appendix B.1: author, authenticated identifier, relaxed, strict.
  @Test(arguments: [
    ("news.example.com", "foo.example.com", true, false),
    ("news.example.com", "news.example.com", true, true),
    ("news.example.com", "foo.example.net", false, false),
    ("example.com", "example.com", true, true),  // B.1.1 and B.1.2, example 1
    ("example.com", "child.example.com", true, false),  // B.1.1, example 2
    ("child.example.com", "example.net", false, false),  // B.1.1 and B.1.2, example 3
    ("child.example.com", "example.com", true, false),  // B.1.2, example 2
    ("EXAMPLE.com", "Child.Example.COM", true, false),
    ("example.com", "notexample.com", false, false),
    ("example.com", "com", false, false),
    ("example.com", "example.com.example.net", false, false),
  ])
  func truthTable(author: String, identifier: String, relaxed: Bool, strict: Bool) async throws {
    for (mode, expected) in [("r", relaxed), ("s", strict)] {
      let scene = DMARCScene([
        "_dmarc.example.com": ["v=DMARC1; p=reject; aspf=\(mode); adkim=\(mode)"]
      ])
      let spf = try await scene.evaluate(from: author, spf: "pass \(identifier)")
      #expect(spf.spfAligned == expected)
      #expect(spf.result == (expected ? .pass : .fail))
      let dkim = try await scene.evaluate(from: author, dkim: ["pass \(identifier)"])
      #expect(dkim.dkimAligned == expected)
      #expect(dkim.result == (expected ? .pass : .fail))
      // Alignment cannot exist without a pass.
      let failed = try await scene.evaluate(
        from: author, spf: "fail \(identifier)", dkim: ["fail \(identifier)"])
      #expect(failed.result == .fail)
      #expect(failed.disposition == .reject)
      #expect(failed.alignments.isEmpty)
    }
  }

  /// Each mechanism obeys its own tag.
  @Test(arguments: [
    ("aspf=s", false, true), ("adkim=s", true, false), ("aspf=s; adkim=s", false, false),
    ("", true, true),
  ])
  func modesAreSeparate(tags: String, spf: Bool, dkim: Bool) async throws {
    let scene = DMARCScene(["_dmarc.example.com": ["v=DMARC1; p=reject; \(tags)"]])
    let verdict = try await scene.evaluate(
      from: "example.com", spf: "pass a.example.com", dkim: ["pass b.example.com"])
    #expect(verdict.spfAligned == spf)
    #expect(verdict.dkimAligned == dkim)
    #expect(verdict.result == (spf || dkim ? .pass : .fail))
  }

  /// A pass of any signature counts, wherever it stands.
  @Test func oneOfManySignatures() async throws {
    let others = (0..<50).map { "pass sender\($0).example.net" }
    let verdict = try await DMARCScene(Self.organization).evaluate(
      from: "example.com", dkim: others + ["fail example.com", "pass example.com"])
    #expect(verdict.result == .pass)
    #expect(verdict.alignments.filter(\.isAlignedPass).count == 1)
  }

  @Test("B.3.1: both identifiers align")
  func appendixB31() async throws {
    let scene = DMARCScene([
      "_dmarc.example.com": ["v=DMARC1; p=reject; aspf=r; rua=mailto:dmarc-feedback@example.com"]
    ])
    let verdict = try await scene.evaluate(
      from: "example.com", spf: "pass mail.example.com", dkim: ["pass example.com"])
    #expect(verdict.result == .pass)
    #expect(verdict.spfAligned && verdict.dkimAligned)
    #expect(verdict.disposition == .none)
    #expect(verdict.policy == .reject)
    #expect(verdict.reason == "SPF passed for mail.example.com, aligned with example.com.")
  }

  @Test("B.4.1: the walks of a simple organization")
  func appendixB41() async throws {
    let scene = DMARCScene([
      "_dmarc.example.com": ["v=DMARC1; p=reject"],
      "_dmarc.signing.example.com": ["v=DMARC1; p=none"],
    ])
    let resolver = try scene.resolver
    let verdict = await DMARCVerifier(resolver: resolver).evaluate(
      try DMARCScene.identifiers(
        from: ["example.com"], spf: "pass example.com", dkim: ["pass signing.example.com"]))
    #expect(verdict.spfAligned && verdict.dkimAligned)
    #expect(verdict.policyDomain?.description == "example.com")
    #expect(
      resolver.questions.map { "\($0.name)" } == [
        "_dmarc.example.com", "_dmarc.com", "_dmarc.signing.example.com",
      ])
  }

  @Test("B.4.2: a deep tree")
  func appendixB42() async throws {
    let scene = DMARCScene([
      "_dmarc.example.com": ["v=DMARC1; p=reject"],
      "_dmarc.signing.example.com": ["v=DMARC1; p=none"],
    ])
    let resolver = try scene.resolver
    let verdict = await DMARCVerifier(resolver: resolver).evaluate(
      try DMARCScene.identifiers(
        from: ["a.b.c.d.e.f.g.h.i.j.k.example.com"], spf: "pass example.com",
        dkim: ["pass signing.example.com"]))
    #expect(verdict.spfAligned && verdict.dkimAligned)
    #expect(verdict.policyDomain?.description == "example.com")
    #expect(verdict.organizationalDomain?.description == "example.com")
    #expect(
      resolver.questions.map { "\($0.name)" } == [
        "_dmarc.a.b.c.d.e.f.g.h.i.j.k.example.com", "_dmarc.g.h.i.j.k.example.com",
        "_dmarc.h.i.j.k.example.com", "_dmarc.i.j.k.example.com", "_dmarc.j.k.example.com",
        "_dmarc.k.example.com", "_dmarc.example.com", "_dmarc.com",
        "_dmarc.signing.example.com",
      ])
  }

  @Test("B.4.3: below a public suffix domain")
  func appendixB43() async throws {
    let scene = DMARCScene([
      "_dmarc.bank.example": ["v=DMARC1; p=reject; psd=y"],
      "_dmarc.giant.bank.example": ["v=DMARC1; p=quarantine"],
    ])
    let resolver = try scene.resolver
    let verdict = await DMARCVerifier(resolver: resolver).evaluate(
      try DMARCScene.identifiers(
        from: ["giant.bank.example"], spf: "pass mail.giant.bank.example",
        dkim: ["pass mail.mega.bank.example"]))
    #expect(verdict.organizationalDomain?.description == "giant.bank.example")
    #expect(verdict.policyDomain?.description == "giant.bank.example")
    #expect(verdict.spfAligned)
    #expect(!verdict.dkimAligned)
    #expect(verdict.result == .pass)
    // psd=y ends the walk, and the DKIM domain cannot be in giant's organization: no query.
    #expect(
      resolver.questions.map { "\($0.name)" } == [
        "_dmarc.giant.bank.example", "_dmarc.bank.example", "_dmarc.mail.giant.bank.example",
      ])
  }

  /// An identifier may have a lower Organizational Domain than the author's.
  @Test func identifierBelowAnotherOrganization() async throws {
    let scene = DMARCScene([
      "_dmarc.example.com": ["v=DMARC1; p=reject"],
      "_dmarc.customer.example.com": ["v=DMARC1; p=none; psd=n"],
      "_dmarc.hosting.example.com": ["v=DMARC1; p=none; psd=y"],
    ])
    for identifier in ["customer.example.com", "a.customer.example.com", "a.hosting.example.com"] {
      let verdict = try await scene.evaluate(from: "example.com", dkim: ["pass \(identifier)"])
      #expect(verdict.result == .fail, "\(identifier)")
    }
    let author = try await scene.evaluate(from: "a.customer.example.com", spf: "pass example.com")
    #expect(author.result == .fail)
    #expect(author.policyDomain?.description == "customer.example.com")
  }
}
