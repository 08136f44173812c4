import Testing
import Wire

@Suite("IP address, RFC 4291 §2.2, RFC 5952")
struct IPAddressTests {
  @Test(
    arguments: [
      ("192.0.2.1", "192.0.2.1"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
      ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("1::2", "1::2"),
      ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
      ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
      ("1::3:4:5:6:7:8", "1:0:3:4:5:6:7:8"),
      ("::1.2.3.4", "::102:304"), ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"),
      ("::ffff:192.0.2.1", "::ffff:192.0.2.1"), ("::FFFF:c000:201", "::ffff:192.0.2.1"),
      ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
      // RFC 5952 §1, §4: one address, one text
      ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("2001:0db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
      ("2001:db8::1:0:0:1", "2001:db8::1:0:0:1"), ("2001:db8::0:1:0:0:1", "2001:db8::1:0:0:1"),
      ("2001:0db8::1:0:0:1", "2001:db8::1:0:0:1"), ("2001:db8:0:0:1::1", "2001:db8::1:0:0:1"),
      ("2001:DB8:0:0:1::1", "2001:db8::1:0:0:1"),
      ("2001:0db8::0001", "2001:db8::1"),  // §4.1
      ("2001:db8:0:0:0:0:2:1", "2001:db8::2:1"),  // §4.2.1
      ("2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),  // §4.2.2
      ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),  // §4.2.3: the longest run
      ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),  // the first of two
      ("2001:db8:aaaa:bbbb:cccc:dddd:eeee:AAAA", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:aaaa"),  // §4.3
      ("0:0:0:0:0:ffff:0:0", "::ffff:0.0.0.0"),
      ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ] as [(String, String)])
  func readsAndPrints(text: String, expected: String) throws {
    let address = try IPAddress(parsing: text)
    #expect(address.description == expected)
    #expect(try IPAddress(parsing: expected) == address)
    #expect(IPAddress(octets: address.octets) == address)
  }

  @Test(arguments: [
    "", " ", "1", "1.2", "1.2.3", "1.2.3.", "1.2.3.4.", "1.2.3.4.5", ".1.2.3.4", "1..2.3",
    "256.0.0.1", "1.2.3.256", "1.2.3.999999999999999999999", "01.2.3.4", "1.2.3.04", "00.0.0.0",
    "1.2.3.4 ", " 1.2.3.4", "1.2.3.4/8", "1.2.3.a", "0x1.2.3.4", "-1.2.3.4", "1.2.3.4\0",
    ":", ":::", "1:", ":1", "1::2::3", "::1::", "1:::2", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "1::2:3:4:5:6:7:8", "1:2:3:4:5:6:7:", "::1:",
    "12345::", "g::", "::%eth0", "fe80::1%1", "[::1]", "::1 ", " ::1", "::1/64", "::1\0",
    "::1.2.3", "::1.2.3.256", "::01.2.3.4", "::1.2.3.4:5", "1.2.3.4::", "1:2:3:4:5:6:7:1.2.3.4",
    "::ffff:1.2.3.4.5", "1.2.3.4:", "\u{FF11}.2.3.4",
  ])
  func rejects(text: String) {
    #expect(throws: SyntaxError.self) { try IPAddress(parsing: text) }
  }

  @Test(
    arguments: [
      ("256.0.0.1", SyntaxError.Reason.badValue("IPv4 address"), 0),
      ("1.2.03.4", .badValue("IPv4 address"), 4),
      ("1.2.3", .unexpectedEnd, 5),
      ("1.2.3.4x", .leftover, 7),
      ("1::2::3", .duplicate("::"), 6),
      ("1:2", .badValue("IPv6 address"), 3),
      ("::12345", .badValue("IPv6 address"), 2),
      ("1:2:3:4:5:6:7:8:9", .leftover, 16),
      ("1:", .unexpectedEnd, 2),
    ] as [(String, SyntaxError.Reason, Int)])
  func pointsAtThePart(text: String, reason: SyntaxError.Reason, offset: Int) {
    #expect(throws: SyntaxError(reason, at: offset)) { try IPAddress(parsing: text) }
  }

  @Test(
    arguments: [
      ("::ffff:192.0.2.1", "192.0.2.1"), ("::ffff:0:0", "0.0.0.0"), ("192.0.2.1", "192.0.2.1"),
      ("::fffe:192.0.2.1", "::fffe:c000:201"), ("::192.0.2.1", "::c000:201"),
      ("::1:ffff:192.0.2.1", "::1:ffff:c000:201"), ("::ffff:ffff:ffff", "255.255.255.255"),
    ] as [(String, String)])
  func unmaps(text: String, expected: String) throws {
    #expect(try IPAddress(parsing: text).unmapped.description == expected)
  }

  @Test func knowsItsOctets() throws {
    let four = try IPAddress(parsing: "192.0.2.1")
    #expect(four == .v4(0xC000_0201))
    #expect(four.octets == [192, 0, 2, 1])
    #expect(four.isIPv4)
    #expect(four.bitWidth == 32)
    let six = try IPAddress(parsing: "2001:db8::1")
    #expect(six.octets == [0x20, 0x01, 0x0D, 0xB8] + Array(repeating: 0, count: 11) + [1])
    #expect(!six.isIPv4)
    #expect(six.bitWidth == 128)
    for count in [0, 3, 5, 15, 17] {
      #expect(IPAddress(octets: [UInt8](repeating: 1, count: count)) == nil)
    }
  }

  @Test(
    arguments: [
      ("192.0.2.1", "1.2.0.192.in-addr.arpa"),  // RFC 1035 §3.5
      ("255.255.255.255", "255.255.255.255.in-addr.arpa"),
      (
        "4321:0:1:2:3:4:567:89ab",  // RFC 3596 §2.5
        "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.ip6.arpa"
      ),
    ] as [(String, String)])
  func hasAReverseName(text: String, expected: String) throws {
    let reverse = try IPAddress(parsing: text).reverseName
    #expect(reverse.description == expected)
    #expect(try reverse == DomainName(parsing: expected))
  }
}

@Suite("IP network, RFC 4632")
struct IPNetworkTests {
  @Test(
    arguments: [
      ("192.0.2.0", 24, "192.0.2.255", true), ("192.0.2.0", 24, "192.0.3.0", false),
      ("192.0.2.9", 24, "192.0.2.1", true),  // bits beyond the prefix do not count
      ("192.0.2.1", 32, "192.0.2.1", true), ("192.0.2.1", 32, "192.0.2.0", false),
      ("192.0.2.1", 31, "192.0.2.0", true), ("192.0.2.1", 0, "255.255.255.255", true),
      ("192.0.2.1", 1, "128.0.0.0", true), ("192.0.2.1", 1, "127.255.255.255", false),
      ("2001:db8::", 32, "2001:db8:ffff::1", true), ("2001:db8::", 32, "2001:db9::", false),
      ("2001:db8::1", 128, "2001:db8::1", true), ("2001:db8::1", 128, "2001:db8::", false),
      ("2001:db8::1", 127, "2001:db8::", true), ("::", 0, "ffff::", true),
      ("::", 1, "8000::", false), ("::", 64, "0:0:0:1::", false),
      ("0.0.0.0", 0, "::", false), ("::", 0, "0.0.0.0", false),  // families do not meet
      ("192.0.2.1", 32, "::ffff:192.0.2.1", false),
    ] as [(String, Int, String, Bool)])
  func contains(network: String, length: Int, host: String, expected: Bool) throws {
    let network = try #require(IPNetwork(try IPAddress(parsing: network), prefixLength: length))
    #expect(try network.contains(IPAddress(parsing: host)) == expected)
  }

  @Test(
    arguments: [
      ("0.0.0.0", 0, true), ("0.0.0.0", 32, true), ("0.0.0.0", 33, false), ("0.0.0.0", -1, false),
      ("::", 0, true), ("::", 128, true), ("::", 129, false), ("::", Int.min, false),
      ("0.0.0.0", Int.max, false),
    ] as [(String, Int, Bool)])
  func boundsThePrefix(address: String, length: Int, expected: Bool) throws {
    let network = IPNetwork(try IPAddress(parsing: address), prefixLength: length)
    #expect((network != nil) == expected)
    if expected { #expect(network?.description == "\(address)/\(length)") }
  }
}
