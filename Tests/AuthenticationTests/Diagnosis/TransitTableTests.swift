@testable import Authentication
import Crypto
import CryptoExtras
import MailTesting
import Testing

/// Every change of `Transit`, applied to messages of every shape: the table that shows how often a
/// diagnosis finds what was done.
@Suite("Diagnosis of changes in transit, RFC 6376 §6.1.3")
struct TransitTableTests {
  /// Messages examined for each change.
  static let perChange = 21

  private struct Row {
    var examined = 0
    var named = 0
    var wrong: [String] = []
    var missed: [String] = []
    var time: Duration = .zero
    /// The most that one diagnosis hashed, tried and verified.
    var most = (octets: 0, bodies: 0, operations: 0)
  }

  @Test func table() async throws {
    let signers = try Self.signers()
    let samples = TransitMessage.samples
    let changes = Transit.all
    #expect(changes.count >= 30)
    var named = 0
    var examined = 0
    for transit in changes {
      let row = try await Self.row(transit, samples, signers)
      #expect(row.examined >= 20, "\(transit.name): only \(row.examined) messages")
      #expect(row.wrong.isEmpty, "\(transit.name): wrong proofs \(row.wrong.prefix(3))")
      #expect(row.named * 100 >= row.examined * 95, "\(transit.name): \(row.missed.prefix(3))")
      print("\(transit.name): \(row.named) of \(row.examined), \(row.time), at most \(row.most)")
      for missed in row.missed.prefix(3) { print("   \(missed)") }
      for wrong in row.wrong.prefix(3) { print("   WRONG \(wrong)") }
      named += row.named
      examined += row.examined
    }
    print("Diagnosis: \(named) of \(examined) named, over \(changes.count) changes")
    #expect(named * 100 >= examined * 95)
  }

  private static func row(
    _ transit: Transit, _ samples: [(name: String, message: TransitMessage)],
    _ signers: [TransitSigner]
  ) async throws -> Row {
    var row = Row()
    for (number, signer) in signers.enumerated() {
      for sample in samples where row.examined < perChange {
        // Spread over the shapes: what one signer leaves out the next takes.
        let signed = try signer.sign(sample.message)
        guard let changed = transit.change(signed) else { continue }
        let start = ContinuousClock.now
        guard let diagnosis = try await diagnosis(of: changed.octets, signer) else { continue }
        row.time += ContinuousClock.now - start
        row.examined += 1
        let words = Set(diagnosis.changes.map(\.change.rawValue))
        let isRight =
          diagnosis.isExplained && transit.words.isSubset(of: words)
          && words.isSubset(of: transit.words.union(transit.alsoRight))
        let what = "\(sample.name) \(number): \(diagnosis.part) \(words.sorted())"
        if isRight {
          row.named += 1
        } else if !words.isSubset(of: transit.words.union(transit.alsoRight)) {
          row.wrong.append(what)
        } else {
          row.missed.append(what)
        }
        expectBudget(diagnosis)
        row.most.octets = max(row.most.octets, diagnosis.hashedOctets)
        row.most.bodies = max(row.most.bodies, diagnosis.bodiesTried)
        row.most.operations = max(row.most.operations, diagnosis.publicKeyOperations)
      }
    }
    return row
  }

  private static func expectBudget(_ diagnosis: SignatureDiagnosis) {
    let budget = DiagnosisBudget()
    #expect(diagnosis.hashedOctets <= budget.hashedOctets)
    #expect(diagnosis.bodiesTried <= budget.bodies)
    #expect(diagnosis.publicKeyOperations <= budget.publicKeyOperations)
  }

  static func signers() throws -> [TransitSigner] {
    let ed25519 = TransitSigner.Key.ed25519(Curve25519.Signing.PrivateKey())
    let rsa = TransitSigner.Key.rsa(try _RSA.Signing.PrivateKey(keySize: .bits2048))
    var signers: [TransitSigner] = []
    for (key, header, body, copies) in [
      (ed25519, DKIMCanonicalization.relaxed, DKIMCanonicalization.relaxed, false),
      (ed25519, .simple, .simple, false), (rsa, .relaxed, .simple, false),
      (ed25519, .relaxed, .relaxed, true), (ed25519, .simple, .simple, true),
      (rsa, .simple, .relaxed, false), (ed25519, .relaxed, .simple, true),
      (ed25519, .simple, .relaxed, true),
    ] {
      var signer = TransitSigner(key: key)
      signer.header = header
      signer.body = body
      signer.copiesFields = copies
      signers.append(signer)
    }
    return signers
  }

  /// The diagnosis of the one signature, or nil where it verifies.
  static func diagnosis(
    of octets: [UInt8], _ signer: TransitSigner, budget: DiagnosisBudget = DiagnosisBudget()
  ) async throws -> SignatureDiagnosis? {
    let resolver = ScriptedResolver(txt: ["s1._domainkey.example.org": [signer.record]])
    let verdict = try await MessageAuthenticator(resolver: resolver).authenticate(
      octets, envelope: Envelope(), now: 1_790_000_100)
    let diagnosis = MessageDiagnosis(of: octets, verdict, budget: budget)
    #expect(verdict.dkim.count == 1)
    #expect((verdict.dkim.first?.result == .pass) == (diagnosis.dkim.first == .some(nil)))
    return diagnosis.dkim.first ?? nil
  }
}
