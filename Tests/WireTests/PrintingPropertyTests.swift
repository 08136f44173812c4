import MailTesting
import Testing
import Wire

@Suite("addresses, networks and names read what they print")
struct PrintingPropertyTests {
  private static func address(_ random: inout RandomSource) -> IPAddress {
    if Bool.random(using: &random) { return .v4(UInt32.random(in: .min ... .max, using: &random)) }
    // Groups of zeros in all places, as only they print differently.
    var bits: UInt128 = 0
    for _ in 0..<8 {
      let group = Bool.random(using: &random) ? 0 : UInt128.random(in: 0...0xFFFF, using: &random)
      bits = bits << 16 | group
    }
    return .v6(bits)
  }

  @Test(arguments: 0..<8)
  func addresses(seed: UInt64) throws {
    var random = RandomSource(seed: seed)
    for _ in 0..<500 {
      let address = Self.address(&random)
      #expect(try IPAddress(parsing: "\(address)") == address)
      #expect(IPAddress(octets: address.octets) == address)
      let length = Int.random(in: 0...address.bitWidth, using: &random)
      let network = try #require(IPNetwork(address, prefixLength: length))
      #expect(try IPNetwork(parsing: "\(network)") == network)
      #expect(network.contains(address))
    }
  }

  /// Labels of any octets in the form of a master file, and host names in that of mail.
  @Test(arguments: 0..<8)
  func names(seed: UInt64) throws {
    var random = RandomSource(seed: seed)
    for _ in 0..<200 {
      let labels = (0..<Int.random(in: 0...4, using: &random)).map { _ in
        (0..<Int.random(in: 1...63, using: &random)).map { _ in
          UInt8.random(in: .min ... .max, using: &random)
        }
      }
      let name = try DomainName(labels: labels)
      let text = name.isRoot ? "." : "\(name)."
      #expect(try DomainName(presentation: Array(text.utf8), origin: .root) == name)
      #expect(name.labels.count == labels.count)
      let plain = labels.map { label in label.map { 0x61 + $0 % 26 } }
      guard !plain.isEmpty else { continue }
      let host = try DomainName(labels: plain)
      #expect(try DomainName(parsing: "\(host)") == host)
      #expect(try DomainName(parsing: "\(host)".uppercased()) == host)
    }
  }
}
