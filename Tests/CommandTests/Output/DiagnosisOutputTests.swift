import Authentication
import Foundation
import Mail
import MailTesting
import Testing
import Wire

@testable import signet

@Suite("signet verify --explain: why it failed")
struct DiagnosisOutputTests {
  /// A signed message of the project's own kind, with a footer that nobody signed.
  private static func outcome(tampering: Bool) async throws -> VerifyOutcome {
    let key = SigningKey.ed25519()
    let signer = DKIMSigner(
      domain: try .init(parsing: "example.org"), selector: try .init(parsing: "s1"), key: key)
    let message = Array("From: a@example.org\r\nSubject: s\r\n\r\nHello\r\n".utf8)
    let footer = tampering ? Array("--\r\nlist \u{1B}[31m\r\n".utf8) : []
    let octets = try signer.field(for: message, now: 1) + message + footer
    let resolver = ScriptedResolver(txt: ["s1._domainkey.example.org": [key.keyRecord]])
    let verdict = try await MessageAuthenticator(resolver: resolver).authenticate(
      octets, envelope: Envelope(), now: 2)
    return VerifyOutcome(
      input: MessageInput(name: "a.eml", source: .octets(octets)), result: .success(verdict),
      diagnosis: MessageDiagnosis(of: octets, verdict))
  }

  @Test func textTellsTheChange() async throws {
    let outcome = try await Self.outcome(tampering: true)
    let text = VerdictText(
      verdict: try outcome.result.get(), explains: true, showsColour: false,
      diagnosis: outcome.diagnosis)
    let start = try #require(text.lines.firstIndex(of: "  Why it failed"))
    #expect(text.lines[start + 1] == "    DKIM signature of example.org, selector s1")
    #expect(
      text.lines[start + 3]
        == "      2 lines were added at the end of the body: “-- list \\u{1B}[31m”.")
    #expect(!text.lines.contains { $0.contains("\u{1B}") })
  }

  @Test func textIsSilentWhereNothingFailed() async throws {
    let outcome = try await Self.outcome(tampering: false)
    let text = VerdictText(
      verdict: try outcome.result.get(), explains: true, showsColour: false,
      diagnosis: outcome.diagnosis)
    #expect(!text.lines.contains("  Why it failed"))
  }

  @Test(arguments: [true, false])
  func jsonHasTheDiagnosis(tampering: Bool) async throws {
    let outcome = try await Self.outcome(tampering: tampering)
    let line = VerdictJSON(outcome: outcome, explains: true, authservID: "mx").value.line()
    let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
    let dkim = try #require((object?["dkim"] as? [[String: Any]])?.first)
    let diagnosis = dkim["diagnosis"] as? [String: Any]
    #expect((diagnosis != nil) == tampering)
    #expect((dkim["diagnosis"] is NSNull) == !tampering)
    guard let diagnosis else { return }
    #expect(diagnosis["part"] as? String == "body")
    #expect(diagnosis["explained"] as? Bool == true)
    let changes = diagnosis["changes"] as? [[String: Any]]
    #expect(changes?.map { $0["change"] as? String } == ["footer-appended"])
    #expect(changes?.first?["proof"] as? String == "body-hash")
    #expect(changes?.first?["start"] as? Int == 7)
  }

  @Test func jsonWithoutExplainHasNone() async throws {
    let outcome = try await Self.outcome(tampering: true)
    let line = VerdictJSON(outcome: outcome, explains: false, authservID: "mx").value.line()
    #expect(!line.contains("diagnos"))
  }
}
