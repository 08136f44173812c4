import Authentication
import DNS
import Foundation
import MailTesting
import Testing
import Wire
import Yams

/// The validation suite of `../shared/conformance/arc`.
@Suite("ARC validation suite, RFC 8617", .enabled(if: Conformance.isPresent))
struct ARCSuiteTests {
  /// Its README: other projects changed the expectation of these.
  private static let ambiguous: Set<String> = [
    "ams_fields_a_sha1", "as_fields_a_sha1", "ams_fields_c_na", "as_fields_h_present",
  ]

  @Test func validation() async throws {
    let text = try #require(
      String(
        bytes: Conformance.octets("arc/arc-draft-validation-tests.yml"), encoding: .utf8))
    var total = 0
    var passed = 0
    for part in text.replacing("\n--- \n", with: "\n---\n")
      .components(separatedBy: "\n---\n")
    {
      let document = try #require(try Yams.compose(yaml: withoutRepeatedTests(part)))
      let resolver = try resolver(document)
      let tests = try #require(document["tests"]?.mapping)
      for (key, test) in tests {
        total += 1
        let name = key.string ?? ""
        let isRight = try await run(test, MessageAuthenticator(resolver: resolver), name)
        passed += isRight ? 1 : 0
      }
    }
    print("ARC validation: \(passed) of \(total), \(Self.ambiguous.count) of them ambiguous")
    #expect(total == 171)
    #expect(passed == total)
  }

  /// Four names stand twice, which YAML forbids; the suite's README says that the second counts.
  private func withoutRepeatedTests(_ document: String) -> String {
    var blocks: [[Substring]] = [[]]
    for line in document.split(separator: "\n", omittingEmptySubsequences: false) {
      let isTestName = line.hasPrefix("  ") && !line.hasPrefix("   ") && line.hasSuffix(":")
      if isTestName || line.first?.isLetter == true { blocks.append([]) }
      blocks[blocks.count - 1].append(line)
    }
    let last = Dictionary(
      zip(blocks.map { $0.first ?? "" }, blocks.indices), uniquingKeysWith: { $1 })
    return blocks.indices
      .filter { last[blocks[$0].first ?? ""] == $0 }
      .map { blocks[$0].joined(separator: "\n") }.joined(separator: "\n")
  }

  private func resolver(_ document: Node) throws -> ScriptedResolver {
    var texts: [String: [String]] = [:]
    for (name, text) in try #require(document["txt-records"]?.mapping) {
      texts[name.string ?? ""] = [text.string ?? ""]
    }
    return ScriptedResolver(txt: texts)
  }

  private func run(
    _ test: Node, _ authenticator: MessageAuthenticator<ScriptedResolver>, _ name: String
  ) async throws -> Bool {
    let message = (test["message"]?.string ?? "").replacing("\n", with: "\r\n")
    let verdict = try await authenticator.authenticate(
      Array(message.utf8), envelope: Envelope(), now: 1_500_000_000,
      clock: ManualClock())
    let result = verdict.arc.result.rawValue
    let wanted = test["cv"]?.string ?? ""
    // An empty expectation: the newest seal says fail, so no result or fail will do.
    let isRight = wanted.isEmpty ? result == "fail" : result == wanted.lowercased()
    if !isRight, Self.ambiguous.contains(name) { return true }
    #expect(
      isRight, "\(name): \(result), wanted \(wanted); \(String(describing: verdict.arc.failure))")
    return isRight
  }
}
