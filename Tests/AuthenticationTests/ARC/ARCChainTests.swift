import Authentication
import DNS
import MailTesting
import Testing
import Wire

@Suite("chains made and broken, RFC 8617 §4.2, §5.1, §5.2")
struct ARCChainTests {
  private static let author = SignedDomain("example.com")

  private static func sealer(_ instance: Int) -> SignedDomain {
    SignedDomain("relay\(instance).example", selector: "arc\(instance)")
  }

  private static func results(_ instance: Int) -> String {
    "relay\(instance).example; dmarc=pass header.from=example.com"
  }

  private static func zone(_ count: Int) -> [String: [String]] {
    (1...max(count, 1)).reduce(into: author.zone) { zone, instance in
      zone.merge(sealer(instance).zone) { one, _ in one }
    }
  }

  private static func chain(
    _ count: Int, of letter: Letter? = nil,
    _ adjust: (Int, inout DKIMSigner) -> Void = { _, _ in }
  ) throws -> Letter {
    var letter = try letter ?? author.sign(.ordinary())
    for instance in 1...max(count, 1) where count > 0 {
      letter = try sealer(instance).seal(letter, instance: instance, results: results(instance)) {
        adjust(instance, &$0)
      }
    }
    return letter
  }

  @Test(arguments: 0...5)
  func sealed(count: Int) async throws {
    let verdict = try await MessageScene(Self.zone(count)).authenticate(try Self.chain(count))
    #expect(verdict.arc.result == (count == 0 ? .none : .pass))
    #expect(verdict.arc.instances == count)
    #expect(verdict.arc.oldestPass == (count == 0 ? nil : 0))
    #expect(verdict.arc.sealers.map { "\($0)" } == (0..<count).map { "relay\($0 + 1).example" })
    #expect(verdict.arc.testimonies.map(\.text) == (0..<count).map { Self.results($0 + 1) })
    #expect(verdict.dkim.map(\.result) == [.pass])
  }

  /// RSA keys of every size that is in use seal as well; OpenDMARC once failed from 3072 bits on.
  @Test(arguments: [2048, 3072])
  func sealedWithRSA(bits: Int) async throws {
    let key = bits == 2048 ? TestKeys.rsa : try SigningKey.rsa(bits: bits)
    let relay = SignedDomain("relay.example", key: key)
    let letter = try relay.seal(.ordinary(), instance: 1, results: "relay.example; none")
    #expect(try await MessageScene(relay.zone).authenticate(letter).arc.result == .pass)
  }

  @Test(.enabled(if: Conformance.isPresent), arguments: ["r3072", "r4096"])
  func sealedWithLargeKeys(name: String) async throws {
    let pem = String(
      decoding: try Conformance.octets("dkim/synthetic/keys/\(name).pem"), as: UTF8.self)
    let relay = SignedDomain("relay.example", key: try SigningKey(rsaPEM: pem))
    let letter = try relay.seal(.ordinary(), instance: 1, results: "relay.example; none")
    #expect(try await MessageScene(relay.zone).authenticate(letter).arc.result == .pass)
  }

  /// Fifty sets are as many as there may be (§4.2.1).
  @Test func fifty() async throws {
    let letter = try Self.chain(50)
    let scene = MessageScene(Self.zone(50))
    let verdict = try await scene.authenticate(letter)
    #expect(verdict.arc.result == .pass, "\(String(describing: verdict.arc.failure))")
    #expect(verdict.arc.instances == 50)
    let more = try Self.sealer(1).seal(letter, instance: 51, results: "relay1.example; none")
    #expect(try await scene.authenticate(more).arc.failure == .tooManySets)
  }

  /// §5.2 step 5: a change by a relay shows in the AMS of those before it, and only there.
  @Test(arguments: 1...3)
  func oldestPass(changedBefore instance: Int) async throws {
    var letter = try Self.chain(instance)
    letter.body += Array("-- \r\nlist footer\r\n".utf8)
    for later in (instance + 1)...5 {
      letter = try Self.sealer(later).seal(letter, instance: later, results: Self.results(later))
    }
    let scene = MessageScene(Self.zone(5))
    let verdict = try await scene.authenticate(letter)
    #expect(verdict.arc.result == .pass)
    #expect(verdict.arc.oldestPass == instance + 1)
    #expect(verdict.dkim.map(\.failure) == [.bodyHashMismatch])
    // After the last seal nothing may change.
    letter.body += Array("more\r\n".utf8)
    let failed = try await scene.authenticate(letter)
    #expect(failed.arc.failure == .messageSignature(instance: 5, .bodyHashMismatch))
    #expect(failed.arc.oldestPass == nil)
  }

  /// Whatever is done to a field of any set after it was sealed, the chain fails.
  @Test func everyFieldCounts() async throws {
    let letter = try Self.chain(3)
    let scene = MessageScene(Self.zone(3))
    let header = String(decoding: letter.header, as: UTF8.self)
    for instance in 1...3 {
      for (old, new) in [
        ("relay\(instance).example; dmarc=pass", "relay\(instance).example; dmarc=fail"),
        ("ARC-Seal: i=\(instance); a=", "ARC-Seal: i=\(instance); z=; a="),
        (
          "ARC-Message-Signature: i=\(instance); a=", "ARC-Message-Signature: i=\(instance); z=; a="
        ),
      ] {
        let changed = header.replacing(old, with: new, maxReplacements: 1)
        #expect(changed != header)
        let octets = Array(changed.utf8) + SlowDKIM.lineEnd + letter.body
        let verdict = try await scene.authenticate(octets)
        #expect(verdict.arc.result == .fail, "\(new)")
        #expect(verdict.arc.oldestPass == nil)
      }
    }
  }

  /// DNS failures are permanent here (§5.2.1), at any key the chain needs.
  @Test(arguments: [
    (1, LookupFailure.timeout), (2, .serverFailure("SERVFAIL")), (3, .bogus("expired")),
  ])
  func keyFailures(instance: Int, cause: LookupFailure) async throws {
    var scene = MessageScene(Self.zone(3))
    scene.failures["arc\(instance)._domainkey.relay\(instance).example"] = cause
    let failure = try await scene.authenticate(try Self.chain(3)).arc.failure
    #expect(
      failure
        == (instance == 3
          ? .messageSignature(instance: 3, .keyLookupFailed(cause))
          : .seal(instance: instance, .keyLookupFailed(cause))))
  }

  /// What the clock says of the newest signature counts; the seal has no `x=`.
  @Test func expired() async throws {
    let letter = try Self.chain(1) { $1.expiration = SignedDomain.now + 10 }
    var scene = MessageScene(Self.zone(1))
    scene.now = SignedDomain.now + 310
    #expect(try await scene.authenticate(letter).arc.result == .pass)
    scene.now += 1
    #expect(
      try await scene.authenticate(letter).arc.failure
        == .messageSignature(instance: 1, .expired(at: SignedDomain.now + 10)))
  }

  /// A newest AMS that leaves octets unsigned vouches for no message.
  @Test func unsignedTail() async throws {
    let letter = try Self.chain(1) { $1.bodyLength = 3 }
    var scene = MessageScene(Self.zone(1))
    let failure = try await scene.authenticate(letter).arc.failure
    #expect(failure == .messageSignature(instance: 1, .unsignedTail(octets: 21)))
    scene.policy.dkim.acceptsPartialBody = true
    #expect(try await scene.authenticate(letter).arc.result == .pass)
  }
}
