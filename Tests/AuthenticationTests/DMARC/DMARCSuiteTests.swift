import Authentication
import DNS
import Foundation
import MailTesting
import Testing
import Wire

/// One case of `dmarc/policy/cases.json`.
struct DMARCSuiteCase: Decodable, Sendable, CustomTestStringConvertible {
  struct Identifier: Decodable, Sendable {
    let domain: String
    let result: String
  }

  /// Only what a case names is compared.
  struct Expectation: Decodable, Sendable {
    let values: [String: String?]
    let queries: [String]?

    private struct Key: CodingKey {
      let stringValue: String
      var intValue: Int? { nil }
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      var values: [String: String?] = [:]
      for key in container.allKeys where key.stringValue != "queries" {
        if let flag = try? container.decode(Bool.self, forKey: key) {
          values[key.stringValue] = .some("\(flag)")
        } else {
          values.updateValue(
            try container.decodeIfPresent(String.self, forKey: key), forKey: key.stringValue)
        }
      }
      self.values = values
      queries = try container.decodeIfPresent([String].self, forKey: Key(stringValue: "queries"))
    }
  }

  /// The records of one name, or the failure to be played.
  enum Zone: Decodable, Sendable {
    case records([DNS.Record])
    case failure(LookupFailure)

    private struct Contents: Decodable {
      let txt: [Text]?
      let a: [String]?

      enum CodingKeys: String, CodingKey {
        case txt = "TXT"
        case a = "A"
      }
    }

    private enum Text: Decodable {
      case one(String)
      case several([String])

      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
          self = .one(text)
        } else {
          self = .several(try container.decode([String].self))
        }
      }

      var record: DNS.Record {
        switch self {
        case .one(let text): .txt([Array(text.utf8)])
        case .several(let texts): .txt(texts.map { Array($0.utf8) })
        }
      }
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let word = try? container.decode(String.self) {
        self = .failure(word == "TIMEOUT" ? .timeout : .serverFailure(word))
        return
      }
      let contents = try container.decode(Contents.self)
      let addresses = try (contents.a ?? []).map {
        DNS.Record.a(try IPAddress(parsing: Array($0.utf8)))
      }
      self = .records((contents.txt ?? []).map(\.record) + addresses)
    }
  }

  let id: String
  let fromDomain: String
  let zone: [String: Zone]
  let spf: Identifier?
  let dkim: [Identifier]
  let expect: Expectation

  enum CodingKeys: String, CodingKey {
    case id, zone, spf, dkim, expect
    case fromDomain = "from_domain"
  }

  var testDescription: String { id }

  static let all: [DMARCSuiteCase] = {
    struct File: Decodable { let cases: [DMARCSuiteCase] }
    guard let octets = try? Conformance.octets("dmarc/policy/cases.json"),
      let file = try? JSONDecoder().decode(File.self, from: Data(octets))
    else { return [] }
    return file.cases
  }()

  var resolver: ScriptedResolver {
    get throws {
      var scripts: [DomainName: [ScriptedResolver.Script]] = [:]
      for (name, zone) in zone {
        let script: ScriptedResolver.Script =
          switch zone {
          case .records(let records): .records(records)
          case .failure(let failure): .failure(failure)
          }
        scripts[try DomainName(parsing: name), default: []].append(script)
      }
      return ScriptedResolver(scripts)
    }
  }

  var identifiers: DMARCIdentifiers {
    get throws {
      DMARCIdentifiers(
        authorDomains: [try DomainName(parsing: fromDomain)], spf: try spf.map(Self.identifier),
        dkim: try dkim.map(Self.identifier))
    }
  }

  private static func identifier(_ identifier: Identifier) throws -> DMARCIdentifier {
    DMARCIdentifier(
      domain: try DomainName(parsing: identifier.domain),
      outcome: DMARCIdentifier.Outcome(rawValue: identifier.result) ?? .fail)
  }
}

@Suite("DMARC policy suite, RFC 9989", .enabled(if: Conformance.isPresent))
struct DMARCSuiteTests {
  @Test("all cases are there")
  func count() {
    print("dmarc/policy: \(DMARCSuiteCase.all.count) cases")
    #expect(DMARCSuiteCase.all.count == 68)
  }

  @Test(arguments: DMARCSuiteCase.all)
  func matches(_ suiteCase: DMARCSuiteCase) async throws {
    let resolver = try suiteCase.resolver
    let verdict = await DMARCVerifier(resolver: resolver).evaluate(try suiteCase.identifiers)
    let mismatches = mismatches(of: verdict, with: suiteCase.expect)
    #expect(mismatches.isEmpty, "\(suiteCase.id): \(mismatches)")
    #expect(!verdict.evidence.isEmpty)
    #expect(verdict.reason != nil)
    let asked = resolver.questions.map { "\($0.name) \($0.type.rawValue)" }
    #expect(Set(asked).count == asked.count, "a name was asked twice: \(asked)")
    if let queries = suiteCase.expect.queries {
      // Those of policy discovery come first; walks for alignment follow.
      let names = resolver.questions.filter { $0.type == .txt }.map { "\($0.name)" }
      #expect(Array(names.prefix(queries.count)) == queries)
    }
  }

  private func mismatches(
    of verdict: DMARCVerdict, with expectation: DMARCSuiteCase.Expectation
  ) -> [String] {
    let found: [String: String?] = [
      "result": verdict.result.rawValue,
      "policy_domain": verdict.policyDomain.map { "\($0)" },
      "org_domain": verdict.organizationalDomain.map { "\($0)" },
      "policy": verdict.policy?.rawValue,
      "disposition": verdict.disposition.rawValue,
      "spf_aligned": "\(verdict.spfAligned)",
      "dkim_aligned": "\(verdict.dkimAligned)",
    ]
    return expectation.values.compactMap { key, expected in
      guard let value = found[key] else { return "unknown expectation \(key)" }
      return value == expected
        ? nil : "\(key) is \(value ?? "null"), not \(expected ?? "null")"
    }
  }
}
