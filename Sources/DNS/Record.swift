public import Wire

/// The type of a record (RFC 1035 §3.2.2 and its successors), by its number.
public struct RecordType: RawRepresentable, Hashable, Sendable {
  /// The number of the type in IANA's registry.
  public let rawValue: UInt16

  /// The type of this number.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// An IPv4 address (RFC 1035 §3.4.1).
  public static let a = RecordType(rawValue: 1)
  /// A name server (RFC 1035 §3.3.11).
  public static let ns = RecordType(rawValue: 2)
  /// An alias of one name (RFC 1035 §3.3.1).
  public static let cname = RecordType(rawValue: 5)
  /// The start of a zone (RFC 1035 §3.3.13).
  public static let soa = RecordType(rawValue: 6)
  /// The name of an address (RFC 1035 §3.3.12).
  public static let ptr = RecordType(rawValue: 12)
  /// A mail exchanger (RFC 1035 §3.3.9).
  public static let mx = RecordType(rawValue: 15)
  /// Text (RFC 1035 §3.3.14).
  public static let txt = RecordType(rawValue: 16)
  /// An IPv6 address (RFC 3596 §2.1).
  public static let aaaa = RecordType(rawValue: 28)
  /// An alias of all names below one (RFC 6672 §2.1).
  public static let dname = RecordType(rawValue: 39)
  /// The digest of a child zone's key (RFC 4034 §5).
  public static let ds = RecordType(rawValue: 43)
  /// A signature over a record set (RFC 4034 §3).
  public static let rrsig = RecordType(rawValue: 46)
  /// Proof that names or types do not exist (RFC 4034 §4).
  public static let nsec = RecordType(rawValue: 47)
  /// A certificate or key for TLS (RFC 6698 §2).
  public static let tlsa = RecordType(rawValue: 52)
  /// Never stored: in the type list of an NSEC it says that the name does not exist (RFC 9824).
  public static let nxname = RecordType(rawValue: 128)
  /// Who may issue certificates (RFC 8659 §4).
  public static let caa = RecordType(rawValue: 257)
}

/// The content of one record.
public enum Record: Hashable, Sendable {
  /// RFC 1035 §3.4.1.
  case a(IPAddress)
  /// RFC 3596 §2.2.
  case aaaa(IPAddress)
  /// RFC 1035 §3.3.9; a preference and a host, which is the root for a null MX (RFC 7505).
  case mx(preference: UInt16, exchange: DomainName)
  /// RFC 1035 §3.3.14: one or more strings of at most 255 octets.
  case txt([[UInt8]])
  /// RFC 1035 §3.3.12.
  case ptr(DomainName)
  /// RFC 1035 §3.3.1.
  case cname(DomainName)
  /// RFC 1035 §3.3.11.
  case ns(DomainName)
  /// RFC 1035 §3.3.13.
  case soa(StartOfAuthority)
  /// RFC 6698 §2.1.
  case tlsa(TLSARecord)
  /// RFC 8659 §4.1.
  case caa(CAARecord)
  /// RFC 4034 §5.1.
  case ds(DSRecord)
  /// A type that Signet does not look into: its RDATA as on the wire (RFC 3597).
  case other(RecordType, [UInt8])
}

/// RFC 1035 §3.3.13. Times in seconds.
public struct StartOfAuthority: Hashable, Sendable {
  /// MNAME: the server that changes are made on.
  public var primaryServer: DomainName
  /// RNAME: an address whose `@` is written as a dot.
  public var responsibleMailbox: DomainName
  /// The version of the zone.
  public var serial: UInt32
  /// How often secondaries ask for changes.
  public var refresh: UInt32
  /// How soon they ask again after a failure.
  public var retry: UInt32
  /// How long they answer without having reached the primary.
  public var expire: UInt32
  /// How long a negative answer may be kept (RFC 2308 §4).
  public var minimum: UInt32

  /// A record of these fields.
  public init(
    primaryServer: DomainName, responsibleMailbox: DomainName, serial: UInt32, refresh: UInt32,
    retry: UInt32, expire: UInt32, minimum: UInt32
  ) {
    self.primaryServer = primaryServer
    self.responsibleMailbox = responsibleMailbox
    self.serial = serial
    self.refresh = refresh
    self.retry = retry
    self.expire = expire
    self.minimum = minimum
  }
}

/// RFC 6698 §2.1.
public struct TLSARecord: Hashable, Sendable {
  /// Which certificate is meant (RFC 6698 §2.1.1).
  public var usage: UInt8
  /// The whole certificate, or its key (§2.1.2).
  public var selector: UInt8
  /// The content itself, or a hash of it (§2.1.3).
  public var matchingType: UInt8
  /// What has to match (§2.1.4).
  public var associationData: [UInt8]

  /// A record of these fields.
  public init(usage: UInt8, selector: UInt8, matchingType: UInt8, associationData: [UInt8]) {
    self.usage = usage
    self.selector = selector
    self.matchingType = matchingType
    self.associationData = associationData
  }
}

/// RFC 8659 §4.1.
public struct CAARecord: Hashable, Sendable {
  /// The octet of flags; 128 is issuer critical (RFC 8659 §4.1).
  public var flags: UInt8
  /// The property: `issue`, `issuewild`, `iodef`.
  public var tag: String
  /// The property's value as published.
  public var value: [UInt8]

  /// A record of these fields.
  public init(flags: UInt8, tag: String, value: [UInt8]) {
    self.flags = flags
    self.tag = tag
    self.value = value
  }
}

/// RFC 4034 §5.1.
public struct DSRecord: Hashable, Sendable {
  /// The tag of the DNSKEY meant (RFC 4034 §5.1.1).
  public var keyTag: UInt16
  /// The algorithm of that key (§5.1.2).
  public var algorithm: UInt8
  /// How its digest is made (§5.1.3).
  public var digestType: UInt8
  /// The digest (§5.1.4).
  public var digest: [UInt8]

  /// A record of these fields.
  public init(keyTag: UInt16, algorithm: UInt8, digestType: UInt8, digest: [UInt8]) {
    self.keyTag = keyTag
    self.algorithm = algorithm
    self.digestType = digestType
    self.digest = digest
  }
}

extension Record {
  /// The type that the record is found under.
  public var type: RecordType {
    switch self {
    case .a: .a
    case .aaaa: .aaaa
    case .mx: .mx
    case .txt: .txt
    case .ptr: .ptr
    case .cname: .cname
    case .ns: .ns
    case .soa: .soa
    case .tlsa: .tlsa
    case .caa: .caa
    case .ds: .ds
    case .other(let type, _): type
    }
  }

  /// The strings of a TXT record joined without blanks, as SPF (RFC 7208 §3.3), DKIM (RFC 6376
  /// §3.6.2.2) and DMARC read them; nil for other types.
  public var joinedText: [UInt8]? {
    guard case .txt(let strings) = self else { return nil }
    if strings.count == 1 { return strings[0] }
    var text: [UInt8] = []
    text.reserveCapacity(strings.reduce(0) { $0 + $1.count })
    for string in strings { text += string }
    return text
  }

  /// The address of an A or AAAA record; nil for other types.
  public var address: IPAddress? {
    switch self {
    case .a(let address), .aaaa(let address): address
    default: nil
    }
  }
}
