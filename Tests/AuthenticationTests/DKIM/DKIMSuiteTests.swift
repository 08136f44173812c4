import Authentication
import Foundation
import MailTesting
import Testing

/// The messages of `../shared/conformance/dkim`: one word expected per signature.
@Suite("DKIM conformance, RFC 6376, 8301, 8463, 8616", .enabled(if: Conformance.isPresent))
struct DKIMSuiteTests {
  struct Suite: Decodable {
    var now: UInt64?
    var cases: [Case]
  }

  struct Case: Decodable {
    var id: String
    var file: String
    var expect: [String]
    var alsoRight: [String]?
    var now: UInt64?

    enum CodingKeys: String, CodingKey {
      case id, file, expect, now
      case alsoRight = "also_ok"
    }
  }

  /// Folder and number of cases, so that a suite that shrinks is noticed.
  @Test(arguments: [("dkim/rfc", 6), ("dkim/real", 5), ("dkim/synthetic", 230)])
  func folder(path: String, count: Int) async throws {
    let suite = try JSONDecoder().decode(
      Suite.self, from: Data(Conformance.octets("\(path)/cases.json")))
    let resolver = try SuiteZone.resolver(json: Conformance.octets("\(path)/dns.json"))
    let authenticator = MessageAuthenticator(resolver: resolver)
    #expect(suite.cases.count == count)
    var passed = 0
    var exact = 0
    for item in suite.cases {
      let message = try Conformance.octets("\(path)/\(item.file)")
      let now = item.now ?? suite.now ?? 1_700_000_000
      let verdict = try await authenticator.authenticate(
        message, envelope: Envelope(), now: now, clock: ManualClock())
      let words = verdict.dkim.map(\.result.rawValue)
      let isRight =
        words.count == item.expect.count
        && zip(words, item.expect).allSatisfy { word, wanted in
          word == wanted || item.alsoRight?.contains(word) == true
        }
      #expect(
        isRight,
        "\(item.id): \(words), wanted \(item.expect) or \(item.alsoRight ?? []); \(verdict.dkim.compactMap(\.failure))"
      )
      passed += isRight ? 1 : 0
      exact += words == item.expect ? 1 : 0
    }
    print("DKIM \(path): \(passed) of \(count), \(exact) with the first word")
  }
}
