internal import Wire

extension RecordType {
  /// The types that have a name here; a signed zone, or one kept for other purposes, holds types
  /// whose records Signet does not read.
  private static let mnemonics: [String: UInt16] = [
    "A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "PTR": 12, "HINFO": 13, "MX": 15, "TXT": 16, "RP": 17,
    "AFSDB": 18, "AAAA": 28, "LOC": 29, "SRV": 33, "NAPTR": 35, "CERT": 37, "DNAME": 39,
    "DS": 43, "SSHFP": 44, "IPSECKEY": 45, "RRSIG": 46, "NSEC": 47, "DNSKEY": 48, "DHCID": 49,
    "NSEC3": 50, "NSEC3PARAM": 51, "TLSA": 52, "SMIMEA": 53, "HIP": 55, "CDS": 59, "CDNSKEY": 60,
    "OPENPGPKEY": 61, "CSYNC": 62, "ZONEMD": 63, "SVCB": 64, "HTTPS": 65, "SPF": 99,
    "NXNAME": 128, "URI": 256, "CAA": 257,
  ]

  private static let names = Dictionary(
    mnemonics.map { ($0.value, $0.key) }, uniquingKeysWith: { first, _ in first })

  /// The obsolete type 99 of RFC 4408 §3.1.1: text like TXT, which RFC 7208 §3.1 no longer reads.
  package static let spf = RecordType(rawValue: 99)
  package static let nsec3 = RecordType(rawValue: 50)

  /// The type of a name in a master file, in any case, or of `TYPEnnn` (RFC 3597 §5); nil for a
  /// name that is not known.
  public init?(mnemonic text: some Collection<UInt8>) {
    let name = String(decoding: text.map { $0.isAlpha ? $0 & 0xDF : $0 }, as: UTF8.self)
    if let value = Self.mnemonics[name] {
      self.init(rawValue: value)
    } else if name.hasPrefix("TYPE"), name.utf8.dropFirst(4).allSatisfy(\.isDigit),
      let value = UInt16(name.dropFirst(4))
    {
      self.init(rawValue: value)
    } else {
      return nil
    }
  }
}

extension RecordType: CustomStringConvertible {
  /// The name in a master file: `TXT`, or `TYPE65280` (RFC 3597 §5) where there is none.
  public var description: String { Self.names[rawValue] ?? "TYPE\(rawValue)" }
}
