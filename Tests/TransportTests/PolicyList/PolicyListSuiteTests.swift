import Foundation
import MailTesting
import Testing
import Transport
import Wire

/// EFF's last list and the look-ups in `../shared/conformance/starttls-everywhere`.
@Suite("STARTTLS Everywhere conformance", .enabled(if: Conformance.isPresent))
struct PolicyListSuiteTests {
  struct Suite: Decodable {
    var now: UInt64
    var cases: [Case]
  }

  struct Case: Decodable {
    struct Expectation: Decodable {
      var mode: String?
      var isCovered: Bool?

      enum CodingKeys: String, CodingKey {
        case mode
        case isCovered = "mx_ok"
      }
    }

    var id: String
    var domain: String
    var host: String
    var expect: Expectation

    enum CodingKeys: String, CodingKey {
      case id, expect
      case domain = "recipient_domain"
      case host = "mx"
    }
  }

  private static func list(_ file: String) throws -> PolicyList {
    try PolicyList(parsing: Conformance.octets("starttls-everywhere/\(file)"))
  }

  /// `wildcard-two-labels` is ambiguous by the suite's own word: RULES.md decides it here.
  @Test func lookUps() throws {
    let suite = try JSONDecoder().decode(
      Suite.self, from: Data(Conformance.octets("starttls-everywhere/cases.json")))
    let list = try Self.list("policy.json")
    #expect(suite.cases.count == 51)
    #expect(list.policies.count == 926)
    for item in suite.cases {
      let domain = try DomainName(parsing: item.domain)
      let entry = list.entry(for: domain, now: suite.now)
      #expect(entry?.mode.rawValue == item.expect.mode, "\(item.id)")
      let isCovered = try entry?.covers(DomainName(parsing: item.host))
      #expect(isCovered == item.expect.isCovered, "\(item.id)")
      // The list has expired since.
      #expect(list.entry(for: domain, now: 1_700_000_000) == nil, "\(item.id)")
    }
    print("STARTTLS Everywhere: \(suite.cases.count) of 51, ambiguous: wildcard-two-labels")
  }

  @Test(arguments: [
    ("policy.json", 926), ("test_rules-config.json", 1), ("test_rules-bigger_test_config.json", 3),
  ])
  func printedListsAreReadBack(file: String, count: Int) throws {
    let list = try Self.list(file)
    #expect(list.policies.count == count)
    #expect(try PolicyList(parsing: Array("\(list)".utf8)) == list)
  }
}
