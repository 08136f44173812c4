import Mail
import MailTesting
import Testing
import Wire

@testable import Authentication

@Suite("readers that differ on the author, RFC 5322 §3.6.2, RFC 9989 §5.3.1, §11.5")
struct AuthorReadersTests {
  private static func author(_ header: String) -> AuthorField {
    AuthorField(MessageHeader(octets: Array(header.utf8)))
  }

  /// One From field: its domains in order, and a part of the flaw.
  private static let single: [(String, [String], String?)] = [
    ("joe@bank.example", ["bank.example"], nil),
    ("Joe <joe@BANK.Example>", ["bank.example"], nil),
    ("\r\n Joe\r\n <joe@bank.example>\r\n ", ["bank.example"], nil),
    // What only looks like an address: encoded words, quoted pairs, comments, a route.
    ("=?utf-8?q?eve=40evil.example?= <joe@bank.example>", ["bank.example"], nil),
    ("=?utf-8?b?ZXZlQGV2aWwuZXhhbXBsZQ==?= <joe@bank.example>", ["bank.example"], nil),
    (#""a\"b@evil.example" <joe@bank.example>"#, ["bank.example"], nil),
    (#""eve@evil.example"@bank.example"#, ["bank.example"], nil),
    ("joe@bank.example (eve@evil.example)", ["bank.example"], nil),
    ("(eve@evil.example) joe(x)@(y)bank.(z)example", ["bank.example"], nil),
    ("<@evil.example,@a.example:joe@bank.example>", ["bank.example"], nil),
    // Internationalized, as U-labels and A-labels.
    ("joe@bücher.example", ["xn--bcher-kva.example"], nil),
    ("joe@BÜCHER.example, joe@xn--bcher-kva.example", ["xn--bcher-kva.example"], nil),
    ("jörg@bank.example", ["bank.example"], nil),
    // Several: DMARC judges each.
    ("a@bank.example, b@evil.example", ["bank.example", "evil.example"], nil),
    ("list: a@bank.example, b@evil.example;", ["bank.example", "evil.example"], nil),
    ("a@bank.example,, b@bank.example", ["bank.example"], nil),
    // None, or none with a name.
    ("", [], "cannot be read"), (" ", [], "cannot be read"),
    ("undisclosed:;", [], "without a domain"),
    ("joe@[192.0.2.1]", [], "without a domain"),
    ("joe@[192.0.2.1], a@bank.example", ["bank.example"], "without a domain"),
    ("joe", [], "cannot be read"), ("<>", [], "cannot be read"),
    // Broken: whoever might be shown is looked at.
    ("joe@bank.example.", ["bank.example"], "cannot be read"),
    ("eve@evil.example <joe@bank.example>", ["evil.example", "bank.example"], "cannot be read"),
    ("<joe@bank.example> <eve@evil.example>", ["bank.example", "evil.example"], "cannot be read"),
    (#"<joe\@bank.example@evil.example>"#, ["bank.example", "evil.example"], "cannot be read"),
    ("joe@bank.example\0@evil.example", ["bank.example", "evil.example"], "cannot be read"),
    ("joe@bank.example\0", ["bank.example"], "cannot be read"),
    ("joe@bank..example", [], "cannot be read"),
    ("=?utf-8?b?am9lQGJhbmsuZXhhbXBsZQ==?=", [], "cannot be read"),
    ("joe@bank.example, <eve@evil.example", ["bank.example", "evil.example"], "cannot be read"),
    ("joe@bank.example; eve@evil.example", ["bank.example", "evil.example"], "cannot be read"),
  ]

  @Test(arguments: single)
  func one(value: String, domains: [String], flaw: String?) {
    let author = Self.author("From: \(value)\r\n")
    #expect(author.domains.map { "\($0)" } == domains)
    #expect((author.flaw == nil) == (flaw == nil))
    if let flaw { #expect(author.flaw?.contains(flaw) == true) }
  }

  @Test func invalidUTF8() {
    let header = Array("From: J".utf8) + [0xFF, 0xFE] + Array(" <joe@bank.example>\r\n".utf8)
    let author = AuthorField(MessageHeader(octets: header))
    #expect(author.domains.map { "\($0)" } == ["bank.example"])
    // Against the grammar, but no reader can show another address.
    #expect(author.flaw == nil)
  }

  /// A broken field names at most ten; many fields are counted, each domain once.
  @Test func many() {
    let list = (0..<30).map { "a@d\($0).example" }.joined(separator: " ")
    #expect(Self.author("From: \(list)\r\n").domains.count == 10)
    let fields = (0..<200).map { "From: a@d\($0 % 50).example\r\n" }.joined()
    let author = Self.author(fields)
    #expect(author.domains.count == 50)
    #expect(author.flaw == "the message has 200 From fields")
  }

  private static let evil = "From: eve@evil.example\r\n"

  /// Headers that some readers read otherwise: the flaw, if it matters to the author.
  private static let headers: [(String, String?)] = [
    ("To: x\r\n", "no From"), (evil + evil, "2 From"),
    ("FROM \t: a@bank.example\r\n" + evil, "2 From"),
    // Behind a bare CR or LF inside another field, before and after the true one.
    ("Subject: x\rFrom: joe@bank.example\r\n" + evil, "only some readers"),
    (evil + "Subject: x\nFrom: joe@bank.example\r\n", "only some readers"),
    (evil + "Subject: x\nfrom\t : joe@bank.example\r\n", "only some readers"),
    ("From: eve@evil.example (\nFrom: joe@bank.example)\r\n", "only some readers"),
    ("Subject: x\r\r\nFrom: eve@evil.example\r\n", "end the header"),
    // On a line passed over: a fold before any field, a name cut from its colon, a fold after a
    // line that is no field.
    (" From: joe@bank.example\r\n" + evil, "only some readers"),
    ("\tFrom: joe@bank.example\r\n" + evil, "only some readers"),
    ("From\r\n : joe@bank.example\r\n" + evil, "only some readers"),
    (evil + "From \r\n\t\r\n : joe@bank.example\r\n", "only some readers"),
    ("no colon\r\n From: joe@bank.example\r\n" + evil, "only some readers"),
    // A name with an octet that some drop.
    ("\0From: joe@bank.example\r\n" + evil, "only some readers"),
    ("Fr\0om: joe@bank.example\r\n" + evil, "only some readers"),
    ("From\0: joe@bank.example\r\n" + evil, "only some readers"),
    // Behind more flaws than are counted.
    (
      String(repeating: "x\r\n", count: 300) + "A: x\rFrom: joe@bank.example\r\n" + evil,
      "only some readers"
    ),
    ("Subject: a\rb\nc\r\n" + evil + "no colon\r\nTo: x\r\n", "end the header"),
    // All readers agree: a proper fold, other names, the line of an mbox.
    ("Subject: x\r\n From: joe@bank.example\r\n" + evil, nil),
    ("Subject: x\r\n\tFrom\r\n : y\r\n" + evil, nil),
    ("X-From: joe@bank.example\r\nFromage: brie\r\nFrom x: y\r\n" + evil, nil),
    ("From joe@bank.example Sat Jan  3\r\n" + evil, nil),
    ("Subject: see a\r From: joe@bank.example\r\n" + evil, nil),
  ]

  @Test(arguments: headers)
  func readersDiffer(header: String, flaw: String?) {
    let author = Self.author(header)
    #expect((author.flaw == nil) == (flaw == nil), "\(author.flaw ?? "no flaw")")
    if let flaw { #expect(author.flaw?.contains(flaw) == true) }
    if !author.domains.isEmpty { #expect(author.domains.contains { "\($0)" == "evil.example" }) }
  }

  /// Whether a flaw is seen never depends on how the header is cut: it is read once it is whole.
  @Test func flawsNeverPass() async throws {
    let domain = SignedDomain("evil.example")
    let scene = MessageScene(domain.zone, ["_dmarc.evil.example": ["v=DMARC1; p=none"]])
    for line in ["Subject: x\rFrom: joe@bank.example", " From: joe@bank.example", "no colon"] {
      let signed = try domain.sign(Letter("From: eve@evil.example")) { $0.signedFields = ["From"] }
      let verdict = try await scene.authenticate(signed.prepending(line))
      #expect(verdict.dkim.map(\.result) == [.pass])
      #expect(verdict.dmarc.result == .permerror)
      #expect(verdict.dmarc.reason?.isEmpty == false)
      #expect(!verdict.headerDefects.isEmpty)
    }
  }
}
