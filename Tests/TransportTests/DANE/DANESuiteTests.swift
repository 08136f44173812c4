import DNS
import Foundation
import MailTesting
import SwiftASN1
import Testing
import Transport
import Wire

@Suite("DANE, the suite of certificates and TLSA sets", .enabled(if: Conformance.isPresent))
struct DANESuiteTests {
  private struct Suite: Decodable {
    var referenceName: String
    var now: UInt64
    var chains: [String: [String]]
    var cases: [Case]
  }

  private struct Case: Decodable {
    var id: String
    var chain: String
    var tlsa: [String]
    var expect: String
    var alsoOk: [String]?
  }

  /// A server's own certificate named as its trust anchor, and an anchor that only DNS carries:
  /// the suite's peers differ.
  private static let ambiguous: Set = ["ta-leaf-as-ta", "ta-root-full-not-sent"]

  @Test func agreesOnEveryCase() async throws {
    let octets = try Conformance.octets("dane/cases.json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let suite = try decoder.decode(Suite.self, from: Data(octets))
    let name = try DomainName(parsing: suite.referenceName)
    var passed = 0
    var ambiguous: Set<String> = []
    for test in suite.cases {
      let files = try #require(suite.chains[test.chain])
      let chain = try files.flatMap { try Self.certificates($0) }
      let records = try test.tlsa.map { try #require(TLSARecord(text: $0)) }
      let result = await Self.result(chain, records, name, now: suite.now)
      if test.alsoOk != nil { ambiguous.insert(test.id) }
      let isRight = ([test.expect] + (test.alsoOk ?? [])).contains(result)
      #expect(isRight, "\(test.id): \(result), not \(test.expect)")
      if isRight { passed += 1 }
    }
    print("DANE suite: \(passed) of \(suite.cases.count), \(ambiguous.count) ambiguous")
    #expect(suite.cases.count == 40)
    #expect(passed == suite.cases.count)
    #expect(ambiguous == Self.ambiguous)
  }

  private static func result(
    _ chain: [[UInt8]], _ records: [TLSARecord], _ name: DomainName, now: UInt64
  ) async -> String {
    guard !records.isEmpty else { return "none" }
    let selection = TLSASelection(records)
    guard !selection.usable.isEmpty else { return "unusable" }
    let requirement = TLSRequirement(
      .dane(selection.usable), serverName: name, referenceNames: [name])
    let verdict = await PeerVerifier(trustRoots: .none).verify(chain, requirement, now: now)
    return verdict.isAcceptable ? "verified" : "failed"
  }

  private static func certificates(_ file: String) throws -> [[UInt8]] {
    let path = file.contains("/") ? "dane/\(file)" : "dane/certs/\(file)"
    let text = String(decoding: try Conformance.octets(path), as: UTF8.self)
    return try PEMDocument.parseMultiple(pemString: text).map(\.derBytes)
  }
}
