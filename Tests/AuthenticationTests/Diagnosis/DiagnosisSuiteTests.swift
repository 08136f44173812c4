import Authentication
import Foundation
import MailTesting
import Testing

/// Failing messages that others wrote: a diagnosis ends within its budget, whatever it is given.
@Suite("Diagnosis of the DKIM suites", .enabled(if: Conformance.isPresent))
struct DiagnosisSuiteTests {
  @Test(arguments: ["dkim/rfc", "dkim/real", "dkim/synthetic"])
  func folder(path: String) async throws {
    let suite = try JSONDecoder().decode(
      DKIMSuiteTests.Suite.self, from: Data(Conformance.octets("\(path)/cases.json")))
    let authenticator = MessageAuthenticator(
      resolver: try SuiteZone.resolver(json: Conformance.octets("\(path)/dns.json")))
    var found: [String: Int] = [:]
    for item in suite.cases {
      let message = try Conformance.octets("\(path)/\(item.file)")
      let verdict = try await authenticator.authenticate(
        message, envelope: Envelope(), now: item.now ?? suite.now ?? 1_700_000_000)
      let diagnosis = MessageDiagnosis(of: message, verdict)
      #expect(diagnosis.dkim.count == verdict.dkim.count)
      for case let one? in diagnosis.dkim {
        let words = one.changes.map(\.change.rawValue).joined(separator: "+")
        found["\(one.part.rawValue) \(words.isEmpty ? "unexplained" : words)", default: 0] += 1
        #expect(one.hashedOctets <= DiagnosisBudget().hashedOctets, "\(item.id)")
        #expect(!one.isExplained || !one.changes.isEmpty, "\(item.id)")
      }
    }
    print("Diagnosis of \(path): \(found.sorted { $0.key < $1.key })")
  }
}
