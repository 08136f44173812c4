import Testing
import Transport
import Wire

@Suite("A destination in text, as Postfix writes a next hop")
struct DeliveryDestinationTests {
  @Test(arguments: [
    ("example.com", "example.com", UInt16(25)),
    ("Example.COM", "example.com", 25),
    ("example.com:2525", "example.com:2525", 2525),
    ("example.com:25", "example.com", 25),
    ("example.com:65535", "example.com:65535", 65_535),
    ("example.com:1", "example.com:1", 1),
    ("[mx.example.com]", "[mx.example.com]", 25),
    ("[mx.example.com]:587", "[mx.example.com]:587", 587),
    ("[192.0.2.1]", "[192.0.2.1]", 25),
    ("[IPv6:2001:DB8::1]", "[IPv6:2001:db8::1]", 25),
    ("[ipv6:::1]:24", "[IPv6:::1]:24", 24),
    ("bücher.example", "xn--bcher-kva.example", 25),
  ])
  func reads(text: String, printed: String, port: UInt16) throws {
    let destination = try DeliveryDestination(parsing: text)
    #expect(destination.description == printed)
    #expect(destination.port == port)
    #expect(try DeliveryDestination(parsing: printed) == destination)
  }

  @Test(arguments: [
    ("", 0), ("example.com:", 12), ("example.com:0", 12), ("example.com:65536", 12),
    ("example.com:25x", 14), ("example.com:+25", 12), ("[mx.example.com", 15), ("[]", 1),
    ("[mx.example.com]x", 16), ("[mx.example.com]:", 17), ("[IPv6:]", 6), ("[IPv6:1.2.3.4]", 6),
    ("[2001:db8::1]", 5), ("a..b", 2), ("exa mple.com", 3), ("[mx example.com]", 3),
    ("user@example.com", 4),
  ])
  func refuses(text: String, offset: Int) throws {
    let error = #expect(throws: SyntaxError.self) { try DeliveryDestination(parsing: text) }
    #expect(error?.offset == offset, "\(text): \(String(describing: error))")
  }
}
