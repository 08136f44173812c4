internal import Wire

extension IPAddress {
  /// Whether the address is one of the public internet: not private, loopback, link-local,
  /// multicast, reserved, nor a tunnel whose other end the address itself names (RFC 6890).
  var isPublic: Bool {
    switch unmapped {
    case .v4(let bits): !Self.special4.contains { bits >> (32 - $0.length) == $0.prefix }
    case .v6(let bits):
      if bits >> 32 == Self.nat64 {
        // RFC 6052 §2.1: the IPv4 address behind a translator.
        IPAddress.v4(UInt32(truncatingIfNeeded: bits)).isPublic
      } else {
        // Only 2000::/3 is given out.
        bits >> 125 == 1 && !Self.special6.contains { bits >> (128 - $0.length) == $0.prefix }
      }
    }
  }

  private static let nat64: UInt128 = 0x0064_FF9B_0000_0000_0000_0000

  private static let special4: [(prefix: UInt32, length: UInt32)] = [
    (0x00, 8), (0x0A, 8), (0x6440 >> 6, 10), (0x7F, 8), (0xA9FE, 16), (0xAC10 >> 4, 12),
    (0xC00000, 24), (0xC00002, 24), (0xC05863, 24), (0xC0A8, 16), (0xC612 >> 1, 15),
    (0xC63364, 24), (0xCB0071, 24), (0xE0 >> 4, 4), (0xF0 >> 4, 4),
  ]

  /// Special purposes (2001::/23, Teredo among them), documentation, 6to4.
  private static let special6: [(prefix: UInt128, length: UInt128)] = [
    (0x2001_0000 >> 9, 23), (0x2001_0DB8, 32), (0x2002, 16), (0x3FFF_0 >> 0, 20),
  ]
}
