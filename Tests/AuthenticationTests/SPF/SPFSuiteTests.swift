import Authentication
import DNS
import Foundation
import MailTesting
import Testing
import Wire
import Yams

@Suite("SPF, the official suite of RFC 7208", .enabled(if: Conformance.isPresent))
struct SPFSuiteTests {
  /// RFC 7208 §4.8 leaves these three open: fail and permerror are both right.
  private static let ambiguous: Set = [
    "invalid-domain-empty-label", "invalid-domain-long", "invalid-domain-long-via-macro",
  ]

  @Test func agreesOnEveryCase() async throws {
    let text = try Conformance.octets("spf/rfc7208-tests.yml")
    var passed = 0
    var ambiguous = 0
    var total = 0
    for document in try Yams.compose_all(yaml: String(decoding: text, as: UTF8.self)) {
      let verifier = SPFVerifier(resolver: try SuiteResolver(document["zonedata"]))
      for (key, test) in try #require(document["tests"]?.mapping) {
        let name = try #require(key.string)
        total += 1
        if Self.ambiguous.contains(name) { ambiguous += 1 }
        if try await agrees(name, test, verifier) { passed += 1 }
      }
    }
    print("SPF suite: \(passed) of \(total), \(ambiguous) ambiguous")
    #expect(total == 203)
    #expect(passed == total)
    #expect(ambiguous == 3)
  }

  private func agrees(
    _ name: String, _ test: Node, _ verifier: SPFVerifier<SuiteResolver>
  ) async throws -> Bool {
    let sender = Array(try #require(test["mailfrom"]?.string).utf8)
    let verdict = await verifier.check(
      client: try IPAddress(parsing: try #require(test["host"]?.string)),
      helo: try #require(test["helo"]?.string), mailFrom: sender, now: 1_700_000_000,
      clock: ManualClock())
    let check = sender.isEmpty ? verdict.helo : verdict.mailFrom
    let allowed = try #require(test["result"])
    let results = allowed.sequence?.compactMap(\.string) ?? [allowed.string ?? ""]
    let isRight = results.contains(check.result.rawValue)
    #expect(isRight, "\(name): \(check.result), not \(results); \(check.reason ?? "")")
    guard let wanted = test["explanation"]?.string else { return isRight }
    let explanation = check.explanation ?? "DEFAULT"
    #expect(explanation == wanted, "\(name)")
    return isRight && explanation == wanted
  }
}

/// Answers from the `zonedata` of one scenario.
private struct SuiteResolver: DNS.Resolver {
  private enum Entry {
    case record(Record)
    case timeout(RecordType?)
  }

  private var zone: [DomainName: [Entry]] = [:]

  init(_ zonedata: Node?) throws {
    for (key, entries) in try #require(zonedata?.mapping) {
      let name = try Self.name(key)
      let nodes = Array(try #require(entries.sequence))
      let hasText = nodes.contains { $0["TXT"] != nil }
      zone[name] = try nodes.compactMap { try Self.entry($0, hasText: hasText) }
    }
  }

  func lookup(
    _ name: DomainName, _ type: RecordType
  ) async throws(LookupFailure) -> Answer {
    var name = name
    for _ in 0..<8 {
      guard let entries = zone[name] else {
        if name.labels.first.map(Array.init) == Array("error".utf8) { throw .timeout }
        return Answer(.noSuchName, expandedName: name)
      }
      let records = try Self.records(of: type, in: entries)
      if !records.isEmpty { return Answer(.records(records), expandedName: name) }
      let aliases = try Self.records(of: .cname, in: entries)
      guard case .cname(let target) = aliases.first else {
        return Answer(.noData, expandedName: name)
      }
      name = target
    }
    throw .aliasLoop
  }

  private static func records(
    of type: RecordType, in entries: [Entry]
  ) throws(LookupFailure) -> [Record] {
    var records: [Record] = []
    for entry in entries {
      switch entry {
      case .record(let record): if record.type == type { records.append(record) }
      case .timeout(let failing):
        if records.isEmpty, failing == nil || failing == type { throw .timeout }
      }
    }
    return records
  }

  private static func entry(_ node: Node, hasText: Bool) throws -> Entry? {
    guard let (key, value) = node.mapping?.first else {
      #expect(node.string == "TIMEOUT")
      return .timeout(nil)
    }
    let kind = try #require(key.string)
    let types: [String: RecordType] = [
      "A": .a, "AAAA": .aaaa, "MX": .mx, "PTR": .ptr, "TXT": .txt, "CNAME": .cname, "SPF": .txt,
    ]
    if value.string == "TIMEOUT" { return .timeout(types[kind]) }
    switch kind {
    case "A": return .record(.a(try IPAddress(parsing: try #require(value.string))))
    case "AAAA": return .record(.aaaa(try IPAddress(parsing: try #require(value.string))))
    case "PTR": return .record(.ptr(try name(value)))
    case "CNAME": return .record(.cname(try name(value)))
    case "MX":
      let number = try #require(value[0]?.string)
      return .record(
        .mx(preference: try #require(UInt16(number)), exchange: try name(try #require(value[1]))))
    case "SPF" where hasText: return nil
    case "TXT" where value.string == "NONE": return nil
    case "SPF", "TXT":
      let strings = value.sequence?.compactMap(\.string) ?? [value.string ?? ""]
      return .record(.txt(strings.map(octets)))
    default:
      Issue.record("unknown record type \(kind)")
      return nil
    }
  }

  /// The suite writes octets as `\xNN`, which YAML reads as code points of the same number.
  private static func octets(_ text: String) -> [UInt8] {
    text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
  }

  private static func name(_ node: Node) throws -> DomainName {
    let text = try #require(node.string)
    return text.isEmpty ? .root : try DomainName(anyOctets: Array(text.utf8))
  }
}
