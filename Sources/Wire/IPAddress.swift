/// An IPv4 or IPv6 address.
///
///     192.0.2.1    2001:db8::1    ::ffff:192.0.2.1
public enum IPAddress: Hashable, Sendable {
  /// The four octets as one number, the first octet highest.
  case v4(UInt32)
  /// The sixteen octets as one number, the first octet highest.
  case v6(UInt128)

  /// The address with an IPv4-mapped one (`::ffff:0:0/96`, RFC 4291 §2.5.5.2) made IPv4.
  ///
  /// RFC 7208 §5 asks for this before any mechanism is compared.
  public var unmapped: IPAddress {
    guard case .v6(let bits) = self, bits >> 32 == 0xFFFF else { return self }
    return .v4(UInt32(truncatingIfNeeded: bits))
  }

  public var isIPv4: Bool {
    if case .v4 = self { true } else { false }
  }

  /// 32 or 128.
  public var bitWidth: Int { isIPv4 ? 32 : 128 }

  /// The octets in network order: 4 or 16.
  public var octets: [UInt8] {
    switch self {
    case .v4(let bits): Self.octets(of: bits)
    case .v6(let bits): Self.octets(of: bits)
    }
  }

  /// An address from 4 or 16 octets in network order; nil for any other count.
  public init?(octets: some Collection<UInt8>) {
    switch octets.count {
    case 4: self = .v4(octets.reduce(0) { $0 << 8 | UInt32($1) })
    case 16: self = .v6(octets.reduce(0) { $0 << 8 | UInt128($1) })
    default: return nil
    }
  }

  private static func octets<Bits: FixedWidthInteger>(of bits: Bits) -> [UInt8] {
    stride(from: Bits.bitWidth - 8, through: 0, by: -8).map {
      UInt8(truncatingIfNeeded: bits >> Bits($0))
    }
  }

  /// The labels of the name that a reverse look-up asks for, with the zone:
  /// `1.2.0.192.in-addr.arpa` (RFC 1035 §3.5), or 32 digits under `ip6.arpa` (RFC 3596 §2.5).
  public var reverseName: DomainName {
    let labels: [[UInt8]]
    switch self {
    case .v4:
      labels = octets.reversed().map { Array(String($0).utf8) } + [Self.inAddr, Self.arpa]
    case .v6:
      labels = nibbles.reversed().map { [$0] } + [Self.ip6, Self.arpa]
    }
    return DomainName(trustedLabels: labels)
  }

  private static let inAddr = Array("in-addr".utf8)
  private static let ip6 = Array("ip6".utf8)
  private static let arpa = Array("arpa".utf8)

  /// The hexadecimal digits of the octets, high half first, as US-ASCII.
  package var nibbles: [UInt8] {
    octets.flatMap { [Self.digit($0 >> 4), Self.digit($0 & 0xF)] }
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? 0x30 &+ value : 0x57 &+ value
  }
}

extension IPAddress: CustomStringConvertible {
  /// The text of RFC 5952: small letters, the longest run of zeros shortened, and IPv4-mapped
  /// addresses in mixed notation.
  public var description: String {
    switch self {
    case .v4: octets.map(String.init).joined(separator: ".")
    case .v6(let bits) where bits >> 32 == 0xFFFF: "::ffff:\(unmapped)"
    case .v6(let bits): Self.text(of: bits)
    }
  }

  private static func text(of bits: UInt128) -> String {
    let groups = stride(from: 112, through: 0, by: -16).map {
      UInt16(truncatingIfNeeded: bits >> UInt128($0))
    }
    let zeros = longestZeroRun(groups)
    let hex: (ArraySlice<UInt16>) -> String = {
      $0.map { String($0, radix: 16) }.joined(separator: ":")
    }
    guard zeros.count >= 2 else { return hex(groups[...]) }
    return hex(groups[..<zeros.lowerBound]) + "::" + hex(groups[zeros.upperBound...])
  }

  /// §4.2.3: the first of the longest runs.
  private static func longestZeroRun(_ groups: [UInt16]) -> Range<Int> {
    var best = 0..<0
    var start: Int?
    for index in 0...groups.count {
      if index < groups.count, groups[index] == 0 {
        start = start ?? index
      } else if let first = start {
        if index - first > best.count { best = first..<index }
        start = nil
      }
    }
    return best
  }
}
