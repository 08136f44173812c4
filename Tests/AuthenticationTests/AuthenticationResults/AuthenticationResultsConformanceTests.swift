import Authentication
import Foundation
import MailTesting
import Testing

@Suite("Authentication-Results, the official cases", .enabled(if: Conformance.isPresent))
struct AuthenticationResultsConformanceTests {
  struct Suite: Decodable { let cases: [Case] }

  struct Case: Decodable {
    let id: String
    let field: String
    let expect: Expectation
  }

  struct Expectation: Decodable {
    let valid: Bool
    let authservID: String?
    let version: UInt32?
    let results: [Result]?

    enum CodingKeys: String, CodingKey {
      case valid, version, results
      case authservID = "authserv_id"
    }
  }

  struct Result: Decodable, Equatable {
    let method: String
    let version: UInt32?
    let result: String
    let reason: String?
    let props: [String: String]
  }

  @Test func passesEveryCase() throws {
    let octets = try Conformance.octets("authres/cases.json")
    let cases = try JSONDecoder().decode(Suite.self, from: Data(octets)).cases
    #expect(cases.count == 16)
    let passed = cases.filter { passes($0) }
    print("authres: \(passed.count) of \(cases.count)")
    #expect(passed.map(\.id) == cases.map(\.id))
  }

  private func passes(_ test: Case) -> Bool {
    guard let parsed = try? AuthenticationResults(parsing: Array(test.field.utf8)) else {
      return !test.expect.valid
    }
    let results = parsed.results.map { result in
      Result(
        method: result.method, version: result.version, result: result.result,
        reason: result.reason,
        props: Dictionary(
          result.properties.map { ("\($0.type).\($0.name)", $0.value) }, uniquingKeysWith: { $1 }))
    }
    return test.expect.valid && parsed.authservID == test.expect.authservID
      && parsed.version == test.expect.version && results == test.expect.results
  }
}
