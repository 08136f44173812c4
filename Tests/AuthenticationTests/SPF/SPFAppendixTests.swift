import Authentication
import MailTesting
import Testing
import Wire

@Suite("SPF, the examples of RFC 7208 appendix A")
struct SPFAppendixTests {
  /// Appendix A, the CNAME aside: a resolver follows those.
  private static let zone = """
    example.com MX mail-a.example.com mail-b.example.com
    example.com A 192.0.2.10 192.0.2.11
    amy.example.com A 192.0.2.65
    bob.example.com A 192.0.2.66
    mail-a.example.com A 192.0.2.129
    mail-b.example.com A 192.0.2.130
    example.org MX mail-c.example.org
    mail-c.example.org A 192.0.2.140
    10.2.0.192.in-addr.arpa PTR example.com
    11.2.0.192.in-addr.arpa PTR example.com
    65.2.0.192.in-addr.arpa PTR amy.example.com
    66.2.0.192.in-addr.arpa PTR bob.example.com
    129.2.0.192.in-addr.arpa PTR mail-a.example.com
    130.2.0.192.in-addr.arpa PTR mail-b.example.com
    140.2.0.192.in-addr.arpa PTR mail-c.example.org
    4.0.0.10.in-addr.arpa PTR bob.example.com

    """

  private func passing(
    _ clients: [String], _ records: String, sender: String = "mary@example.com"
  ) async throws -> [String] {
    let verifier = SPFVerifier(resolver: try spfZone(Self.zone + records))
    var passing: [String] = []
    for client in clients {
      let check = await verifier.check(
        .mailFrom, client: try IPAddress(parsing: client), helo: [],
        mailFrom: Array(sender.utf8), now: 0, clock: ManualClock())
      if check.result == .pass { passing.append(client) }
    }
    return passing
  }

  private static let clients = [
    "192.0.2.10", "192.0.2.11", "192.0.2.65", "192.0.2.66", "192.0.2.128", "192.0.2.129",
    "192.0.2.130", "192.0.2.131", "192.0.2.140", "192.0.2.143", "192.0.2.144", "10.0.0.4",
  ]

  @Test(arguments: [
    ("v=spf1 +all", clients),
    ("v=spf1 a -all", ["192.0.2.10", "192.0.2.11"]),
    ("v=spf1 a:example.org -all", []),  // no A records there
    ("v=spf1 mx -all", ["192.0.2.129", "192.0.2.130"]),
    ("v=spf1 mx:example.org -all", ["192.0.2.140"]),
    ("v=spf1 mx mx:example.org -all", ["192.0.2.129", "192.0.2.130", "192.0.2.140"]),
    (
      "v=spf1 mx/30 mx:example.org/30 -all",
      [
        "192.0.2.128", "192.0.2.129", "192.0.2.130", "192.0.2.131", "192.0.2.140",
        "192.0.2.143",
      ]
    ),
    (
      // .140 is outside the domain; 10.0.0.4 claims a name that does not point back.
      "v=spf1 ptr -all",
      [
        "192.0.2.10", "192.0.2.11", "192.0.2.65", "192.0.2.66", "192.0.2.129", "192.0.2.130",
      ]
    ),
    (
      "v=spf1 ip4:192.0.2.128/28 -all",
      [
        "192.0.2.128", "192.0.2.129", "192.0.2.130", "192.0.2.131", "192.0.2.140",
        "192.0.2.143",
      ]
    ),
  ])
  func simple(record: String, expected: [String]) async throws {
    #expect(try await passing(Self.clients, "example.com TXT \(record)") == expected)
  }

  /// A.2: `include` unites, `redirect` shares.
  @Test(arguments: ["example.org", "la.example.org", "ny.example.org"])
  func severalDomains(domain: String) async throws {
    let records = """
      example.com TXT v=spf1 mx -all
      example.net TXT v=spf1 ip4:198.51.100.0/24 -all
      example.org TXT v=spf1 include:example.com include:example.net -all
      la.example.org TXT v=spf1 redirect=example.org
      ny.example.org TXT v=spf1 redirect=example.org
      """
    let found = try await passing(
      Self.clients + ["198.51.100.9"], records, sender: "x@\(domain)")
    #expect(found == ["192.0.2.129", "192.0.2.130", "198.51.100.9"])
  }

  /// A.3: users who send from anywhere, and users who send from their own servers.
  @Test(arguments: [
    ("mary@example.com", "203.0.113.5", true),
    ("mary+tag@example.com", "203.0.113.5", true),
    ("joel@example.com", "203.0.113.5", false),
    ("joel@example.com", "192.168.15.15", true),
    ("joel@example.com", "192.168.15.17", false),
  ])
  func listStyle(sender: String, client: String, passes: Bool) async throws {
    let records = """
      example.com TXT v=spf1 mx include:mobile-users._spf.%{d} include:remote-users._spf.%{d} -all
      mobile-users._spf.example.com TXT v=spf1 exists:%{l1r+}.%{d}
      remote-users._spf.example.com TXT v=spf1 exists:%{ir}.%{l1r+}.%{d}
      mary.mobile-users._spf.example.com A 127.0.0.2
      fred.mobile-users._spf.example.com A 127.0.0.2
      15.15.168.192.joel.remote-users._spf.example.com A 127.0.0.2
      16.15.168.192.joel.remote-users._spf.example.com A 127.0.0.2
      """
    #expect(try await passing([client], records, sender: sender) == (passes ? [client] : []))
  }

  /// A.4: in the range, and with reverse DNS.
  @Test func severalRequirements() async throws {
    let records = """
      example.com TXT v=spf1 -include:ip4._spf.%{d} -include:ptr._spf.%{d} +all
      ip4._spf.example.com TXT v=spf1 -ip4:192.0.2.0/24 +all
      ptr._spf.example.com TXT v=spf1 -ptr:example.com +all
      """
    let found = try await passing(Self.clients, records)
    #expect(
      found == [
        "192.0.2.10", "192.0.2.11", "192.0.2.65", "192.0.2.66", "192.0.2.129", "192.0.2.130",
      ])
  }
}
