import Foundation
import MailTesting
import Testing
import Transport
import Wire

/// The cases of `../shared/conformance/mta-sts`.
@Suite("MTA-STS conformance, RFC 8461", .enabled(if: Conformance.isPresent))
struct STSSuiteTests {
  struct Suite: Decodable {
    var records: [RecordCase]
    var policies: [PolicyCase]
    var matches: [MatchCase]

    enum CodingKeys: String, CodingKey {
      case records, policies
      case matches = "mx_matching"
    }
  }

  /// `txt` is one record, one in several strings, or several records each in strings.
  struct RecordCase: Decodable {
    var id: String
    var txt: JSON
    var valid: Bool
    var recordID: String?

    enum CodingKeys: String, CodingKey {
      case id, txt, valid
      case recordID = "record_id"
    }

    var texts: [[UInt8]] {
      let strings: ([JSON]) -> [UInt8] = { Array($0.compactMap(\.text).joined().utf8) }
      guard let values = txt.values else { return [strings([txt])] }
      let isSeveral = values.contains { $0.values != nil }
      return isSeveral ? values.map { strings($0.values ?? [$0]) } : [strings(values)]
    }
  }

  struct PolicyCase: Decodable {
    var id: String
    var body: String
    var valid: Bool?
    var mode: String?
    var mx: [String]?
    var maxAge: UInt32?

    enum CodingKeys: String, CodingKey {
      case id, body, valid, mode, mx
      case maxAge = "max_age"
    }
  }

  struct MatchCase: Decodable {
    var id: String
    var pattern: String
    var host: String
    var match: Bool
  }

  private static func suite() throws -> Suite {
    try JSONDecoder().decode(Suite.self, from: Data(Conformance.octets("mta-sts/cases.json")))
  }

  @Test func records() throws {
    let cases = try Self.suite().records
    #expect(cases.count == 15)
    for item in cases {
      let choice = STSRecord.choose(among: item.texts)
      guard case .record(let record) = choice else {
        #expect(!item.valid, "\(item.id): \(choice)")
        continue
      }
      #expect(item.valid, "\(item.id)")
      #expect(item.recordID == nil || item.recordID == record.id, "\(item.id)")
    }
    print("MTA-STS records: \(cases.count) of 15 looked at")
  }

  @Test func policies() throws {
    let cases = try Self.suite().policies
    #expect(cases.count == 25)
    var ambiguous: [String] = []
    for item in cases {
      let policy = Result { try STSPolicy(parsing: Array(item.body.utf8)) }
      guard let valid = item.valid else {
        ambiguous.append(item.id)
        continue
      }
      #expect(((try? policy.get()) != nil) == valid, "\(item.id): \(policy)")
      guard let policy = try? policy.get() else { continue }
      #expect(item.mode == nil || item.mode == policy.mode.rawValue, "\(item.id)")
      #expect(item.mx == nil || item.mx == policy.mxPatterns.map(\.description), "\(item.id)")
      #expect(item.maxAge == nil || item.maxAge == policy.maxAge, "\(item.id)")
    }
    #expect(ambiguous == ["max-age-over"])
    print("MTA-STS policies: \(cases.count - ambiguous.count) of 25, ambiguous: \(ambiguous)")
  }

  @Test func hosts() throws {
    let cases = try Self.suite().matches
    #expect(cases.count == 9)
    for item in cases {
      let pattern = try MXPattern(parsing: item.pattern.utf8, .star)
      let host = try DomainName(parsing: item.host, finalDot: true)
      #expect(pattern.covers(host) == item.match, "\(item.id)")
    }
    print("MTA-STS hosts: \(cases.count) of 9 looked at")
  }
}
