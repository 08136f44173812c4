import Authentication
import MailTesting
import Testing
import Wire

/// What a valid signature says nothing about must be told, or must make it not count.
@Suite("what a signature covers, RFC 6376 §5.4, §8.2, §8.15")
struct DKIMCoverageTests {
  private static let domain = SignedDomain("example.com")
  private static let once = ["From", "To", "Subject", "Date", "Message-ID", "Content-Type"]
  private static let second = [
    "From: Eve <eve@bank.example>", "Subject: Pay at once", "Date: Sat, 12 Jul 2003 21:00:37 -0700",
    "To: Mallory <mallory@example.net>", "Content-Type: text/html",
  ]

  private static func name(_ field: String) -> String {
    String(field.prefix { $0 != ":" }).lowercased()
  }

  private static func verdict(
    _ letter: Letter, _ adjust: (inout MessageScene) -> Void = { _ in }
  ) async throws -> DKIMVerdict {
    var scene = MessageScene(domain.zone)
    adjust(&scene)
    return try #require(try await scene.authenticate(letter).dkim.first)
  }

  /// Named once more than there are, a field cannot be added anywhere.
  @Test(arguments: second)
  func oversigned(field: String) async throws {
    let signed = try Self.domain.sign(.ordinary()) { $0.signedFields = Self.once + Self.once }
    for letter in [signed.prepending(field), signed.appending(field)] {
      #expect(try await Self.verdict(letter).failure == .signatureMismatch)
    }
  }

  /// Named as often as there are, a field added below breaks the signature, one above does not:
  /// the verdict tells it, whatever case it is written in.
  @Test(arguments: second)
  func signedOnce(field: String) async throws {
    let signed = try Self.domain.sign(.ordinary()) { $0.signedFields = Self.once }
    #expect(try await Self.verdict(signed).unsignedDuplicates.isEmpty)
    #expect(try await Self.verdict(signed.appending(field)).failure == .signatureMismatch)
    for spelling in [
      field, field.uppercased(), field.replacing(":", with: " \t:", maxReplacements: 1),
    ] {
      let above = try await Self.verdict(signed.prepending(spelling))
      #expect(above.result == .pass)
      #expect(above.unsignedDuplicates == [Self.name(field)])
    }
  }

  /// Not named at all, it may be added anywhere.
  @Test(arguments: second.dropFirst())
  func unsigned(field: String) async throws {
    let signed = try Self.domain.sign(.ordinary()) { $0.signedFields = ["From"] }
    for letter in [signed.prepending(field), signed.appending(field)] {
      let verdict = try await Self.verdict(letter)
      #expect(verdict.result == .pass)
      #expect(verdict.unsignedDuplicates == [Self.name(field)])
    }
  }

  private static let body = "Hi.\r\n\r\nAre you hungry?\r\n"

  /// `l=`: the octets signed, the result by default, and what is told of the rest.
  @Test(arguments: [
    (UInt64(24), body, DKIMResult.pass, nil as DKIMFailure?, UInt64(0)),
    // Empty lines at the end are not part of the canonical body.
    (24, body + "\r\n\r\n", .pass, nil, 0),
    (0, body, .policy, .unsignedTail(octets: 24), 24),
    (0, "Wholly another body\r\n", .policy, .unsignedTail(octets: 21), 21),
    (5, body, .policy, .unsignedTail(octets: 19), 19),
    (23, body, .policy, .unsignedTail(octets: 1), 1),
    (24, body + "Buy!\r\n", .policy, .unsignedTail(octets: 6), 6),
    // More than there is: never signed so (§3.5).
    (25, body, .permerror, .bodyShorterThanSigned, 0),
    (.max, body, .permerror, .bodyShorterThanSigned, 0),
    // What is signed was changed.
    (24, "Ho." + body.dropFirst(3) + "Buy!\r\n", .fail, .bodyHashMismatch, 6),
    (24, "Hi.\r\n", .permerror, .bodyShorterThanSigned, 0),
  ])
  func bodyLength(
    length: UInt64, received: String, result: DKIMResult, failure: DKIMFailure?, tail: UInt64
  ) async throws {
    let signed = try Self.domain.sign(.ordinary(body: Self.body)) { $0.bodyLength = length }
    let verdict = try await Self.verdict(signed.with(body: received))
    #expect(verdict.result == result)
    #expect(verdict.failure == failure)
    #expect(verdict.unsignedTail == tail)
    #expect(verdict.signature?.signature.bodyLength == length)
    // Who wants it otherwise must say so, and is still told.
    let lenient = try await Self.verdict(signed.with(body: received)) {
      $0.policy.dkim.acceptsPartialBody = true
    }
    #expect(lenient.result == (result == .policy ? .pass : result))
    #expect(lenient.unsignedTail == tail)
  }

  /// A part appended and shown alone, by a new boundary above the signed one.
  @Test func newBoundary() async throws {
    let body = "--a\r\n\r\nthe signed part\r\n--a--\r\n"
    let letter = Letter(
      "From: joe@example.com", "Content-Type: multipart/mixed; boundary=a", body: body)
    let signed = try Self.domain.sign(letter) {
      $0.signedFields = ["From", "Content-Type"]
      $0.bodyLength = UInt64(body.utf8.count)
    }
    let forged = signed.prepending("Content-Type: multipart/mixed; boundary=b")
      .with(body: body + "--b\r\n\r\nthe forged part\r\n--b--\r\n")
    let verdict = try await Self.verdict(forged)
    #expect(verdict.result == .policy)
    #expect(verdict.failure == .unsignedTail(octets: 31))
    #expect(verdict.unsignedDuplicates == ["content-type"])
  }

  /// DMARC must not take such a signature either.
  @Test func unsignedTailIsNoAlignment() async throws {
    var scene = MessageScene(
      Self.domain.zone, ["_dmarc.example.com": ["v=DMARC1; p=reject"]])
    let signed = try Self.domain.sign(.ordinary(body: Self.body)) { $0.bodyLength = 5 }
    let verdict = try await scene.authenticate(signed)
    #expect(verdict.dmarc.result == .fail)
    #expect(!verdict.dmarc.dkimAligned)
    scene.policy.dkim.acceptsPartialBody = true
    #expect(try await scene.authenticate(signed).dmarc.result == .pass)
  }

  /// Empty bodies are signed and found whole (§3.4.3, §3.4.4).
  @Test(arguments: DKIMCanonicalization.allCases, [nil, UInt64(0)])
  func emptyBody(form: DKIMCanonicalization, length: UInt64?) async throws {
    let signed = try Self.domain.sign(.ordinary(body: "")) {
      $0.bodyCanonicalization = form
      $0.bodyLength = length
    }
    let verdict = try await Self.verdict(signed)
    // Simple makes it a CRLF, which `l=0` leaves unsigned.
    let isWhole = length == nil || form == .relaxed
    #expect(verdict.result == (isWhole ? .pass : .policy))
    #expect(verdict.unsignedTail == (isWhole ? 0 : 2))
  }
}
