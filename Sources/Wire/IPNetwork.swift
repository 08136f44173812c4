/// A block of addresses that share their first bits (RFC 4632).
///
///     192.0.2.0/24    2001:db8::/32
public struct IPNetwork: Hashable, Sendable, CustomStringConvertible {
  /// The address as written; bits beyond the prefix need not be zero.
  public let address: IPAddress
  /// How many leading bits count: 0…32 or 0…128.
  public let prefixLength: Int

  /// - Returns: nil where the prefix is longer than the address or negative.
  public init?(_ address: IPAddress, prefixLength: Int) {
    guard (0...address.bitWidth).contains(prefixLength) else { return nil }
    self.address = address
    self.prefixLength = prefixLength
  }

  /// Whether `other` is of the same family and shares the prefix.
  ///
  /// An IPv4-mapped address is IPv6 here: map it first (`IPAddress.unmapped`) where it shall match.
  public func contains(_ other: IPAddress) -> Bool {
    switch (address, other) {
    case (.v4(let network), .v4(let host)):
      (network ^ host) & Self.mask(prefixLength) == 0
    case (.v6(let network), .v6(let host)):
      (network ^ host) & Self.mask(prefixLength) == 0
    default: false
    }
  }

  /// Smart shift: a prefix of 0 shifts every bit out.
  private static func mask<Bits: FixedWidthInteger>(_ length: Int) -> Bits {
    ~Bits.zero << (Bits.bitWidth - length)
  }

  public var description: String { "\(address)/\(prefixLength)" }
}

extension IPNetwork {
  /// Reads `address/length`, or an address alone, which is a network of one.
  ///
  /// - Throws: `SyntaxError` at the part that breaks the rule.
  public init(parsing text: String) throws(SyntaxError) {
    var cursor = ByteCursor(text)
    let address = try IPAddress(parsing: cursor.take { $0 != .slash })
    var length = UInt64(address.bitWidth)
    if cursor.take(.slash) {
      length = try cursor.takeDecimal(upTo: length, naming: "prefix length")
      try cursor.requireEnd()
    }
    self.address = address
    prefixLength = Int(length)
  }
}
