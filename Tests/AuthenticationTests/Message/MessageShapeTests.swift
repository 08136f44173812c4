import Authentication
import MailTesting
import Testing
import Wire

/// Messages of odd shape and great size end with the right verdict. Sizes are a tenth of what a
/// release build takes in the same time; anything quadratic would still take minutes.
@Suite("great messages end")
struct MessageShapeTests {
  private static let domain = SignedDomain("example.com")

  private static func verdict(_ letter: Letter) async throws -> MessageVerdict {
    var scene = MessageScene(domain.zone, ["_dmarc.example.com": ["v=DMARC1; p=reject"]])
    scene.mailFrom = "joe@example.com"
    return try await scene.authenticate(letter)
  }

  private static func repeated(_ text: String, _ count: Int) -> String {
    String(repeating: text, count: count)
  }

  /// One field of a megabyte, in forty thousand folds, and signed.
  @Test(arguments: DKIMCanonicalization.allCases)
  func foldedField(form: DKIMCanonicalization) async throws {
    let letter = Letter.ordinary().prepending(
      "X-Long: a" + Self.repeated("\r\n  long line of words here", 40_000))
    let signed = try Self.domain.sign(letter) {
      $0.signedFields = ["From", "X-Long"]
      $0.headerCanonicalization = form
    }
    let verdict = try await Self.verdict(signed)
    #expect(verdict.dkim.map(\.result) == [.pass])
    #expect(verdict.dmarc.result == .pass)
  }

  /// Twenty thousand fields, all of one name or each of its own, and an h= that names them.
  @Test(arguments: [true, false])
  func manyFields(isOneName: Bool) async throws {
    var letter = Letter.ordinary()
    letter.fields += (0..<20_000).map { Array((isOneName ? "X: \($0)" : "X-\($0): y").utf8) }
    let signed = try Self.domain.sign(letter) {
      $0.signedFields = ["From"] + (0..<10_000).map { isOneName ? "X" : "X-\($0)" }
    }
    let verdict = try await Self.verdict(signed)
    #expect(verdict.dkim.map(\.result) == [.pass])
    #expect(verdict.dmarc.result == .pass)
  }

  /// Ten thousand names in h= for fields that are not there.
  @Test func longList() async throws {
    let signed = try Self.domain.sign(.ordinary()) {
      $0.signedFields =
        ["From"] + [String](repeating: "From", count: 5000)
        + (0..<5000).map { "None-\($0)" }
    }
    #expect(try await Self.verdict(signed).dkim.map(\.result) == [.pass])
    let forged = try await Self.verdict(signed.prepending("From: eve@example.net"))
    #expect(forged.dkim.map(\.failure) == [.signatureMismatch])
  }

  /// Fields that are read by a grammar, each of 125 kB; Authentication-Results of a megabyte.
  @Test(arguments: [
    ("Authentication-Results: mx; none; x=" + repeated("a ", 524_288), DMARCResult.pass),
    ("Authentication-Results: " + repeated("(", 125_000), .pass),
    ("Authentication-Results: mx" + repeated("; dkim=pass", 11_000), .pass),
    ("Sender: " + repeated("(", 125_000), .pass),
    ("Sender: " + repeated("a,", 62_500), .pass),
    ("Reply-To: \"" + repeated("\\\"", 62_500), .pass),
    ("Reply-To: " + repeated("=?utf-8?q?a?= ", 9_000) + "<joe@example.com>", .pass),
    ("Reply-To: " + repeated("@example.com", 10_000), .pass),
    ("From: " + repeated("a@example.com ", 9_000), .permerror),
    ("From: " + repeated("(", 125_000), .permerror),
    ("From:" + repeated("\r\n ", 40_000), .permerror),
    ("X: " + repeated("\rFrom", 25_000), .permerror),
    ("X: " + repeated("\rFrom\r\n ", 15_000), .permerror),
    (repeated("From\r\n ", 17_500), .permerror),
    (repeated("no colon\r\n", 12_500) + "X:", .permerror),
    (repeated(" leading\r\n", 12_500) + "X:", .permerror),
  ])
  func grammars(field: String, result: DMARCResult) async throws {
    let signed = try Self.domain.sign(.ordinary(from: "joe@example.com")) {
      $0.signedFields = ["From"]
    }
    let verdict = try await Self.verdict(signed.prepending(field))
    #expect(verdict.dmarc.result == result, "\(field.prefix(40)): \(verdict.dmarc.reason ?? "")")
    #expect(verdict.dkim.map(\.result) == [.pass])
    let printed = verdict.authenticationResults(authservID: "mx").fieldValue()
    #expect(printed.utf8.count < 5000)
  }

  /// Signature fields of a quarter of a megabyte, and thousands of them.
  @Test(arguments: [
    "DKIM-Signature: " + repeated("a=1; b=2; ", 25_000),
    "DKIM-Signature: v=1; b=" + repeated("QUJD ", 50_000),
    "DKIM-Signature: v=1; a=rsa-sha256; s=s; d=example.com; h=from; bh=QUJD; b=QUJD; i="
      + repeated("=41", 80_000) + "@example.com",
    "DKIM-Signature: v=1; a=rsa-sha256; s=s; bh=QUJD; b=QUJD; h=from; d=" + repeated("a.", 125_000)
      + "com",
    "DKIM-Signature: " + (0..<20_000).map { "t\($0)=1; " }.joined(),
    "DKIM-Signature: v=1; l=" + repeated("9", 250_000),
    "ARC-Seal: i=1; " + repeated("x", 250_000),
    "ARC-Authentication-Results: i=1" + repeated(" ", 250_000) + "; x",
    repeated("DKIM-Signature: v=1\r\n", 10_000) + "X:",
    repeated("ARC-Seal: i=1; cv=none\r\n", 10_000) + "X:",
  ])
  func signatures(field: String) async throws {
    let verdict = try await Self.verdict(Letter.ordinary().prepending(field))
    #expect(!verdict.dkim.contains { $0.result == .pass })
    #expect(verdict.arc.result != .pass)
    #expect(verdict.dmarc.result == .fail)
  }

  /// A body of a megabyte, in lines of all kinds, hashed in both forms at once.
  @Test func longBody() async throws {
    let body = Self.repeated("words \t words\r\n\r\n \r\n", 50_000)
    var signed = Letter.ordinary(body: body)
    for form in DKIMCanonicalization.allCases {
      signed = try Self.domain.sign(signed) {
        $0.signedFields = ["From"]
        $0.bodyCanonicalization = form
      }
    }
    let verdict = try await Self.verdict(signed)
    #expect(verdict.dkim.map(\.result) == [.pass, .pass])
    #expect(verdict.bodyCount == body.utf8.count)
  }
}
