import Authentication
import Mail
import MailTesting
import Testing
import Wire

@Suite("properties of signing and verifying, RFC 6376")
struct DKIMPropertyTests {
  private static let atoms = [
    "\r\n", "\r\n", "\r", "\n", " ", "\t", "x", "yz", ".", "é", "\0", "--b", "Subject: z",
  ]

  private static func text(_ count: Int, _ random: inout RandomSource) -> String {
    (0..<Int.random(in: 0...count, using: &random))
      .map { _ in atoms.randomElement(using: &random) ?? "" }.joined()
  }

  /// Field values hold no CRLF, but where a blank follows; bare CR and LF are left in.
  private static func value(_ random: inout RandomSource) -> String {
    text(6, &random).replacing("\r\n", with: "\r\n ").replacing("\0", with: "")
  }

  private static func letter(_ random: inout RandomSource) -> Letter {
    var letter = Letter("From: joe@example.com", body: text(30, &random))
    for name in ["Subject", "to", "X-A", "Date", "Subject"] {
      letter.fields.append(Array("\(name): a\(value(&random))b".utf8))
    }
    return letter
  }

  struct Form: Sendable, CustomTestStringConvertible {
    var header: DKIMCanonicalization
    var body: DKIMCanonicalization
    var testDescription: String { "\(header.rawValue)/\(body.rawValue)" }
    static let all = DKIMCanonicalization.allCases.flatMap { header in
      DKIMCanonicalization.allCases.map { Form(header: header, body: $0) }
    }
  }

  /// What is signed verifies, whatever its shape and however it arrives.
  @Test(arguments: Form.all, [DKIMAlgorithm.rsaSHA256, .ed25519SHA256])
  func signed(form: Form, algorithm: DKIMAlgorithm) async throws {
    let domain = SignedDomain(
      "example.com", key: algorithm == .rsaSHA256 ? TestKeys.rsa : TestKeys.ed25519)
    var scene = MessageScene(domain.zone)
    scene.policy.dkim.acceptsPartialBody = true
    var random = RandomSource(seed: 8463)
    for round in 0..<(algorithm == .rsaSHA256 ? 6 : 40) {
      let letter = Self.letter(&random)
      let canonical =
        form.body == .simple
        ? SlowDKIM.simpleBody(letter.body) : SlowDKIM.relaxedBody(letter.body)
      let length =
        round.isMultiple(of: 2)
        ? nil : UInt64(Int.random(in: 0...canonical.count, using: &random))
      let signed = try domain.sign(letter) {
        $0.headerCanonicalization = form.header
        $0.bodyCanonicalization = form.body
        $0.bodyLength = length
      }
      let verdict = try await scene.authenticate(
        pieces: random.pieces(of: signed.octets, upTo: 100))
      let dkim = try #require(verdict.dkim.first)
      #expect(dkim.result == .pass, "\(String(describing: dkim.failure)): \(signed)")
      #expect(dkim.unsignedTail == length.map { UInt64(canonical.count) - $0 } ?? 0)
    }
  }

  /// What another program, written by hand from the text, has signed verifies as well.
  @Test(arguments: Form.all)
  func signedByHand(form: Form) async throws {
    var random = RandomSource(seed: 99)
    let scene = MessageScene(HandSigner.zone)
    for _ in 0..<40 {
      let tags =
        "v=1; a=ed25519-sha256; c=\(form.header.rawValue)/\(form.body.rawValue); b={b}; "
        + "d=example.com;\r\n\ts=hand; bh={bh}; h=subject : from :Subject:date:x-none:To:subject"
      let signed = try HandSigner.sign(Self.letter(&random), tags)
      #expect(try await scene.authenticate(signed).dkim.map(\.failure) == [nil], "\(signed)")
    }
  }

  /// Under simple canonicalization no octet of a signed field or of the body may change.
  @Test(arguments: [UInt8(0x01), 0x20, 0x80])
  func everyOctetCounts(change: UInt8) async throws {
    let domain = SignedDomain("example.com")
    let letter = Letter(
      "From: joe@example.com", "Subject: A\r\n folded one", body: "Hi.\r\n . \r\nJoe\r\n")
    let signed = try domain.sign(letter) {
      $0.headerCanonicalization = .simple
      $0.bodyCanonicalization = .simple
      $0.signedFields = ["From", "Subject"]
    }
    let octets = signed.octets
    // All but the value of b=, whose base 64 has room for blanks and unused bits, and the empty
    // line, which is neither header nor body.
    let signature = try #require(octets.firstRange(of: Array(" b=".utf8), after: "bh="))
    let signatureEnd = try #require(octets.firstRange(of: Array("\r\nFrom:".utf8))).lowerBound
    let headerEnd = signed.header.count
    let scene = MessageScene(domain.zone)
    var tried = 0
    for index in octets.indices {
      guard !(signature.upperBound..<signatureEnd).contains(index),
        !(headerEnd..<headerEnd + 2).contains(index)
      else { continue }
      var changed = octets
      changed[index] ^= change
      let verdict = try await scene.authenticate(changed)
      #expect(!verdict.dkim.contains { $0.result == .pass }, "octet \(index)")
      tried += 1
    }
    #expect(tried > 200)
  }

  /// Any single cut, and one octet at a time, gives the very same verdict.
  @Test(arguments: [LineEnds.crlf, .bareLineFeed])
  func cuts(lineEnds: LineEnds) async throws {
    let domain = SignedDomain("example.com")
    var scene = MessageScene(domain.zone, ["_dmarc.example.com": ["v=DMARC1; p=reject"]])
    scene.policy.lineEnds = lineEnds
    let letter = Letter("From: joe@example.com", body: " a\t b \r\n\r\r\n\r\n\r\nc\r\n\r\n\r\n")
    var signed = try domain.sign(letter) { $0.signedFields = ["From", "From"] }
    signed = try domain.sign(signed) {
      $0.signedFields = ["From"]
      $0.headerCanonicalization = .simple
      $0.bodyCanonicalization = .simple
      $0.bodyLength = 7
    }
    var octets = signed.octets
    if lineEnds == .bareLineFeed {
      octets = Array(String(decoding: octets, as: UTF8.self).replacing("\r\n", with: "\n").utf8)
    }
    let whole = try await scene.authenticate(octets)
    if lineEnds == .crlf {
      #expect(whole.dkim.map(\.failure) == [.unsignedTail(octets: 11), nil])
    }
    func compare(_ pieces: [[UInt8]], _ place: String) async throws {
      let verdict = try await scene.authenticate(pieces: pieces)
      #expect(verdict.dkim == whole.dkim, "\(place)")
      #expect(verdict.dmarc == whole.dmarc)
      #expect(verdict.bodyCount == whole.bodyCount)
      #expect(verdict.header.octets == whole.header.octets)
    }
    for cut in 0...octets.count {
      try await compare([Array(octets[..<cut]), Array(octets[cut...])], "cut at \(cut)")
    }
    try await compare(octets.map { [$0] }, "octets")
    try await compare([[], octets, []], "empty pieces")
  }
}

extension [UInt8] {
  /// The first occurrence of `pattern` behind the first one of `mark`.
  fileprivate func firstRange(of pattern: [UInt8], after mark: String) -> Range<Int>? {
    guard let mark = firstRange(of: Array(mark.utf8)) else { return nil }
    return self[mark.upperBound...].firstRange(of: pattern)
  }
}
