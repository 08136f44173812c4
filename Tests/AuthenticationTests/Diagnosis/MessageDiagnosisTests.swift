@testable import Authentication
import Crypto
import Mail
import MailTesting
import Testing

@Suite("Diagnosis of single signatures, RFC 6376 §6.1.3 and RFC 8617 §5.2")
struct MessageDiagnosisTests {
  private static let message = TransitMessage.samples[0].message

  private static func signer(
    _ header: DKIMCanonicalization = .relaxed, copies: Bool = false
  ) -> TransitSigner {
    var signer = TransitSigner(key: .ed25519(Curve25519.Signing.PrivateKey()))
    signer.header = header
    signer.copiesFields = copies
    return signer
  }

  /// Changes that nothing known undoes: no claim may be made.
  @Test(arguments: [
    ("the figures are", "the numbers are"),  // a word of the text
    ("Hello Bob,\r\n", ""),  // a line lost
    ("Number 0", "Number 1"),  // one octet
    ("Example Ltd\r\nNumber 0\r\n", ""),  // cut short
  ])
  func makesNoClaim(old: String, new: String) async throws {
    let signer = Self.signer()
    var changed = try signer.sign(Self.message)
    changed.body = changed.body.replacing(old, with: new)
    let diagnosis = try #require(
      try await TransitTableTests.diagnosis(of: changed.octets, signer))
    #expect(diagnosis.part == .body)
    #expect(diagnosis.changes.isEmpty)
    #expect(!diagnosis.isExplained)
    #expect(diagnosis.sentences.contains("No known change explains the body."))
  }

  @Test func makesNoClaimOnTheHeader() async throws {
    let signer = Self.signer()
    var changed = try signer.sign(Self.message)
    changed["Subject"] = "Something else"
    let diagnosis = try #require(
      try await TransitTableTests.diagnosis(of: changed.octets, signer))
    #expect(diagnosis.part == .header)
    #expect(diagnosis.changes.isEmpty)
    #expect(diagnosis.explainsBody && !diagnosis.explainsHeader)
  }

  /// With the signer's copies any change of a field is named, and proven.
  @Test(arguments: [DKIMCanonicalization.relaxed, .simple])
  func namesByCopies(form: DKIMCanonicalization) async throws {
    let signer = Self.signer(form, copies: true)
    var changed = try signer.sign(Self.message)
    changed["Subject"] = "Something else"
    let diagnosis = try #require(
      try await TransitTableTests.diagnosis(of: changed.octets, signer))
    #expect(diagnosis.isExplained)
    #expect(diagnosis.changes.map(\.change) == [.fieldChanged])
    #expect(diagnosis.changes.map(\.field) == ["subject"])
    #expect(diagnosis.differingFields == ["subject"])
    #expect(
      diagnosis.changes.first?.sentence
        == "Subject was “Figures for the third quarter” and became “Something else”.")
  }

  /// A boundary made anew is known by the copy of Content-Type.
  @Test func putsTheBoundaryBack() async throws {
    let signer = Self.signer(copies: true)
    let sample = try #require(TransitMessage.samples.first { $0.name == "alternative 7bit" })
    var changed = try signer.sign(sample.message)
    let boundary = try #require(changed.boundary)
    changed.body = changed.body.replacing(boundary, with: "anew")
    changed["Content-Type"] = "multipart/alternative; boundary=\"anew\""
    let diagnosis = try #require(
      try await TransitTableTests.diagnosis(of: changed.octets, signer))
    #expect(diagnosis.isExplained)
    #expect(diagnosis.changes.contains { $0.change == .boundaryChanged })
  }

  @Test func tellsWhereAndWhat() async throws {
    let signer = Self.signer()
    var changed = try signer.sign(Self.message)
    let start = changed.body.utf8.count
    changed.body += Transit.footer
    let diagnosis = try #require(
      try await TransitTableTests.diagnosis(of: changed.octets, signer))
    let finding = try #require(diagnosis.changes.first)
    #expect(finding.range == start..<(start + Transit.footer.utf8.count))
    #expect(finding.proof == .bodyHash)
    #expect(finding.sentence.hasPrefix("3 lines were added at the end of the body: “____"))
    #expect(finding.text.hasSuffix("…”"))
  }

  /// Bounds: what is too long is said, not examined.
  @Test func staysInBounds() async throws {
    let signer = Self.signer()
    var changed = try signer.sign(Self.message)
    changed.body += Transit.footer
    var budget = DiagnosisBudget()
    budget.maximumBody = changed.body.utf8.count - 1
    let long = try #require(
      try await TransitTableTests.diagnosis(of: changed.octets, signer, budget: budget))
    #expect(long.limits.count == 1 && long.bodiesTried == 1 && long.part == .body)
    budget.maximumBody += 1
    let fits = try await TransitTableTests.diagnosis(of: changed.octets, signer, budget: budget)
    #expect(fits?.isExplained == true)
    budget.maximumHeader = 100
    let none = MessageDiagnosis(
      of: changed.octets, try await Self.verdict(changed.octets, signer), budget: budget)
    #expect(none.dkim == [nil])
  }

  /// Each limit ends the search, and is said.
  @Test(arguments: [(5_000, 50_000, 1_500), (1 << 26, 10, 1_500), (1 << 26, 50_000, 1)])
  func stopsAtLimit(octets: Int, bodies: Int, operations: Int) async throws {
    let signer = Self.signer()
    var changed = try signer.sign(Self.message)
    changed["Subject"] = "Something else"
    changed.body = changed.body.replacing("Hello", with: "Hallo")
    var budget = DiagnosisBudget()
    (budget.hashedOctets, budget.bodies, budget.publicKeyOperations) = (octets, bodies, operations)
    let diagnosis = try #require(
      try await TransitTableTests.diagnosis(of: changed.octets, signer, budget: budget))
    #expect(diagnosis.hashedOctets <= budget.hashedOctets)
    #expect(diagnosis.bodiesTried <= budget.bodies)
    #expect(diagnosis.publicKeyOperations <= budget.publicKeyOperations)
    #expect(diagnosis.limits == ["The budget was spent before every change was tried."])
  }

  /// A long body leaves room in the budget for what is likeliest.
  @Test func findsTheFooterOfALongBody() async throws {
    var signer = Self.signer()
    signer.body = .simple
    var message = Self.message
    message.body = String(repeating: String(repeating: "x", count: 98) + "\r\n", count: 9_000)
    var changed = try signer.sign(message)
    changed.body += Transit.footer
    let diagnosis = try #require(
      try await TransitTableTests.diagnosis(of: changed.octets, signer))
    #expect(diagnosis.changes.map(\.change) == [.footerAppended])
    #expect(diagnosis.hashedOctets < 16 * 1024 * 1024)
  }

  /// Nothing to explain: a key that is gone, and a signature that passes.
  @Test func leavesOtherFailuresAlone() async throws {
    let signer = Self.signer()
    let signed = try signer.sign(Self.message)
    #expect(try await TransitTableTests.diagnosis(of: signed.octets, signer) == nil)
    let verdict = try await MessageAuthenticator(resolver: ScriptedResolver([:])).authenticate(
      signed.octets, envelope: Envelope(), now: 1_790_000_100)
    #expect(MessageDiagnosis(of: signed.octets, verdict).dkim == [nil])
  }

  @Test func readsFilesWithBareLineFeeds() async throws {
    let signer = Self.signer()
    var changed = try signer.sign(Self.message)
    changed.body += Transit.footer
    let octets = changed.octets.filter { $0 != 0x0D }
    var policy = AuthenticationPolicy()
    policy.lineEnds = .bareLineFeed
    let verdict = try await MessageAuthenticator(
      resolver: Self.resolver(signer), policy: policy
    ).authenticate(octets, envelope: Envelope(), now: 1_790_000_100)
    let diagnosis = MessageDiagnosis(of: octets, verdict, lineEnds: .bareLineFeed)
    #expect(diagnosis.dkim.first??.changes.map(\.change) == [.footerAppended])
  }

  /// The AMS of a chain whose message a list changed after it was sealed.
  @Test func explainsTheMessageSignatureOfAChain() async throws {
    var signer = Self.signer()
    signer.fieldName = "ARC-Message-Signature"
    var sealed = try signer.sign(Self.message, leadingTags: "i=1; ")
    sealed.prepend("ARC-Authentication-Results", "i=1; mx.example; spf=pass")
    sealed.prepend("ARC-Seal", "i=1; a=ed25519-sha256; cv=none; d=example.org; s=s1; b=AAAA")
    sealed.body += Transit.footer
    let verdict = try await Self.verdict(sealed.octets, signer)
    #expect(verdict.arc.failure == .messageSignature(instance: 1, .bodyHashMismatch))
    let diagnosis = MessageDiagnosis(of: sealed.octets, verdict)
    #expect(diagnosis.dkim.isEmpty)
    #expect(diagnosis.arc[1]?.isExplained == true)
    #expect(diagnosis.arc[1]?.changes.map(\.change) == [.footerAppended])
  }

  private static func resolver(_ signer: TransitSigner) -> ScriptedResolver {
    ScriptedResolver(txt: ["s1._domainkey.example.org": [signer.record]])
  }

  private static func verdict(
    _ octets: [UInt8], _ signer: TransitSigner
  ) async throws -> MessageVerdict {
    try await MessageAuthenticator(resolver: resolver(signer)).authenticate(
      octets, envelope: Envelope(), now: 1_790_000_100)
  }
}
