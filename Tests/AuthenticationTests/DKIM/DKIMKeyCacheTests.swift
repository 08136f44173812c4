import MailTesting
import Testing
import Wire

@testable import Authentication

@Suite("keys that are kept")
struct DKIMKeyCacheTests {
  private static func text(_ number: Int) -> [UInt8] {
    Array("v=DKIM1; k=ed25519; n=\(number); p=\(HandSigner.keyText)".utf8)
  }

  @Test func countIsBounded() throws {
    let cache = DKIMKeyCache(capacity: 4)
    for number in 0..<100 {
      #expect(try cache.key(Self.text(number)).record.notes == "\(number)")
      #expect(cache.count == (number < 8 ? number + 1 : 5 + number % 4))
    }
  }

  /// A key in use outlives those that came once.
  @Test func usedKeysStay() throws {
    let cache = DKIMKeyCache(capacity: 4)
    for number in 0..<20 {
      _ = try cache.key(Self.text(0))
      _ = try cache.key(Self.text(number))
    }
    let count = cache.count
    _ = try cache.key(Self.text(0))
    #expect(cache.count == count)
  }

  @Test func whatIsNoRecordIsNotKept() {
    let cache = DKIMKeyCache()
    for _ in 0..<3 {
      #expect(throws: SyntaxError(.missing("tag p"), at: 8)) {
        try cache.key(Array("v=DKIM1;".utf8))
      }
    }
    #expect(cache.count == 0)
  }

  /// Both sides of the bound.
  @Test func longRecordsAreReadButNotKept() throws {
    for (length, count) in [(DKIMKeyCache.maximumLength, 1), (DKIMKeyCache.maximumLength + 1, 0)] {
      let cache = DKIMKeyCache()
      let start = "v=DKIM1; k=ed25519; p=\(HandSigner.keyText); n="
      let text = start + String(repeating: "x", count: length - start.utf8.count)
      #expect(try cache.key(Array(text.utf8)).record.publicKey.count == 32)
      #expect(cache.count == count)
    }
  }

  /// One octet more or less is another record: a key that was withdrawn verifies nothing.
  @Test func changesAreSeen() async throws {
    let letter = try HandSigner.sign(.ordinary())
    var verifier = DKIMVerifier(resolver: ScriptedResolver(txt: HandSigner.zone))
    let kept = try await verifier.verify(letter.octets, now: 0)
    #expect(kept.map(\.result) == [.pass])
    for (record, failure) in [
      ("v=DKIM1; k=ed25519; p=", DKIMFailure.keyRevoked),
      ("v=DKIM1; k=rsa; p=\(HandSigner.keyText)", .keyTypeMismatch(published: "rsa")),
      ("v=DKIM1; k=ed25519; h=sha1; p=\(HandSigner.keyText)", .hashNotAllowed),
    ] {
      verifier.resolver = ScriptedResolver(txt: ["hand._domainkey.example.com": [record]])
      for _ in 0..<2 {
        let verdicts = try await verifier.verify(letter.octets, now: 0)
        #expect(verdicts.map(\.failure) == [failure])
      }
    }
    verifier.resolver = ScriptedResolver(txt: HandSigner.zone)
    let copy = verifier
    #expect(try await copy.verify(letter.octets, now: 0) == kept)
  }

  @Test func isSharedByManyTasks() async {
    let cache = DKIMKeyCache(capacity: 3)
    let wrong = await withTaskGroup(of: Int.self) { group in
      for task in 0..<8 {
        group.addTask {
          (0..<200).count { number in
            let wanted = (number * 7 + task) % 10
            return (try? cache.key(Self.text(wanted)).record.notes) != "\(wanted)"
          }
        }
      }
      return await group.reduce(0, +)
    }
    #expect(wrong == 0)
    #expect(cache.count <= 6)
  }
}
