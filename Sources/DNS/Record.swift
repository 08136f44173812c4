public import Wire

/// The type of a record (RFC 1035 §3.2.2 and its successors), by its number.
public struct RecordType: RawRepresentable, Hashable, Sendable {
  public let rawValue: UInt16

  public init(rawValue: UInt16) { self.rawValue = rawValue }

  public static let a = RecordType(rawValue: 1)
  public static let ns = RecordType(rawValue: 2)
  public static let cname = RecordType(rawValue: 5)
  public static let soa = RecordType(rawValue: 6)
  public static let ptr = RecordType(rawValue: 12)
  public static let mx = RecordType(rawValue: 15)
  public static let txt = RecordType(rawValue: 16)
  public static let aaaa = RecordType(rawValue: 28)
  public static let dname = RecordType(rawValue: 39)
  public static let ds = RecordType(rawValue: 43)
  public static let rrsig = RecordType(rawValue: 46)
  public static let nsec = RecordType(rawValue: 47)
  public static let tlsa = RecordType(rawValue: 52)
  /// Never stored: in the type list of an NSEC it says that the name does not exist (RFC 9824).
  public static let nxname = RecordType(rawValue: 128)
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
  case ptr(DomainName)
  case cname(DomainName)
  case ns(DomainName)
  case soa(StartOfAuthority)
  case tlsa(TLSARecord)
  case caa(CAARecord)
  case ds(DSRecord)
  /// A type that Signet does not look into: its RDATA as on the wire (RFC 3597).
  case other(RecordType, [UInt8])
}

/// RFC 1035 §3.3.13. Times in seconds.
public struct StartOfAuthority: Hashable, Sendable {
  public var primaryServer: DomainName
  public var responsibleMailbox: DomainName
  public var serial: UInt32
  public var refresh: UInt32
  public var retry: UInt32
  public var expire: UInt32
  /// How long a negative answer may be kept (RFC 2308 §4).
  public var minimum: UInt32

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
  public var usage: UInt8
  public var selector: UInt8
  public var matchingType: UInt8
  public var associationData: [UInt8]

  public init(usage: UInt8, selector: UInt8, matchingType: UInt8, associationData: [UInt8]) {
    self.usage = usage
    self.selector = selector
    self.matchingType = matchingType
    self.associationData = associationData
  }
}

/// RFC 8659 §4.1.
public struct CAARecord: Hashable, Sendable {
  public var flags: UInt8
  public var tag: String
  public var value: [UInt8]

  public init(flags: UInt8, tag: String, value: [UInt8]) {
    self.flags = flags
    self.tag = tag
    self.value = value
  }
}

/// RFC 4034 §5.1.
public struct DSRecord: Hashable, Sendable {
  public var keyTag: UInt16
  public var algorithm: UInt8
  public var digestType: UInt8
  public var digest: [UInt8]

  public init(keyTag: UInt16, algorithm: UInt8, digestType: UInt8, digest: [UInt8]) {
    self.keyTag = keyTag
    self.algorithm = algorithm
    self.digestType = digestType
    self.digest = digest
  }
}

extension Record {
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
    if case .txt(let strings) = self { Array(strings.joined()) } else { nil }
  }

  /// The address of an A or AAAA record; nil for other types.
  public var address: IPAddress? {
    switch self {
    case .a(let address), .aaaa(let address): address
    default: nil
    }
  }
}
