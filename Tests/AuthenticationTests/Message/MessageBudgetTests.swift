import Authentication
import DNS
import MailTesting
import Synchronization
import Testing
import Wire

/// Each question takes this long.
private struct SlowResolver: Resolver {
  let base: ScriptedResolver
  let clock: ManualClock
  let duration: Duration

  func lookup(
    _ name: DomainName, _ type: RecordType
  ) async throws(LookupFailure) -> Answer {
    clock.advance(by: duration)
    return try await base.lookup(name, type)
  }
}

/// Some names are never answered.
private struct HangingResolver: Resolver {
  let base: ScriptedResolver
  let gate: GatedResolver<ScriptedResolver>
  let names: Set<String>

  init(_ base: ScriptedResolver, names: Set<String>) {
    self.base = base
    gate = GatedResolver(base)
    self.names = names
  }

  func lookup(
    _ name: DomainName, _ type: RecordType
  ) async throws(LookupFailure) -> Answer {
    if names.contains("\(name)") { return try await gate.lookup(name, type) }
    return try await base.lookup(name, type)
  }
}

@Suite("what one message may cost: questions and time")
struct MessageBudgetTests {
  private static let bank = SignedDomain("bank.example")

  private static func scene() -> MessageScene {
    var scene = MessageScene(
      bank.zone,
      [
        "bank.example": ["v=spf1 include:a.bank.example include:b.bank.example -all"],
        "a.bank.example": ["v=spf1 ip4:198.51.100.1 -all"],
        "b.bank.example": ["v=spf1 ip4:192.0.2.1 -all"],
        "_dmarc.bank.example": ["v=DMARC1; p=reject"],
      ])
    scene.mailFrom = "joe@bank.example"
    return scene
  }

  private static func genuine() throws -> Letter {
    try bank.sign(.ordinary(from: "joe@bank.example"))
  }

  /// However few questions are left, a forged message never becomes `pass` or `none`, and a
  /// genuine one never `fail` or `none`.
  @Test(arguments: 0...12)
  func questions(maximum: Int) async throws {
    var scene = Self.scene()
    scene.policy.maximumLookups = maximum
    let resolver = try scene.resolver
    let verdict = try await MessageAuthenticator(resolver: resolver, policy: scene.policy)
      .authenticate(
        try Self.genuine().octets, envelope: try scene.envelope, now: scene.now,
        clock: ManualClock())
    #expect(resolver.questions.count <= maximum)
    #expect([.pass, .temperror].contains(verdict.dkim.first?.result))
    #expect([.pass, .temperror].contains(verdict.spf?.mailFrom.result))
    #expect([.pass, .temperror].contains(verdict.dmarc.result))
    #expect(verdict.dmarc.disposition == .none)
    if maximum == 0 {
      #expect(verdict.dkim.map(\.failure) == [.keyLookupFailed(.timeout)])
      #expect(verdict.spf?.helo.result == .temperror)
      #expect(verdict.dmarc.result == .temperror)
    }
    if maximum == 12 { #expect(verdict.dmarc.result == .pass) }

    scene.client = "203.0.113.1"
    let forged = try await scene.authenticate(.ordinary(from: "joe@bank.example"))
    #expect([.fail, .temperror].contains(forged.spf?.mailFrom.result))
    #expect([.fail, .temperror].contains(forged.dmarc.result))
    if maximum == 12 { #expect(forged.dmarc.result == .fail) }
  }

  /// Time: each question takes a second.
  @Test(arguments: [0, 1, 2, 3, 4, 5, 30])
  func time(seconds: Int) async throws {
    let scene = Self.scene()
    let clock = ManualClock()
    let base = try scene.resolver
    var policy = scene.policy
    policy.lookupTime = .seconds(seconds)
    let verdict = try await MessageAuthenticator(
      resolver: SlowResolver(base: base, clock: clock, duration: .seconds(1)), policy: policy
    ).authenticate(
      try Self.genuine().octets, envelope: try scene.envelope, now: scene.now, clock: clock)
    // Questions that are asked at once may all begin before the time is up.
    #expect(base.questions.count <= seconds + 4)
    #expect([.pass, .temperror].contains(verdict.dmarc.result))
    #expect([.pass, .temperror].contains(verdict.dkim.first?.result))
    if seconds == 0 {
      #expect(base.questions.isEmpty)
      #expect(verdict.dmarc.result == .temperror)
      #expect(verdict.dkim.map(\.failure) == [.keyLookupFailed(.timeout)])
    }
    if seconds == 30 { #expect(verdict.dmarc.result == .pass) }
  }

  /// A name that hangs costs the time that it may, and only what rests on it: the seconds after
  /// which the verdict is there, and what SPF, DKIM and DMARC then say.
  @Test(arguments: [
    ("bank.example", 20, SPFResult.temperror, DKIMResult.pass, DMARCResult.pass),
    ("b.bank.example", 20, .temperror, .pass, .pass),
    // The record of the policy would have been asked for after the key: no time is left.
    ("s1._domainkey.bank.example", 60, .pass, .temperror, .temperror),
    ("_dmarc.mail.bank.example", 60, .pass, .pass, .temperror),
    // Asked for when SPF and DKIM are known already.
    ("_dmarc.bank.example", 60, .pass, .pass, .temperror),
  ])
  func hangingName(
    name: String, seconds: Int, spf: SPFResult, dkim: DKIMResult, dmarc: DMARCResult
  ) async throws {
    let scene = Self.scene()
    let clock = ManualClock()
    let resolver = HangingResolver(try scene.resolver, names: [name])
    let letter = try Self.bank.sign(.ordinary(from: "joe@mail.bank.example"))
    let envelope = try scene.envelope
    let task = Task {
      try await MessageAuthenticator(resolver: resolver).authenticate(
        letter.octets, envelope: envelope, now: SignedDomain.now, clock: clock)
    }
    #expect(await eventually { resolver.gate.asked > 0 && clock.sleeperCount > 0 })
    clock.advance(by: .milliseconds(seconds * 1000 - 1))
    #expect(resolver.gate.cancelled == 0)
    clock.advance(by: .milliseconds(1))
    let verdict = try await task.value
    #expect(verdict.spf?.mailFrom.result == spf)
    #expect(verdict.dkim.map(\.result) == [dkim])
    #expect(verdict.dmarc.result == dmarc)
    #expect(resolver.gate.cancelled == resolver.gate.asked)
    #expect(clock.sleeperCount == 0)
  }

  /// All names hang at once: nobody waits longer than for one.
  @Test func everythingHangs() async throws {
    let scene = Self.scene()
    let clock = ManualClock()
    let resolver = GatedResolver(try scene.resolver)
    let letter = try Self.genuine()
    let envelope = try scene.envelope
    let task = Task {
      try await MessageAuthenticator(resolver: resolver).authenticate(
        letter.octets, envelope: envelope, now: SignedDomain.now, clock: clock)
    }
    // SPF's watch and the message's.
    #expect(await eventually { resolver.asked == 4 && clock.sleeperCount == 2 })
    clock.advance(by: .seconds(60))
    let verdict = try await task.value
    #expect(verdict.spf?.mailFrom.result == .temperror)
    #expect(verdict.dkim.map(\.failure) == [.keyLookupFailed(.timeout)])
    #expect(verdict.dmarc.result == .temperror)
    #expect(verdict.dmarc.disposition == .none)
    #expect(resolver.cancelled == 4)
  }

  /// A name is asked for once, however many signatures want it.
  @Test func sameKey() async throws {
    var letter = Letter.ordinary(from: "joe@bank.example")
    for _ in 0..<10 { letter = try Self.bank.sign(letter) { $0.signedFields = ["From"] } }
    let resolver = try Self.scene().resolver
    let verdict = try await MessageAuthenticator(resolver: resolver).authenticate(
      letter.octets, envelope: Envelope(), now: SignedDomain.now, clock: ManualClock())
    #expect(verdict.dkim.allSatisfy { $0.result == .pass })
    let names = resolver.questions.map { "\($0.name)" }
    #expect(names.filter { $0.contains("_domainkey") }.count == 1)
    #expect(names.filter { $0 == "_dmarc.bank.example" }.count == 1)
  }

  /// A header beyond the limit makes the message unreadable; one octet less does not.
  @Test func headerLimit() async throws {
    var scene = MessageScene()
    let letter = Letter.ordinary()
    scene.policy.headerLimit = letter.header.count
    _ = try await scene.authenticate(letter)
    scene.policy.headerLimit -= 1
    await #expect(throws: (any Error).self) { try await scene.authenticate(letter) }
    let pieces = letter.octets.map { [$0] }
    await #expect(throws: (any Error).self) { try await scene.authenticate(pieces: pieces) }
  }
}
