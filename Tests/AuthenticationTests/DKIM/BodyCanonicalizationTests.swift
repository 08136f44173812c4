import Crypto
import MailTesting
import Testing
import Wire

@testable import Authentication

@Suite("canonical forms of the body, RFC 6376 §3.4.3–§3.4.5")
struct BodyCanonicalizationTests {
  private static func canonical(
    _ form: DKIMCanonicalization, _ pieces: [[UInt8]]
  ) -> [UInt8] {
    var canonicalizer = BodyCanonicalizer(form)
    var output = CanonicalOctets()
    for piece in pieces { canonicalizer.update(piece[...], to: &output) }
    canonicalizer.finish(to: &output)
    return output.octets
  }

  private static func reference(_ form: DKIMCanonicalization, _ body: [UInt8]) -> [UInt8] {
    form == .simple ? SlowDKIM.simpleBody(body) : SlowDKIM.relaxedBody(body)
  }

  @Test(arguments: [
    // The example of §3.4.5.
    (" C \r\nD \t E\r\n\r\n\r\n", " C \r\nD \t E\r\n", " C\r\nD E\r\n"),
    // No body: simple has one line end, relaxed has nothing.
    ("", "\r\n", ""),
    ("\r\n", "\r\n", ""),
    ("\r\n\r\n\r\n", "\r\n", ""),
    // Blanks alone are a line for simple and none for relaxed.
    (" ", " \r\n", ""),
    (" \t\r\n\r\n", " \t\r\n", ""),
    ("a\r\n \r\n\t\r\n", "a\r\n \r\n\t\r\n", "a\r\n"),
    // Only CRLF ends a line: bare CR and LF are content, at the end as well.
    ("a\n\n", "a\n\n\r\n", "a\n\n\r\n"),
    ("a\r", "a\r\r\n", "a\r\r\n"),
    ("a\r\r\n\r\n", "a\r\r\n", "a\r\r\n"),
    ("a \r b\n c", "a \r b\n c\r\n", "a \r b\n c\r\n"),
    ("\n\r\n\r", "\n\r\n\r\r\n", "\n\r\n\r\r\n"),
    // Not all that looks blank is WSP.
    ("a\u{0B}\u{0C} \r\n", "a\u{0B}\u{0C} \r\n", "a\u{0B}\u{0C}\r\n"),
    ("a\0 \r\n", "a\0 \r\n", "a\0\r\n"),
    // Dots are as they are: stuffing was undone before (§3.7).
    ("..\r\n.\r\n", "..\r\n.\r\n", "..\r\n.\r\n"),
  ])
  func examples(body: String, simple: String, relaxed: String) {
    let octets = Array(body.utf8)
    #expect(Self.canonical(.simple, [octets]) == Array(simple.utf8))
    #expect(Self.canonical(.relaxed, [octets]) == Array(relaxed.utf8))
    // The reference must not be wrong in the same way.
    #expect(Self.reference(.simple, octets) == Array(simple.utf8))
    #expect(Self.reference(.relaxed, octets) == Array(relaxed.utf8))
  }

  /// The hashes that the text gives for an empty body.
  @Test(arguments: [
    (DKIMCanonicalization.simple, "frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY="),
    (.relaxed, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
  ])
  func emptyBody(form: DKIMCanonicalization, hash: String) throws {
    var hashes = BodyHashes()
    let kind = BodyHashes.Kind(form: form, length: nil)
    hashes.request(kind)
    let digest = try #require(hashes.finish()[kind])
    #expect(Base64.encode(digest.digest) == hash)
    #expect(digest.canonicalCount == (form == .simple ? 2 : 0))
  }

  private static let atoms: [[UInt8]] = [
    [0x0D], [0x0A], [0x0D, 0x0A], [0x0D, 0x0A], [0x20], [0x09], [0x61], [0x62, 0x63],
  ]

  private static func body(using random: inout RandomSource) -> [UInt8] {
    (0..<Int.random(in: 0...16, using: &random))
      .flatMap { _ in atoms.randomElement(using: &random) ?? [] }
  }

  @Test(arguments: DKIMCanonicalization.allCases)
  func agreesWithReference(form: DKIMCanonicalization) {
    var random = RandomSource(seed: 6376)
    var wrong = 0
    for _ in 0..<4000 {
      let body = Self.body(using: &random)
      let expected = Self.reference(form, body)
      let pieces = random.pieces(of: body, upTo: 4)
      if Self.canonical(form, [body]) != expected { wrong += 1 }
      if Self.canonical(form, pieces) != expected { wrong += 1 }
      if Self.canonical(form, body.map { [$0] }) != expected { wrong += 1 }
      #expect(wrong == 0, "\(body)")
      if wrong > 0 { break }
    }
  }

  /// A canonical body is its own canonical form, so that a relay that rewrites does no harm.
  @Test(arguments: DKIMCanonicalization.allCases)
  func isIdempotent(form: DKIMCanonicalization) {
    var random = RandomSource(seed: 1)
    for _ in 0..<500 {
      let once = Self.canonical(form, [Self.body(using: &random)])
      #expect(Self.canonical(form, [once]) == once)
    }
  }

  /// `l=` counts canonical octets, wherever the pieces are cut.
  @Test(arguments: DKIMCanonicalization.allCases)
  func lengthLimit(form: DKIMCanonicalization) {
    let body = Array(" C \r\nD \t E\r\n\r\n\r\n".utf8)
    let canonical = Self.reference(form, body)
    var random = RandomSource(seed: 2)
    for length in 0...UInt64(canonical.count + 3) {
      let kind = BodyHashes.Kind(form: form, length: length)
      for _ in 0..<5 {
        var hashes = BodyHashes()
        hashes.request(kind)
        for piece in random.pieces(of: body, upTo: 5) { hashes.update(piece[...]) }
        let counted = min(Int(length), canonical.count)
        #expect(
          hashes.finish()[kind]
            == BodyDigest(
              digest: Array(SHA256.hash(data: canonical[..<counted])),
              hashedCount: UInt64(counted), canonicalCount: UInt64(canonical.count)))
      }
    }
  }

  /// Octets are looked at sixteen at a time: what changes may stand at each of their places, and
  /// be cut by the end of a piece.
  @Test(arguments: [
    "  ", "\t", " \t", " \r\n", " \r", " \n", "\r\n\r\n", "\r\n \r\n", "\r", " ", "",
  ])
  func everyPlace(change: String) {
    for form in DKIMCanonicalization.allCases {
      for count in 0...50 {
        for (before, after) in [("x", "y"), (" x", "y "), ("x", "\r\n")] {
          let text =
            String(repeating: "a", count: count) + before + change + after
            + String(repeating: "b", count: 50 - count)
          let body = Array(text.utf8)
          let expected = Self.reference(form, body)
          #expect(Self.canonical(form, [body]) == expected, "\(text.debugDescription)")
          let middle = count + before.utf8.count
          for cut in max(0, middle - 2)...min(body.count, middle + 4) {
            let pieces = [Array(body[..<cut]), Array(body[cut...])]
            #expect(Self.canonical(form, pieces) == expected, "\(text.debugDescription) at \(cut)")
          }
        }
      }
    }
  }

  /// Short runs are gathered and long ones are not; they come out in order all the same.
  @Test(arguments: DKIMCanonicalization.allCases)
  func runsOfAnyLength(form: DKIMCanonicalization) {
    var body: [UInt8] = []
    for count in [1, 255, 256, 257, 3, 20_000, 2, 300, 255, 255] {
      body += (0..<count).map { 0x61 + UInt8($0 % 26) } + [0x20, 0x09]
    }
    for _ in 0..<9000 { body += [0x78, 0x20, 0x20] }
    let expected = Self.reference(form, body)
    var random = RandomSource(seed: 3)
    #expect(Self.canonical(form, [body]) == expected)
    for _ in 0..<5 {
      #expect(Self.canonical(form, random.pieces(of: body, upTo: 700)) == expected)
    }
  }

  /// Lines held back at the end of a body are counted, not kept: a million of them come out once,
  /// in parts, so that memory does not grow with their number.
  @Test func manyEmptyLines() {
    let lines = SlowDKIM.lineEnd + SlowDKIM.lineEnd
    for form in DKIMCanonicalization.allCases {
      var canonicalizer = BodyCanonicalizer(form)
      var output = CanonicalOctets()
      for _ in 0..<20_000 { canonicalizer.update(lines[...], to: &output) }
      #expect(output.octets.isEmpty)
      canonicalizer.update([0x61], to: &output)
      #expect(output.octets.count == 80_001)
      #expect(output.longest <= 1 << 15)
    }
  }
}

/// All that a canonicalizer gives, and how much of it at once at most.
struct CanonicalOctets: BodySink {
  private(set) var octets: [UInt8] = []
  private(set) var longest = 0

  mutating func take(_ octets: ArraySlice<UInt8>) {
    self.octets += octets
    longest = max(longest, octets.count)
  }
}
