import Authentication
import Foundation
import MailTesting
import Testing
import Wire
import Yams

/// The signing suite of `../shared/conformance/arc`.
@Suite("ARC signing suite, RFC 8617 §5.1", .enabled(if: Conformance.isPresent))
struct ARCSigningSuiteTests {
  @Test func signing() async throws {
    let text = try #require(
      String(bytes: Conformance.octets("arc/arc-draft-sign-tests.yml"), encoding: .utf8))
    var total = 0
    var passed = 0
    for part in text.components(separatedBy: "\n---\n") {
      let document = try #require(try Yams.compose(yaml: part))
      let scene = try Scene(document)
      for (name, test) in try #require(document["tests"]?.mapping) {
        total += 1
        let isRight = try await scene.run(test, try #require(name.string))
        passed += isRight ? 1 : 0
      }
    }
    print("ARC signing: \(passed) of \(total)")
    #expect(total == 17)
    #expect(passed == total)
  }

  /// A document of the suite: the key, and the DNS in which chains are verified first.
  private struct Scene {
    let template: SignatureTemplate
    let resolver: ScriptedResolver

    init(_ document: Node) throws {
      template = SignatureTemplate(
        domain: try DomainName(parsing: try #require(document["domain"]?.string)),
        selector: try DomainName(parsing: try #require(document["sel"]?.string)),
        key: try SigningKey(pem: try #require(document["privatekey"]?.string)))
      var texts: [String: [String]] = [:]
      for (name, text) in try #require(document["txt-records"]?.mapping) {
        texts[name.string ?? ""] = [(text.string ?? "").replacing("\n", with: "")]
      }
      resolver = ScriptedResolver(txt: texts)
    }

    func run(_ test: Node, _ name: String) async throws -> Bool {
      let text = try #require(test["message"]?.string)
      let message = Array(text.replacing("\n", with: "\r\n").utf8)
      let now = UInt64(try #require(test["t"]?.int))
      var policy = AuthenticationPolicy()
      policy.lookupTime = .seconds(86_400)
      let verdict = try await MessageAuthenticator(resolver: resolver, policy: policy)
        .authenticate(message, envelope: Envelope(), now: now)
      var template = template
      template.fields = .exactly(
        try #require(test["sig-headers"]?.string).split(separator: ":").map(String.init))
      var sealer = MessageSealer(
        template, authservID: try #require(test["srv-id"]?.string), result: verdict.arc.result,
        now: now, isOnOneLine: true)
      try sealer.read(message[...])
      let found: [String: String]
      switch try sealer.finish() {
      case .alreadyFailed: found = ["AS": "", "AMS": "", "AAR": ""]
      case .sealed(let fields, _, _): found = Self.fields(fields)
      }
      var isRight = true
      for key in ["AS", "AMS", "AAR"] {
        let wanted = Self.tags(test[key]?.string ?? "")
        let got = Self.tags(found[key] ?? "missing")
        #expect(got == wanted, "\(name): \(key) \(verdict.arc.failure.map { "\($0)" } ?? "")")
        isRight = isRight && got == wanted
      }
      return isRight
    }

    private static func fields(_ octets: [UInt8]) -> [String: String] {
      let names = [
        "ARC-Seal": "AS", "ARC-Message-Signature": "AMS", "ARC-Authentication-Results": "AAR",
      ]
      var fields: [String: String] = [:]
      let unfolded = String(decoding: octets, as: UTF8.self).replacing("\r\n ", with: " ")
      for line in unfolded.split(separator: "\r\n") {
        let parts = line.split(separator: ":", maxSplits: 1)
        if let name = names[String(parts[0])] { fields[name] = String(parts[1]) }
      }
      return fields
    }

    /// The suite's README: tags are compared in any order and without white space.
    private static func tags(_ text: String) -> Set<String> {
      Set(text.filter { !$0.isWhitespace }.split(separator: ";").map(String.init))
    }
  }
}
