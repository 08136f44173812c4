import Testing
import Wire

@testable import Authentication

@Suite("what a trusted sealer saw, RFC 8617 §7.2")
struct ARCTestimonyTests {
  /// A chain that passes, each set as sealer and what it said.
  private func verdict(_ sets: [(sealer: String, said: String)]) throws -> ARCVerdict {
    var verdict = ARCVerdict(.pass)
    verdict.instances = sets.count
    verdict.coversAuthor = true
    verdict.sealers = try sets.map { try DomainName(parsing: $0.sealer) }
    verdict.selectors = try sets.map { _ in try DomainName(parsing: "s") }
    verdict.testimonies = zip(1..., sets).map {
      AuthenticationTestimony(instance: $0, text: $1.said)
    }
    return verdict
  }

  private func override(
    _ sets: [(sealer: String, said: String)], trusted: [String] = ["lists.example"]
  ) throws -> DMARCOverride? {
    let sealers = Set(try trusted.map { try DomainName(parsing: $0) })
    return ARCOverride(arc: try verdict(sets), trustedSealers: sealers)
      .override(for: try DomainName(parsing: "a.example"))
  }

  @Test(arguments: [
    "lists.example; dmarc=pass header.from=a.example",
    "lists.example; dmarc=PASS header.from=A.Example;",
    "mx.microsoft.example 1; spf=pass smtp.mailfrom=; dmarc=pass action=none"
      + " header.from=a.example; dkim=pass header.d=a.example; arc=none",
    "spf=pass smtp.mailfrom=a.example; dmarc=pass(p=REJECT) header.from=a.example;",
    "mx.example; dmarc=pass (p=NONE sp=QUARANTINE dis=NONE) header.from=a.example; garbage",
    "mx.example; dmarc=pass header.from=<b@a.example>",
    "mx.example; dmarc=pass header.from=b@a.example",
    "mx.example; dmarc=fail header.from=b.example; dmarc=pass header.from=a.example",
    "mx.example; dmarc=pass header.from=a.example; dmarc=pass header.from=a.example",
    "mx.example; spf=fail reason=\"dmarc=fail header.from=a.example\"; dmarc=pass"
      + " header.from=a.example",
  ])
  func isBelieved(said: String) throws {
    let override = try #require(try override([("lists.example", said)]))
    #expect(override.reason == .localPolicy)
    #expect(override.comment == "arc=pass as[1].d=lists.example as[1].s=s")
  }

  @Test(arguments: [
    "",
    "lists.example; none",
    "lists.example; dmarc=fail header.from=a.example",
    "lists.example; dmarc=bestguesspass action=none header.from=a.example",
    "lists.example; dmarc=pass",
    "lists.example; dmarc=pass header.from=",
    "lists.example; dmarc=pass header.from=b.example",
    "lists.example; dmarc=pass header.from=b.a.example",
    "lists.example; dmarc=pass from=a.example",
    "lists.example; dmarc=pass .from=a.example",
    "lists.example; dmarc=pass smtp.from=a.example",
    "lists.example; dmarc=pass header.from=a.example@b.example",
    "lists.example; dmarc=pass header.from=\"x@a.example\"@b.example",
    "lists.example; spf=pass header.from=a.example",
    "lists.example 2; dmarc=pass header.from=a.example",
    "lists.example; dmarc=pass header.from=a.example garbage",
    // Two answers: one may be a stranger's
    "lists.example; dmarc=pass header.from=a.example; dmarc=fail header.from=a.example",
    "lists.example; dmarc=fail header.from=a.example; dmarc=pass header.from=a.example",
    "lists.example; dmarc=pass header.from=b.example header.from=a.example",
    "lists.example; dmarc=pass header.from=a.example header.from=b.example",
    "lists.example; dmarc=fail header.from=b@a.example; dmarc=pass header.from=a.example",
    // In comments and quotes, and behind those that do not end
    "lists.example; spf=fail (; dmarc=pass header.from=a.example)",
    "lists.example; spf=fail smtp.mailfrom=\"; dmarc=pass header.from=a.example;\"@b.example",
    "lists.example; spf=fail (domain of (b; dmarc=pass header.from=a.example",
    "lists.example; spf=fail smtp.mailfrom=b\"; dmarc=pass header.from=a.example",
    "lists.example (; dmarc=pass header.from=a.example)",
  ])
  func isNotBelieved(said: String) throws {
    #expect(try override([("lists.example", said)]) == nil)
  }

  private static let pass = "mx.example; dmarc=pass header.from=a.example"
  private static let fail = "mx.example; dmarc=fail header.from=a.example"

  /// An AMS that does not sign From lets anybody put another author there.
  @Test func vouchesForNoAuthorThatItDoesNotCover() throws {
    var arc = try verdict([("lists.example", Self.pass)])
    let author = try DomainName(parsing: "a.example")
    let trusted: Set = [try DomainName(parsing: "lists.example")]
    #expect(ARCOverride(arc: arc, trustedSealers: trusted).override(for: author) != nil)
    arc.coversAuthor = false
    #expect(ARCOverride(arc: arc, trustedSealers: trusted).override(for: author) == nil)
  }

  @Test func countsFromTheNewestSealDownToAStranger() throws {
    let trusted = ["lists.example", "relay.example"]
    let both = [("relay.example", Self.pass), ("lists.example", Self.fail)]
    #expect(
      try override(both, trusted: trusted)?.comment
        == "arc=pass as[2].d=lists.example as[2].s=s as[1].d=relay.example as[1].s=s")
    #expect(try override(both, trusted: ["relay.example"]) == nil)  // a stranger is the newest
    #expect(try override(both, trusted: ["lists.example"]) == nil)  // a stranger saw it pass
    let newest = [("stranger.example", Self.fail), ("lists.example", Self.pass)]
    #expect(
      try override(newest)?.comment
        == "arc=pass as[2].d=lists.example as[2].s=s as[1].d=stranger.example as[1].s=s")
    let between = [
      ("relay.example", Self.pass), ("stranger.example", Self.pass), ("lists.example", Self.fail),
    ]
    #expect(try override(between, trusted: trusted) == nil)
  }

  @Test(arguments: [ARCResult.none, .fail])
  func needsAChainThatPasses(result: ARCResult) throws {
    var arc = try verdict([("lists.example", Self.pass)])
    arc.result = result
    let author = try DomainName(parsing: "a.example")
    let sealer = try DomainName(parsing: "lists.example")
    #expect(ARCOverride(arc: arc, trustedSealers: [sealer]).override(for: author) == nil)
  }

  @Test func needsASealer() throws {
    #expect(try override([]) == nil)
    #expect(try override([("lists.example", Self.pass)], trusted: []) == nil)
    #expect(try override([("b.lists.example", Self.pass)]) == nil)
  }
}
