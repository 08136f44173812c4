import Authentication
import MailTesting
import Testing
import Wire

/// Chains that fail before a key is asked for. All are otherwise in order: every set is sealed.
@Suite("structure of a chain, RFC 8617 §4.1, §4.2.1, §5.2 steps 1 to 3")
struct ARCStructureTests {
  private static let relay = SignedDomain("relay.example")
  private static let testimony = "relay.example; none"

  private static func seal(
    _ letter: Letter, _ instance: Int, _ status: ARCResult? = nil
  ) throws -> Letter {
    try relay.seal(letter, instance: instance, results: testimony, status: status)
  }

  private static func verdict(_ letter: Letter) async throws -> ARCVerdict {
    try await MessageScene(relay.zone).authenticate(letter).arc
  }

  /// The instances of the sets, and the status each claims; nil is the right one.
  @Test(arguments: [
    // A gap, a start above one, a number twice, a chain restarted below a sealed one.
    ([1, 3], [nil, nil] as [ARCResult?], ARCFailure.incompleteSet(instance: 2)),
    ([2], [nil], .incompleteSet(instance: 1)),
    ([1, 1], [nil, nil], .incompleteSet(instance: 1)),
    ([1, 2, 1], [nil, nil, nil], .incompleteSet(instance: 1)),
    ([1, 2, 2], [nil, nil, nil], .incompleteSet(instance: 2)),
    // Numbers that are none.
    ([0], [nil], .badInstance(field: "arc-authentication-results")),
    ([51], [nil], .badInstance(field: "arc-authentication-results")),
    ([100], [nil], .badInstance(field: "arc-authentication-results")),
    ([1, -2], [nil, nil], .badInstance(field: "arc-authentication-results")),
    // cv= by place: none at 1 only, pass above it only, fail nowhere.
    ([1], [.pass], .wrongStatus(instance: 1)), ([1], [.fail], .sealedAsFailed(instance: 1)),
    ([1, 2], [nil, ARCResult.none], .wrongStatus(instance: 2)),
    ([1, 2], [nil, .fail], .sealedAsFailed(instance: 2)),
    ([1, 2, 3], [nil, .fail, nil], .wrongStatus(instance: 2)),
    ([1, 2, 3], [nil, ARCResult.none, nil], .wrongStatus(instance: 2)),
    ([1, 2, 3], [.pass, nil, nil], .wrongStatus(instance: 1)),
  ])
  func instances(numbers: [Int], statuses: [ARCResult?], failure: ARCFailure) async throws {
    var letter = Letter.ordinary()
    for (number, status) in zip(numbers, statuses) {
      letter = try Self.seal(letter, number, status)
    }
    let verdict = try await Self.verdict(letter)
    #expect(verdict.result == .fail)
    #expect(verdict.failure == failure)
    #expect(verdict.oldestPass == nil)
    #expect(verdict.evidence.last?.cites.hasPrefix("RFC 8617") == true)
  }

  /// A set of two sets with one of its six fields rewritten.
  private static func rewriting(_ old: String, _ new: String) throws -> [UInt8] {
    let letter = try seal(try seal(.ordinary(), 1), 2)
    let text = String(decoding: letter.octets, as: UTF8.self)
    let changed = text.replacing(old, with: new, maxReplacements: 1)
    #expect(changed != text, "\(old)")
    return Array(changed.utf8)
  }

  private static let seal = "ARC-Seal: i=2; a=ed25519-sha256; t=1700000000; cv=pass;"
  private static let results = "ARC-Authentication-Results: i=2; relay"
  private static let signature = "ARC-Message-Signature: i=2; a=ed25519-sha256;"

  @Test(arguments: [
    // One of each (§4.2.1): a field gone, a field of another number.
    (seal, "X-Seal: i=2; cv=pass;", "set 2 has not one of each field"),
    (results, "X-Results: i=2; relay", "set 2 has not one of each field"),
    (signature, "X-Signature: i=2; a=ed25519-sha256;", "set 2 has not one of each field"),
    (results, "ARC-Authentication-Results: i=1; relay", "set 1 has not one of each field"),
    (seal, "ARC-Seal: i=3; a=ed25519-sha256; cv=pass;", "set 2 has not one of each field"),
    // i=
    (seal, "ARC-Seal: a=ed25519-sha256; cv=pass;", "arc-seal without a usable i="),
    (seal, "ARC-Seal: i=; a=ed25519-sha256; cv=pass;", "arc-seal without a usable i="),
    (seal, "ARC-Seal: i=02; a=ed25519-sha256; cv=pass;", "arc-seal without a usable i="),
    (seal, "ARC-Seal: i=2; i=2; a=ed25519-sha256; cv=pass;", "arc-seal without a usable i="),
    (seal, "ARC-Seal: i=٢; a=ed25519-sha256; cv=pass;", "arc-seal without a usable i="),
    (
      results, "ARC-Authentication-Results: relay", "arc-authentication-results without a usable i="
    ),
    (
      results, "ARC-Authentication-Results: I=2; relay",
      "arc-authentication-results without a usable i="
    ),
    (
      results, "ARC-Authentication-Results: i=2 relay",
      "arc-authentication-results without a usable i="
    ),
    (
      results, "ARC-Authentication-Results: j=2; i=2; relay",
      "arc-authentication-results without a usable i="
    ),
    // §4.1.3: h= is not allowed in a seal; algorithm and status are what there are.
    (seal, seal + " h=from;", "arc-seal 2: bad tag h"),
    (seal, "ARC-Seal: i=2; a=rsa-sha1; cv=pass;", "seal 2: rsa-sha1 is not accepted"),
    (seal, "ARC-Seal: i=2; a=rsa-md5; cv=pass;", "arc-seal 2: bad tag a"),
    (seal, "ARC-Seal: i=2; a=ed25519-sha256;", "arc-seal 2: missing tag cv"),
    (seal, "ARC-Seal: i=2; a=ed25519-sha256; cv=Pass;", "arc-seal 2: bad tag cv"),
    (seal, "ARC-Seal: i=2; a=ed25519-sha256; cv=;", "arc-seal 2: bad tag cv"),
    (seal, "ARC-Seal: i=2; cv=pass;", "arc-seal 2: missing tag a"),
    (seal, seal + " cv=pass;", "arc-seal without a usable i="),
    // §4.1.2: an AMS never covers seals, its algorithm is today's, its tags are DKIM's.
    (signature, "ARC-Message-Signature: i=2; a=rsa-sha1;", "AMS 2: rsa-sha1 is not accepted"),
    (signature, "ARC-Message-Signature: i=2;", "arc-message-signature 2: missing tag a"),
    (
      signature + " c=relaxed/relaxed", signature + " c=plain", "arc-message-signature 2: bad tag c"
    ),
    (signature, signature + " l=x;", "arc-message-signature 2: bad tag l"),
    (signature, signature + " x=1699999999;", "AMS 2: x= is not after t="),
    // A version is passed over (§4.1.2); the change shows in the signature alone.
    (signature, signature + " v=2;", "AMS 2: signature did not verify"),
    (signature, signature + " zz=1;", "AMS 2: signature did not verify"),
  ])
  func fields(old: String, new: String, reason: String) async throws {
    let verdict = try await MessageScene(Self.relay.zone).authenticate(
      try Self.rewriting(old, new)
    ).arc
    #expect(verdict.result == .fail)
    let failure = try #require(verdict.failure)
    #expect("\(failure)".hasPrefix(reason), "\(failure)")
    #expect(failure.cites.hasPrefix("RFC 8617"))
    #expect(verdict.oldestPass == nil)
  }

  /// §4.1.2: signing other ARC fields or Authentication-Results is the sealer's mistake; signing
  /// seals is fatal, though the signature is right.
  @Test(arguments: [
    ("ARC-Seal", ARCFailure.coversSeal(instance: 1)), ("ARC-SEAL", .coversSeal(instance: 1)),
    ("X-ARC-Seal", nil),
  ])
  func coversSeal(name: String, failure: ARCFailure?) async throws {
    let letter = try Self.relay.seal(.ordinary(), instance: 1, results: Self.testimony) {
      $0.signedFields.append(name)
    }
    let verdict = try await Self.verdict(letter)
    #expect(verdict.failure == failure)
    #expect(verdict.result == (failure == nil ? .pass : .fail))
  }

  /// Sets need not stand in order, nor their fields together.
  @Test func anyOrder() async throws {
    var letter = try Self.seal(try Self.seal(.ordinary(), 1), 2)
    let sets = letter.fields.prefix(2).map { MessageParts.fields(of: $0) }
    letter.fields = sets[1] + letter.fields.dropFirst(2) + sets[0].reversed()
    #expect(try await Self.verdict(letter).result == .pass)
  }

  /// Sixty thousand ARC fields cost no look-up.
  @Test func flood() async throws {
    var letter = Letter.ordinary()
    for name in [
      "ARC-Seal: i=1; cv=none", "ARC-Message-Signature: i=1", "ARC-Authentication-Results: i=1; x",
    ] {
      letter.fields += [[UInt8]](repeating: Array(name.utf8), count: 3000)
    }
    let verdict = try await Self.verdict(letter)
    #expect(verdict.failure == .tooManySets)
    #expect(verdict.instances == 1)
  }
}

private enum MessageParts {
  /// The fields of several lines that were made at once.
  static func fields(of lines: [UInt8]) -> [[UInt8]] {
    let text = String(decoding: lines, as: UTF8.self).replacing("\r\nARC-", with: "\u{1}ARC-")
    return text.split(separator: "\u{1}").map { Array($0.utf8) }
  }
}
