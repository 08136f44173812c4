import Authentication
import MailTesting
import Testing
import Wire

@Suite("SPF macros, RFC 7208 §7")
struct SPFMacroTests {
  /// What a text expands to in an explanation, where every macro is allowed.
  private func expand(
    _ text: String, sender: [UInt8] = Array("strong-bad@email.example.com".utf8),
    client: String = "192.0.2.3", helo: String = "mx.example.org", receiver: String? = nil
  ) async throws -> String? {
    let resolver = try spfZone(
      """
      email.example.com TXT v=spf1 -all exp=exp.example.com
      exp.example.com TXT \(text)
      3.2.0.192.in-addr.arpa PTR mx.example.org
      mx.example.org A 192.0.2.3
      """)
    var verifier = SPFVerifier(resolver: resolver)
    verifier.receiver = try receiver.map { try DomainName(parsing: $0) }
    let check = await verifier.check(
      .mailFrom, client: try IPAddress(parsing: client), helo: Array(helo.utf8),
      mailFrom: sender, now: 1_234_567_890, clock: ManualClock())
    #expect(check.result == .fail)
    return check.explanation
  }

  @Test(arguments: [
    // The table of §7.4
    ("%{s}", "strong-bad@email.example.com"),
    ("%{o}", "email.example.com"),
    ("%{d}", "email.example.com"),
    ("%{d4}", "email.example.com"),
    ("%{d3}", "email.example.com"),
    ("%{d2}", "example.com"),
    ("%{d1}", "com"),
    ("%{dr}", "com.example.email"),
    ("%{d2r}", "example.email"),
    ("%{l}", "strong-bad"),
    ("%{l-}", "strong.bad"),
    ("%{lr}", "strong-bad"),
    ("%{lr-}", "bad.strong"),
    ("%{l1r-}", "strong"),
    ("%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"),
    ("%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com"),
    (
      "%{lr-}.lp.%{ir}.%{v}._spf.%{d2}",
      "bad.strong.lp.3.2.0.192.in-addr._spf.example.com"
    ),
    ("%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}", "3.2.0.192.in-addr.strong.lp._spf.example.com"),
    ("%{d2}.trusted-domains.example.net", "example.com.trusted-domains.example.net"),
    // §7.2, §7.3
    ("%{i} %{c} %{v} %{h} %{p}", "192.0.2.3 192.0.2.3 in-addr mx.example.org mx.example.org"),
    ("%{r} %{t}", "unknown 1234567890"),
    ("%% %_ %-", "%   %20"),
    ("%{S}", "strong-bad%40email.example.com"),
    ("%{D2R}", "example.email"),
    ("%{d127}", "email.example.com"),
    ("%{d99999999999999999999}", "email.example.com"),
  ])
  func expands(text: String, expansion: String) async throws {
    #expect(try await expand(text) == expansion)
  }

  @Test func expandsIPv6ByNibbles() async throws {
    let text = try await expand("%{ir}.%{v}._spf.%{d2}", client: "2001:db8::cb01")
    #expect(
      text?.lowercased()
        == "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6._spf.example.com")
    #expect(try await expand("%{c}", client: "2001:DB8:0::CB01") == "2001:db8::cb01")
    #expect(try await expand("%{i}/%{v}", client: "::ffff:192.0.2.3") == "192.0.2.3/in-addr")
  }

  @Test func namesTheReceiver() async throws {
    #expect(try await expand("%{r}", receiver: "MX.example.net") == "mx.example.net")
  }

  @Test(arguments: [
    // Delimiters at the ends and in a row make empty parts (§7.3).
    ("-a--b-", "%{l-}", ".a..b."),
    ("-a--b-", "%{l2-}", "b."),
    ("-a--b-", "%{lr-}", ".b..a."),
    ("foo-bar+zip+quux", "%{l2r+-}", "bar.foo"),
    ("a/b;c=d", "%{l/=}", "a.b;c.d"),
    ("~jack&jill=up-a_b3.c", "%{L}", "~jack%26jill%3Dup-a_b3.c"),
    ("\"a@b\"", "%{l}", "\"a@b\""),
    // Octets of the client's that may not reach an SMTP reply
    ("a\r\nb\u{1B}[2J", "%{l}", "a??b?[2J"),
    ("a\r\nb", "%{L}", "a%0D%0Ab"),
    ("\u{FC}", "%{l}", "??"),
    ("\u{FC}", "%{L}", "%C3%BC"),
  ])
  func transforms(localPart: String, text: String, expansion: String) async throws {
    let sender = Array((localPart + "@email.example.com").utf8)
    #expect(try await expand(text, sender: sender) == expansion)
  }

  @Test(arguments: [
    "%{d0}", "%{x}", "%{d", "100%", "%a", "caf\u{E9}", "tab\there", "bell\u{7}",
  ])
  func ignoresBrokenExplanations(text: String) async throws {
    #expect(try await expand(text) == nil)
  }

  @Test func cutsLongExplanations() async throws {
    let text = try #require(try await expand(String(repeating: "x", count: 501)))
    #expect(text == String(repeating: "x", count: 500))
  }

  /// §7.3: whole labels go from the left until 253 octets are left, a final dot not counted.
  @Test(arguments: [
    (61, 253, 5),
    (62, 191, 4),  // 254 octets in all: the first label goes
  ])
  func truncatesFromTheLeft(first: Int, length: Int, labels: Int) async throws {
    let label = String(repeating: "x", count: 62)
    let tail = "\(label).\(label).\(label)"
    let local = String(repeating: "l", count: first)
    let resolver = try spfZone("a.co TXT v=spf1 exists:%{l}.\(tail).zz. -all")
    let check = await SPFVerifier(resolver: resolver).check(
      .mailFrom, client: .v4(1), helo: [], mailFrom: Array("\(local)@a.co".utf8), now: 0,
      clock: ManualClock())
    #expect(check.result == .fail)
    let asked = try #require(resolver.questions.last?.name)
    #expect(asked.description.utf8.count == length)
    #expect(asked.labelCount == labels)
  }

  @Test func boundsLongLocalParts() async throws {
    let resolver = try spfZone(
      """
      a.example TXT v=spf1 exists:%{l}._spf.a.example exists:%{l1r/}._spf.a.example -all
      b.example TXT v=spf1 exists:\(String(repeating: "%{l}", count: 17)).b.example -all
      """)
    let local = [UInt8](repeating: 0x61, count: 65_536) + Array("/;@".utf8)
    let verifier = SPFVerifier(resolver: resolver)
    for (domain, result) in [("a.example", SPFResult.fail), ("b.example", .permerror)] {
      let check = await verifier.check(
        .mailFrom, client: .v4(1), helo: [], mailFrom: local + Array("@\(domain)".utf8), now: 0,
        clock: ManualClock())
      // b: 17 times 64 KiB are more than the budget of a mebioctet.
      #expect(check.result == result, "\(domain)")
    }
    #expect(resolver.questions.allSatisfy { $0.name.labelCount <= 3 })
  }
}
