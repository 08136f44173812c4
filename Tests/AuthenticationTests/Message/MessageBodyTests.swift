import Authentication
import Mail
import MailTesting
import Testing
import Wire

/// RFC 5321 §2.3.8: only CRLF ends a line. What some server took for the end of a message
/// (CVE-2023-51764, -51765, -51766) is body here, hashed as it was received.
@Suite("bodies as received, RFC 5321 §2.3.8, RFC 6376 §3.7")
struct MessageBodyTests {
  private static let domain = SignedDomain("example.com")

  private static let smuggled = [
    "a\n.\n", "a\r.\r", "a\n.\r\n", "a\r\n.\n", "a\r\n.\r", "a\r.\r\n", "a\n\n.\n\nb\r\n",
    "a\r\n.\r\nMAIL FROM:<eve@evil.example>\r\nDATA\r\nFrom: eve@evil.example\r\n\r\nhi\r\n",
    "a\n.\nMAIL FROM:<eve@evil.example>\nDATA\nFrom: eve@evil.example\n\nhi\n",
    "\n.\n", "\r\r\n.\r\r\n", "a\0\r\n.\0\r\n",
  ]

  @Test(arguments: smuggled, DKIMCanonicalization.allCases)
  func hashedAsReceived(body: String, form: DKIMCanonicalization) async throws {
    let scene = MessageScene(Self.domain.zone)
    let signed = try Self.domain.sign(.ordinary(body: body)) { $0.bodyCanonicalization = form }
    let verdict = try await scene.authenticate(signed)
    #expect(verdict.dkim.map(\.result) == [.pass])
    #expect(verdict.bodyCount == body.utf8.count)
    // Nothing of the body is ever a field.
    #expect(verdict.header.fields(named: "from").count == 1)
    #expect(verdict.addresses.allSatisfy { $0.domain?.description != "evil.example" })
    // A relay that "repairs" line ends changes what was signed.
    for (old, new) in [("\n", "\r\n"), ("\r", "\r\n"), ("\0", "")] {
      let octets = Array(body.utf8)
      let bare = Array(old.utf8)
      guard octets.contains(bare[0]), let repaired = Self.repairing(octets, bare[0], new) else {
        continue
      }
      var letter = signed
      letter.body = repaired
      #expect(try await scene.authenticate(letter).dkim.map(\.failure) == [.bodyHashMismatch])
    }
  }

  /// The octets with each bare CR or LF, or each NUL, written otherwise; nil where that is nothing.
  private static func repairing(_ octets: [UInt8], _ bare: UInt8, _ new: String) -> [UInt8]? {
    var output: [UInt8] = []
    for (index, byte) in octets.enumerated() {
      let isInLineEnd =
        byte == 0x0A && index > 0 && octets[index - 1] == 0x0D
        || byte == 0x0D && index + 1 < octets.count && octets[index + 1] == 0x0A
      if byte == bare, !isInLineEnd { output += Array(new.utf8) } else { output.append(byte) }
    }
    return output == octets ? nil : output
  }

  /// A file with LF line ends must be called one: read as CRLF it is one long field.
  @Test func bareLineFeedIsExplicit() async throws {
    var scene = MessageScene(Self.domain.zone, ["_dmarc.example.com": ["v=DMARC1; p=reject"]])
    let signed = try Self.domain.sign(.ordinary())
    let file = Array(
      String(decoding: signed.octets, as: UTF8.self).replacing("\r\n", with: "\n").utf8)
    let strict = try await scene.authenticate(file)
    #expect(strict.dkim.allSatisfy { $0.result != .pass })
    #expect(strict.dmarc.result == .permerror)
    scene.policy.lineEnds = .bareLineFeed
    let verdict = try await scene.authenticate(file)
    #expect(verdict.dkim.map(\.result) == [.pass])
    #expect(verdict.dmarc.result == .pass)
    // CRLF in such a file stays what it is.
    #expect(try await scene.authenticate(signed).dkim.map(\.result) == [.pass])
    // What was signed with a bare LF is another message once it is converted.
    let bare = try Self.domain.sign(.ordinary(body: "a\nb\r\n"))
    #expect(try await scene.authenticate(bare).dkim.map(\.failure) == [.bodyHashMismatch])
  }

  /// The empty line that ends a header is CRLF alone.
  @Test(arguments: ["\n\n", "\r\r", "\n\r\n", "\r\n\n", "\r\n \r\n", "\r\n\0\r\n"])
  func endOfHeader(text: String) async throws {
    let octets = Array("From: joe@example.com\(text)From: eve@evil.example\r\n\r\nbody".utf8)
    let verdict = try await MessageScene().authenticate(octets)
    #expect(verdict.bodyCount == 4)
    #expect(verdict.dmarc.result == .permerror)
  }

  /// A message may be a header alone, without its last line end, or nothing.
  @Test(arguments: [
    ("", 0), ("\r\n", 0), ("From: joe@example.com", 1), ("From: joe@example.com\r\n", 1),
    ("From: joe@example.com\r\n\r\n", 1), ("\r\nFrom: joe@example.com\r\n", 0), ("\r", 0), (":", 1),
  ])
  func short(text: String, fields: Int) async throws {
    for pieces in [[Array(text.utf8)], text.utf8.map { [$0] }, []]
    where !pieces.isEmpty || fields == 0 {
      let verdict = try await MessageScene().authenticate(pieces: pieces)
      #expect(verdict.header.fields.count == fields)
      #expect(verdict.dkim.isEmpty)
      #expect(verdict.arc.result == .none)
    }
  }
}
