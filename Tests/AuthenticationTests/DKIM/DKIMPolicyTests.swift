import Authentication
import MailTesting
import Testing
import Wire

@Suite("time, domains and number of signatures, RFC 6376 §3.5, §6.1, §6.1.1")
struct DKIMPolicyTests {
  private static let domain = SignedDomain("example.com")

  /// `t=`, `x=` and our clock, with five minutes of grace. A message replayed later than `x=` fails.
  @Test(arguments: [
    (UInt64(1000), nil as UInt64?, UInt64(1000), nil as DKIMFailure?),
    // No expiry: age alone is no failure, and t= is told.
    (1000, nil, 999_999_999, nil),
    (1000, 2000, 1500, nil), (1000, 2000, 2000, nil), (1000, 2000, 2300, nil),
    (1000, 2000, 2301, .expired(at: 2000)), (1000, 2000, .max, .expired(at: 2000)),
    (1000, 1001, 1000, nil), (1000, 1000, 1000, .expiresBeforeSigned),
    (1000, 999, 1000, .expiresBeforeSigned), (1000, 0, 0, .expiresBeforeSigned),
    // From the future.
    (1000, nil, 700, nil), (1000, nil, 699, .fromTheFuture(1000)),
    (1000, 2000, 699, .fromTheFuture(1000)), (1, nil, 0, nil),
    // The largest that the grammar has, and clocks at the end of time.
    (999_999_999_999, nil, .max, nil), (0, 999_999_999_999, 999_999_999_999, nil),
    (0, 999_999_999_999, 1_000_000_000_299, nil),
    (0, 999_999_999_999, 1_000_000_000_300, .expired(at: 999_999_999_999)),
  ])
  func time(signed: UInt64, expires: UInt64?, now: UInt64, failure: DKIMFailure?) async throws {
    let letter = try Self.domain.sign(.ordinary(), now: signed) { $0.expiration = expires }
    var scene = MessageScene(Self.domain.zone)
    scene.now = now
    let verdict = try #require(try await scene.authenticate(letter).dkim.first)
    #expect(verdict.failure == failure)
    #expect(verdict.result == failure?.result ?? .pass)
    #expect(verdict.signature?.signature.timestamp == signed)
    #expect(verdict.signature?.signature.expiration == expires)
  }

  @Test func skewIsChosen() async throws {
    let letter = try Self.domain.sign(.ordinary(), now: 1000) { $0.expiration = 2000 }
    var scene = MessageScene(Self.domain.zone)
    scene.policy.dkim.clockSkew = 0
    for (now, result) in [
      (UInt64(999), DKIMResult.policy), (1000, .pass), (2000, .pass), (2001, .fail),
    ] {
      scene.now = now
      #expect(try await scene.authenticate(letter).dkim.map(\.result) == [result])
    }
    scene.policy.dkim.clockSkew = .max
    scene.now = .max
    #expect(try await scene.authenticate(letter).dkim.map(\.result) == [.pass])
  }

  /// RFC 6376 §3.6.1: a key in test mode. By default a good signature counts; to the letter it is
  /// as if there were none. A bad one is a failure of the signature, never a reason for more.
  @Test(arguments: [
    ("t=y; ", true, true, DKIMResult.pass, DMARCResult.pass),
    ("t=y; ", false, true, .policy, .fail),
    ("t=s:y; ", false, true, .policy, .fail),
    ("t=s; ", false, true, .pass, .pass),
    ("", false, true, .pass, .pass),
    ("t=y; ", true, false, .fail, .fail),
    ("t=y; ", false, false, .fail, .fail),
  ])
  func testMode(
    flags: String, accepts: Bool, isGood: Bool, dkim: DKIMResult, dmarc: DMARCResult
  ) async throws {
    var letter = try Self.domain.sign(.ordinary())
    if !isGood { letter.body += Array("more\r\n".utf8) }
    var scene = MessageScene(["_dmarc.example.com": ["v=DMARC1; p=reject"]])
    let record = Self.domain.signer.key.keyRecord
    scene.zone["s1._domainkey.example.com"] = [
      record.replacing("v=DKIM1; ", with: "v=DKIM1; \(flags)")
    ]
    scene.policy.dkim.acceptsTestKeys = accepts
    let verdict = try await scene.authenticate(letter)
    #expect(verdict.dkim.map(\.result) == [dkim])
    #expect(verdict.dkim.map(\.isTesting) == [flags.contains("y")])
    #expect(verdict.dmarc.result == dmarc)
    // Without a policy of the author's domain nothing is held against the message.
    scene.zone["_dmarc.example.com"] = nil
    #expect(try await scene.authenticate(letter).dmarc.result == .none)
  }

  /// Nobody signs for a public suffix; its key is not even asked for.
  @Test(arguments: [
    ("com", true, true), ("co.uk", true, false), ("github.io", false, false),
    ("example.co.uk", false, false), ("joe.github.io", false, false), ("example.com", false, false),
    ("unlisted", true, true),
  ])
  func publicSuffix(name: String, isSuffix: Bool, isSingleLabel: Bool) async throws {
    let domain = SignedDomain(name)
    let letter = try domain.sign(.ordinary(from: "joe@sub.\(name)"))
    var scene = MessageScene(domain.zone)
    // Without a list only single labels are known for what they are.
    let plain = try await scene.authenticate(letter)
    #expect(plain.dkim.map(\.result) == [isSingleLabel ? .permerror : .pass])
    scene.policy.publicSuffixes = try PublicSuffixList(
      parsing:
        Array("com\nuk\nco.uk\nio\n// ===BEGIN PRIVATE DOMAINS===\ngithub.io\n".utf8))
    let resolver = try scene.resolver
    let verdict = try await MessageAuthenticator(resolver: resolver, policy: scene.policy)
      .authenticate(letter.octets, envelope: Envelope(), now: scene.now)
    #expect(verdict.dkim.map(\.result) == [isSuffix ? .permerror : .pass])
    #expect(
      verdict.dkim.map(\.failure)
        == [isSuffix ? .publicSuffix(try DomainName(parsing: name)) : nil])
    #expect(resolver.questions.contains { "\($0.name)" == "s1._domainkey.\(name)" } == !isSuffix)
  }

  /// Those beyond the limit cost neither a look-up nor an operation, and do not pass.
  @Test(arguments: [(0, 3), (1, 3), (20, 20), (20, 21), (20, 60)])
  func tooMany(limit: Int, count: Int) async throws {
    var letter = Letter.ordinary()
    var zone: [String: [String]] = [:]
    for number in 0..<count {
      let domain = SignedDomain("example.com", selector: "s\(number)")
      // Each signs the message itself, not the other signatures.
      letter = try domain.sign(letter) { $0.signedFields = ["From"] }
      zone.merge(domain.zone) { one, _ in one }
    }
    var scene = MessageScene(zone)
    scene.policy.dkim.maximumSignatures = limit
    let resolver = try scene.resolver
    let verdict = try await MessageAuthenticator(resolver: resolver, policy: scene.policy)
      .authenticate(letter.octets, envelope: Envelope(), now: scene.now)
    #expect(verdict.dkim.count == count)
    #expect(verdict.dkim.prefix(limit).allSatisfy { $0.result == .pass })
    #expect(
      verdict.dkim.dropFirst(limit).allSatisfy { $0.failure == .tooManySignatures(limit: limit) })
    let keys = resolver.questions.filter { "\($0.name)".contains("_domainkey") }
    #expect(keys.count == min(limit, count))
  }

  /// A thousand signatures and more are still told in one field that its own parser takes.
  @Test(arguments: [20, 21, 1500])
  func manySignaturesPrinted(count: Int) async throws {
    var letter = Letter.ordinary()
    letter.fields.insert(
      contentsOf: [[UInt8]](repeating: Array("DKIM-Signature: v=1".utf8), count: count), at: 0)
    let verdict = try await MessageScene().authenticate(letter)
    #expect(verdict.dkim.count == count)
    let printed = verdict.authenticationResults(authservID: "mx.example.org").fieldValue()
    let parsed = try AuthenticationResults(parsing: printed.utf8)
    let dkim = parsed.results.filter { $0.method == "dkim" }
    // The field has room for so many.
    #expect(dkim.map(\.result) == [String](repeating: "permerror", count: min(count, 50)))
  }

  /// Signatures that cannot pass do not count, and those of the author come first: nobody can push
  /// a genuine one out by putting others above it.
  @Test(arguments: [false, true])
  func floods(isReadable: Bool) async throws {
    let bank = SignedDomain("bank.example")
    let stranger = SignedDomain("stranger.example")
    var letter = try bank.sign(.ordinary(from: "joe@bank.example"))
    for _ in 0..<30 {
      letter =
        isReadable
        ? try stranger.sign(letter) { $0.signedFields = ["From"] }
        : letter.prepending("DKIM-Signature: v=1")
    }
    let scene = MessageScene(
      bank.zone, stranger.zone, ["_dmarc.bank.example": ["v=DMARC1; p=reject"]])
    let verdict = try await scene.authenticate(letter)
    #expect(verdict.dkim.last?.result == .pass)
    #expect(verdict.dmarc.result == .pass)
  }

  /// Each l= is a hash of its own, so their number has an end.
  @Test func manyLengths() async throws {
    let domain = SignedDomain("bank.example")
    var letter = Letter.ordinary(from: "joe@bank.example")
    for length in 0..<12 {
      letter = try domain.sign(letter) {
        $0.signedFields = ["From"]
        $0.bodyLength = UInt64(length)
      }
    }
    let verdict = try await MessageScene(domain.zone).authenticate(letter)
    let refused = verdict.dkim.count { $0.failure == .tooManyBodyLengths }
    #expect(refused == 3)  // nine are hashed
    #expect(!verdict.dkim.contains { $0.result == .pass })
  }
}
