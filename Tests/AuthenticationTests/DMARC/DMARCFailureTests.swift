import Authentication
import DNS
import MailTesting
import Testing
import Wire

@Suite("DMARC and DNS failures, RFC 9989 §5.3.6")
struct DMARCFailureTests {
  private static let causes: [LookupFailure] = [
    .timeout, .serverFailure("SERVFAIL"), .bogus("expired"), .aliasLoop, .cancelled,
  ]

  /// Wherever policy discovery meets a failure, there is no result.
  @Test(arguments: causes, ["a.b.example.com", "b.example.com", "example.com", "com"])
  func discovery(cause: LookupFailure, place: String) async throws {
    let scene = DMARCScene(
      ["_dmarc.example.com": ["v=DMARC1; p=reject"]].filter { $0.key != "_dmarc." + place },
      failures: ["_dmarc." + place: cause])
    let verdict = try await scene.evaluate(
      from: "a.b.example.com", spf: "pass a.b.example.com", dkim: ["pass example.com"])
    #expect(verdict.result == .temperror)
    #expect(verdict.disposition == .none)
    #expect(verdict.policyDomain == nil)
    #expect(verdict.policy == nil)
    #expect(verdict.organizationalDomain == nil)
    #expect(verdict.reason?.contains(place) == true)
    #expect(verdict.evidence.contains { $0.outcome == "DNS failure" })
  }

  /// The author has a record of its own; the failure stands above it.
  @Test(arguments: [
    // Nothing passed, or nothing that shares a top level: the result is certain.
    (nil as String?, [String](), DMARCResult.fail, DMARCDisposition.reject),
    ("fail mail.example.com", ["pass example.net"], .fail, .reject),
    // It could be the same organization.
    ("pass mail.example.com", [], .temperror, .none),
    (nil, ["pass example.net", "pass other.com"], .temperror, .none),
    // The author itself passed, so that no other domain matters.
    ("pass example.com", [], .pass, .none),
    (nil, ["pass mail.example.com", "pass example.com"], .pass, .none),
    ("pass example.com", ["pass mail.example.com"], .pass, .none),
  ])
  func authorWalk(
    spf: String?, dkim: [String], result: DMARCResult, disposition: DMARCDisposition
  ) async throws {
    let scene = DMARCScene(
      ["_dmarc.example.com": ["v=DMARC1; p=reject"]], failures: ["_dmarc.com": .timeout])
    let verdict = try await scene.evaluate(from: "example.com", spf: spf, dkim: dkim)
    #expect(verdict.result == result)
    #expect(verdict.disposition == disposition)
    #expect(verdict.policyDomain?.description == "example.com")
  }

  /// Strict alignment needs no walk, so a failure there does not matter.
  @Test func strictAlignmentNeedsNoWalk() async throws {
    let scene = DMARCScene(
      ["_dmarc.example.com": ["v=DMARC1; p=reject; adkim=s; aspf=s"]],
      failures: ["_dmarc.com": .timeout, "_dmarc.mail.example.com": .timeout])
    let verdict = try await scene.evaluate(
      from: "example.com", spf: "pass mail.example.com", dkim: ["pass mail.example.com"])
    #expect(verdict.result == .fail)
    #expect(verdict.disposition == .reject)
  }

  /// The walk of an identifier fails between it and the author's organization.
  @Test(arguments: [
    (["pass mail.example.com"], DMARCResult.temperror),
    (["pass mail.example.com", "pass www.example.com"], .pass),
    (["pass www.example.com", "pass mail.example.com"], .pass),
    (["pass mail.example.com", "pass mail.example.net"], .temperror),
    (["fail mail.example.com"], .fail),
  ])
  func identifierWalk(dkim: [String], result: DMARCResult) async throws {
    let scene = DMARCScene(
      ["_dmarc.example.com": ["v=DMARC1; p=reject"]],
      failures: ["_dmarc.mail.example.com": .serverFailure("SERVFAIL")])
    let verdict = try await scene.evaluate(from: "example.com", dkim: dkim)
    #expect(verdict.result == result)
    #expect(verdict.dkimAligned == (result == .pass))
  }

  /// A stranger's broken zone changes nothing.
  @Test func unrelatedZones() async throws {
    let scene = DMARCScene(
      ["_dmarc.example.com": ["v=DMARC1; p=reject"]],
      failures: ["_dmarc.stranger.net": .timeout, "_dmarc.net": .timeout])
    let verdict = try await scene.evaluate(from: "example.com", spf: "pass stranger.net")
    #expect(verdict.result == .fail)
    #expect(verdict.disposition == .reject)
  }

  /// SPF or DKIM itself has met a temporary error.
  @Test(arguments: [
    ("temperror example.com" as String?, [String](), DMARCResult.temperror),
    ("temperror mail.example.com", [], .temperror),
    (nil, ["temperror mail.example.com"], .temperror),
    ("temperror stranger.net", ["temperror stranger.org"], .fail),  // could not align
    ("temperror example.com", ["pass example.com"], .pass),
    ("pass stranger.net", ["fail example.com", "temperror example.com"], .temperror),
  ])
  func mechanisms(spf: String?, dkim: [String], result: DMARCResult) async throws {
    let scene = DMARCScene(["_dmarc.example.com": ["v=DMARC1; p=reject"]])
    let verdict = try await scene.evaluate(from: "example.com", spf: spf, dkim: dkim)
    #expect(verdict.result == result)
    #expect(verdict.disposition == (result == .fail ? .reject : .none))
    #expect(verdict.spfAligned == false)
  }

  /// Without a policy a temporary error of SPF does not matter.
  @Test func noPolicy() async throws {
    let verdict = try await DMARCScene().evaluate(
      from: "example.com", spf: "temperror example.com")
    #expect(verdict.result == .none)
  }

  /// Whether the author exists cannot be found out.
  @Test(arguments: [
    ("p=reject; sp=none; np=quarantine", [String](), DMARCResult.temperror, nil as DMARCPolicy?),
    ("p=reject; np=none", [], .temperror, nil),
    ("p=reject; np=reject", [], .fail, .reject),  // both ways the same
    ("p=none; sp=reject", [], .fail, .reject),  // not asked
    ("p=reject; sp=none; np=quarantine", ["pass example.com"], .pass, nil),
  ])
  func existence(
    tags: String, dkim: [String], result: DMARCResult, policy: DMARCPolicy?
  ) async throws {
    let scene = DMARCScene(
      ["_dmarc.example.com": ["v=DMARC1; " + tags]], failures: ["a.example.com": .timeout])
    let verdict = try await scene.evaluate(from: "a.example.com", dkim: dkim)
    #expect(verdict.result == result)
    #expect(verdict.policy == policy)
  }

  /// A resolver in which every name of a set is an alias to a name that does not exist.
  private struct DanglingAlias: Resolver {
    let records: ScriptedResolver
    let target: DomainName

    func lookup(
      _ name: DomainName, _ type: RecordType
    ) async throws(LookupFailure) -> Answer {
      guard type == .a else { return try await records.lookup(name, type) }
      return Answer(.noSuchName, expandedName: target)
    }
  }

  /// An alias is a record, so its owner exists (appendix A.4).
  @Test(arguments: [("gone.example.net", DMARCPolicyTag.sp), ("a.example.com", .np)])
  func danglingAlias(target: String, tag: DMARCPolicyTag) async throws {
    let scene = DMARCScene(["_dmarc.example.com": ["v=DMARC1; p=none; sp=none; np=reject"]])
    let resolver = DanglingAlias(
      records: try scene.resolver, target: try DomainName(parsing: target))
    let verdict = await DMARCVerifier(resolver: resolver).evaluate(
      try DMARCScene.identifiers(from: ["a.example.com"]))
    #expect(verdict.policyTag == tag)
  }
}
