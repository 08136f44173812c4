import Authentication
import Mail
import MailTesting
import Testing
import Wire

@Suite("properties of whole messages, RFC 6376, RFC 8617")
struct MessagePropertyTests {
  private static let bank = SignedDomain("bank.example")
  private static let relay = SignedDomain("relay.example", selector: "arc")
  private static let oddFields = [
    "X-Odd: a\r\n\tb", "no colon", "Subject: again\rFrom: eve@evil.example", "Reply-To: <broken",
    "From : eve@evil.example", "Authentication-Results: mx; dkim=pass", "DKIM-Signature: v=1",
    "ARC-Seal: i=9; cv=none", "X: \0", "Sender: eve@evil.example",
  ]
  private static let bodies = [
    "", "\r\n", "a \r\n\r\n", ".\r\n", "\n.\n", "x\r", "--b\r\n", "é\r\n",
  ]

  private static func scene() -> MessageScene {
    var scene = MessageScene(
      bank.zone, relay.zone,
      [
        "bank.example": ["v=spf1 include:none.example ip4:192.0.2.1 -all"],
        "none.example": ["v=spf1 -all"], "_dmarc.bank.example": ["v=DMARC1; p=reject"],
      ])
    scene.mailFrom = "joe@bank.example"
    return scene
  }

  /// Signed by the bank and sealed by relays.
  private static func genuine(_ random: inout RandomSource) throws -> Letter {
    let body = (0..<Int.random(in: 0...8, using: &random))
      .map { _ in bodies.randomElement(using: &random) ?? "" }.joined()
    var letter = try bank.sign(.ordinary(from: "joe@bank.example", body: body)) {
      $0.bodyCanonicalization = Bool.random(using: &random) ? .simple : .relaxed
    }
    for instance in 0..<Int.random(in: 0...3, using: &random) {
      letter = try relay.seal(
        letter, instance: instance + 1,
        results: "relay.example; dmarc=pass header.from=bank.example")
    }
    return letter
  }

  /// What is signed and sealed verifies, and how it arrives changes nothing: not for a genuine
  /// message, not for one with odd fields, not for one with an octet changed.
  @Test(arguments: 0..<8)
  func piecesChangeNothing(seed: UInt64) async throws {
    var random = RandomSource(seed: seed)
    let scene = Self.scene()
    for round in 0..<12 {
      let letter = try Self.genuine(&random)
      var octets = letter.octets
      if round % 3 == 1, let field = Self.oddFields.randomElement(using: &random) {
        octets = letter.prepending(field).octets
      }
      if round % 3 == 2 {
        octets[Int.random(in: 0..<octets.count, using: &random)] ^= 1 << UInt8(round % 8)
      }
      let whole = try await scene.authenticate(octets)
      if round % 3 == 0 {
        #expect(whole.dkim.map(\.result) == [.pass])
        #expect(whole.arc.result == (whole.arc.instances == 0 ? .none : .pass))
        #expect(whole.dmarc.result == .pass)
      }
      for longest in [1, 7, 200, 4000] {
        let pieces = random.pieces(of: octets, upTo: longest)
        let verdict = try await scene.authenticate(pieces: pieces)
        #expect(verdict.spf == whole.spf)
        #expect(verdict.dkim == whole.dkim, "\(longest)")
        #expect(verdict.arc == whole.arc)
        #expect(verdict.dmarc == whole.dmarc)
        #expect(verdict.addresses == whole.addresses)
        #expect(verdict.warnings == whole.warnings)
        #expect(verdict.evidence == whole.evidence)
        #expect(verdict.header.octets == whole.header.octets)
        #expect(verdict.bodyCount == whole.bodyCount)
      }
    }
  }
}
