import Authentication
import MailTesting
import Testing
import Wire

/// Trust in sealers: when a message that fails DMARC is spared its policy.
@Suite("DMARC overrides by ARC, RFC 8617 §7.2.1, §7.2.2")
struct ARCOverrideTests {
  private static let author = SignedDomain("bank.example")

  private static func sealer(_ instance: Int) -> SignedDomain {
    SignedDomain("relay\(instance).example", selector: "arc\(instance)")
  }

  private static func says(_ words: String, _ instance: Int) -> String {
    "relay\(instance).example; \(words)"
  }

  private static func scene(trusting trusted: [Int], policy: String = "reject") throws
    -> MessageScene
  {
    var scene = MessageScene(author.zone, ["_dmarc.bank.example": ["v=DMARC1; p=\(policy)"]])
    for instance in 1...4 { scene.zone.merge(sealer(instance).zone) { one, _ in one } }
    scene.policy.trustedSealers = Set(
      try trusted.map { try DomainName(parsing: "relay\($0).example") })
    return scene
  }

  /// A message from the bank, changed by a list and sealed by relays that say these words.
  private static func letter(_ testimonies: [String]) throws -> Letter {
    var letter = try author.sign(.ordinary(from: "joe@bank.example"))
    letter.body += Array("-- \r\nlist footer\r\n".utf8)
    for (number, words) in zip(1..., testimonies) {
      letter = try sealer(number).seal(letter, instance: number, results: says(words, number))
    }
    return letter
  }

  private static let pass =
    "spf=pass smtp.mailfrom=bank.example; dmarc=pass header.from=bank.example"
  private static let fail = "dmarc=fail header.from=bank.example"

  @Test(arguments: [
    // One sealer: trusted or not.
    ([pass], [1], true), ([pass], [], false), ([pass], [2], false), ([fail], [1], false),
    // From the newest down to the one that says so, all must be trusted.
    ([pass, fail], [1, 2], true), ([pass, fail], [1], false), ([pass, fail], [2], false),
    ([pass, fail, fail], [1, 2, 3], true), ([pass, fail, fail], [1, 3], false),
    ([pass, fail, fail], [1, 2], false),
    // Those older than that one need no trust.
    ([fail, pass, fail], [2, 3], true), ([fail, fail, pass], [3], true),
    ([fail, fail, fail], [1, 2, 3], false),
    // The pass must be of DMARC, and for this author.
    (["dmarc=pass header.from=other.example"], [1], false),
    (["dmarc=pass header.from=sub.bank.example"], [1], false),
    (["dmarc=pass header.from=bank.example.evil.example"], [1], false),
    (["dmarc=pass"], [1], false), (["dkim=pass header.d=bank.example"], [1], false),
    (["spf=pass smtp.mailfrom=bank.example; dkim=pass header.i=@bank.example"], [1], false),
    (["dmarc=PASS header.from=BANK.example"], [1], true),
    (["x-dmarc=pass header.from=bank.example"], [1], false),
    (["dmarc=pass smtp.from=bank.example"], [1], false),
    (["dmarc=pass (header.from=bank.example)"], [1], false),
    (["dmarc=fail reason=\"dmarc=pass header.from=bank.example\""], [1], false),
    // Unreadable or empty testimony says nothing.
    (["none"], [1], false), (["="], [1], false),
    // What is no result beside it is passed over: testimonies are read as they are in use.
    (["dmarc=pass header.from=bank.example; ="], [1], true),
  ])
  func trust(testimonies: [String], trusted: [Int], isSpared: Bool) async throws {
    let verdict = try await Self.scene(trusting: trusted).authenticate(try Self.letter(testimonies))
    #expect(verdict.arc.result == .pass)
    #expect(verdict.dmarc.result == .fail)
    #expect(verdict.dmarc.disposition == (isSpared ? .none : .reject))
    #expect(verdict.dmarc.override?.reason == (isSpared ? .localPolicy : nil))
  }

  /// §7.2.2: status, domain and selector of each seal, and the address that the first set names.
  @Test(arguments: [
    ([pass], "arc=pass as[1].d=relay1.example as[1].s=arc1"),
    (
      [pass, fail],
      "arc=pass as[2].d=relay2.example as[2].s=arc2 as[1].d=relay1.example as[1].s=arc1"
    ),
    (
      [pass + "; arc=none smtp.remote-ip=2001:DB8::1A", fail],
      "arc=pass as[2].d=relay2.example as[2].s=arc2 as[1].d=relay1.example as[1].s=arc1"
        + " remote-ip[1]=2001:db8::1a"
    ),
    // What is no address is not repeated.
    (
      [pass + "; arc=none smtp.remote-ip=\"all is well\""],
      "arc=pass as[1].d=relay1.example as[1].s=arc1"
    ),
    // The first set's, not another's.
    (
      [fail, pass + "; arc=pass smtp.remote-ip=192.0.2.9"],
      "arc=pass as[2].d=relay2.example as[2].s=arc2 as[1].d=relay1.example as[1].s=arc1"
    ),
  ])
  func comment(testimonies: [String], comment: String) async throws {
    let verdict = try await Self.scene(trusting: [1, 2]).authenticate(try Self.letter(testimonies))
    #expect(verdict.dmarc.override?.comment == comment)
  }

  /// Trusted seals over a message that was changed after them, or over a chain that is broken.
  @Test func brokenChain() async throws {
    let scene = try Self.scene(trusting: [1, 2])
    var letter = try Self.letter([Self.pass, Self.pass])
    letter.body += Array("forged\r\n".utf8)
    var verdict = try await scene.authenticate(letter)
    #expect(verdict.arc.failure == .messageSignature(instance: 2, .bodyHashMismatch))
    #expect(verdict.dmarc.disposition == .reject)
    letter = try Self.sealer(2).seal(
      try Self.letter([Self.fail]), instance: 2, results: Self.says(Self.pass, 2), status: .fail)
    verdict = try await scene.authenticate(letter)
    #expect(verdict.arc.result == .fail)
    #expect(verdict.dmarc.disposition == .reject)
    // The name of a trusted sealer, and a key of one's own.
    let forger = SignedDomain("relay1.example", selector: "arc1", key: .ed25519())
    letter = try forger.seal(
      .ordinary(from: "joe@bank.example"), instance: 1, results: Self.says(Self.pass, 1))
    verdict = try await scene.authenticate(letter)
    #expect(verdict.arc.failure == .messageSignature(instance: 1, .signatureMismatch))
    #expect(verdict.dmarc.disposition == .reject)
  }

  /// A message lifted from a trusted chain onto another author: two From fields, or another one.
  @Test func anotherAuthor() async throws {
    var scene = try Self.scene(trusting: [1])
    scene.zone["_dmarc.shop.example"] = ["v=DMARC1; p=reject"]
    let letter = try Self.letter([Self.pass])
    let second = try await scene.authenticate(letter.prepending("From: joe@shop.example"))
    #expect(second.dmarc.result != .pass)
    #expect(second.dmarc.overrides.isEmpty)
    #expect(second.dmarc.disposition == .reject)
  }

  /// Nothing to spare: a pass stays a pass, `p=none` gets no override.
  @Test func nothingToSpare() async throws {
    let lenient = try await Self.scene(trusting: [1], policy: "none").authenticate(
      try Self.letter([Self.pass]))
    #expect(lenient.dmarc.result == .fail)
    #expect(lenient.dmarc.overrides.isEmpty)
    let unchanged = try Self.sealer(1).seal(
      try Self.author.sign(.ordinary(from: "joe@bank.example")), instance: 1,
      results: Self.says(Self.fail, 1))
    let verdict = try await Self.scene(trusting: [1]).authenticate(unchanged)
    #expect(verdict.dmarc.result == .pass)
    #expect(verdict.dmarc.overrides.isEmpty)
  }

  /// A client that forwards for us is believed without a chain; its neighbour is not.
  @Test(arguments: [("192.0.2.1", true), ("192.0.2.2", false), ("::ffff:192.0.2.1", true)])
  func trustedForwarder(client: String, isSpared: Bool) async throws {
    var scene = try Self.scene(trusting: [])
    scene.policy.trustedForwarders = [try IPNetwork(parsing: "192.0.2.1/32")]
    scene.client = client
    let verdict = try await scene.authenticate(try Self.letter([]))
    #expect(verdict.dmarc.result == .fail)
    #expect(verdict.dmarc.disposition == (isSpared ? .none : .reject))
    #expect(verdict.dmarc.override?.reason == (isSpared ? .trustedForwarder : nil))
  }
}
