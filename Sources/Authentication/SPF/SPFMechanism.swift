public import Wire

/// What a matching directive says of the client (RFC 7208 §4.6.2).
public enum SPFQualifier: UInt8, Hashable, Sendable {
  /// `+`, which need not be written.
  case pass = 0x2B
  /// `-`
  case fail = 0x2D
  /// `~`
  case softfail = 0x7E
  /// `?`
  case neutral = 0x3F

  /// The result of a record in which a directive so qualified matches first.
  public var result: SPFResult {
    switch self {
    case .pass: .pass
    case .fail: .fail
    case .softfail: .softfail
    case .neutral: .neutral
    }
  }
}

/// A test of the client's address (RFC 7208 §5).
public enum SPFMechanism: Hashable, Sendable {
  /// §5.1: always matches.
  case all
  /// §5.2: matches where the record of another domain says pass.
  case include(SPFDomainSpec)
  /// §5.3: an address of the name; the domain being checked where no name is given.
  case a(SPFDomainSpec?, SPFPrefixLengths)
  /// §5.4: an address of one of the name's mail exchangers.
  case mx(SPFDomainSpec?, SPFPrefixLengths)
  /// §5.5: the client's reverse name is at or below the name. Not to be published.
  case ptr(SPFDomainSpec?)
  /// §5.6.
  case ip4(IPNetwork)
  /// §5.6.
  case ip6(IPNetwork)
  /// §5.7: the name has an A record.
  case exists(SPFDomainSpec)

  /// The name as records write it: `include`.
  public var name: String {
    switch self {
    case .all: "all"
    case .include: "include"
    case .a: "a"
    case .mx: "mx"
    case .ptr: "ptr"
    case .ip4: "ip4"
    case .ip6: "ip6"
    case .exists: "exists"
    }
  }

  /// Whether evaluating it asks DNS and so counts against `SPFLimits.lookups` (§4.6.4).
  public var asksDNS: Bool {
    switch self {
    case .all, .ip4, .ip6: false
    case .include, .a, .mx, .ptr, .exists: true
    }
  }

  /// The section of RFC 7208 that defines it.
  package var section: String {
    switch self {
    case .all: "RFC 7208 §5.1"
    case .include: "RFC 7208 §5.2"
    case .a: "RFC 7208 §5.3"
    case .mx: "RFC 7208 §5.4"
    case .ptr: "RFC 7208 §5.5"
    case .ip4, .ip6: "RFC 7208 §5.6"
    case .exists: "RFC 7208 §5.7"
    }
  }
}

/// How many leading bits of an address count (`dual-cidr-length`, RFC 7208 §5.6).
///
///     /24//64
public struct SPFPrefixLengths: Hashable, Sendable {
  /// 0…32; 32 where the record gives none.
  public var ip4 = 32
  /// 0…128; 128 where the record gives none.
  public var ip6 = 128

  /// Lengths of the two prefixes, in bits; all bits where not given.
  public init(ip4: Int = 32, ip6: Int = 128) {
    self.ip4 = ip4
    self.ip6 = ip6
  }

  /// The block around an address of either family.
  package func network(around address: IPAddress) -> IPNetwork? {
    IPNetwork(address, prefixLength: address.isIPv4 ? ip4 : ip6)
  }
}

/// A mechanism with its qualifier (RFC 7208 §4.6.1).
///
///     -ip4:192.0.2.0/24
public struct SPFDirective: Hashable, Sendable {
  /// `pass` where none is written.
  public let qualifier: SPFQualifier
  /// What a client has to match.
  public let mechanism: SPFMechanism
  /// Where it stands in the record, in octets.
  public let range: Range<Int>
}

/// A name and a value (RFC 7208 §6).
///
///     exp=explain._spf.%{d}
public struct SPFModifier: Hashable, Sendable {
  /// In small letters.
  public let name: String
  /// The octets behind `=`; not empty for `redirect` and `exp`.
  public let value: SPFDomainSpec
  /// Where it stands in the record, in octets.
  public let range: Range<Int>
}
