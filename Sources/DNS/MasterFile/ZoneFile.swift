public import Wire

/// The records of a master file (RFC 1035 §5).
///
///     $ORIGIN example.com.
///     @      3600 IN SOA ns1 hostmaster 1 2h 1h 2w 5m
///            IN MX 10 mail
///     mail   A 192.0.2.1
///     _dmarc TXT "v=DMARC1; p=reject"
///
/// Also read: `$TTL` (RFC 2308 §4), times with units, any type as `\# length hex` (RFC 3597 §5).
/// A file needs neither SOA nor `$ORIGIN` nor `$TTL`: the origin is then the root, so that
/// `example.com A 192.0.2.1` means what it seems to, and the TTL one hour.
///
/// Records whose text Signet does not read (those of a signed zone, such as RRSIG, DNSKEY and
/// NSEC3, and SRV, HTTPS and the like) are accepted and listed in `unread`. Only class IN is
/// accepted, and `$GENERATE` is not.
public struct ZoneFile: Hashable, Sendable {
  /// One record, where it stands.
  public struct Entry: Hashable, Sendable {
    /// The owner of the record.
    public let name: DomainName
    /// Seconds.
    public let ttl: UInt32
    /// What it says.
    public let record: Record
    /// The file and line where the record begins.
    public let file: String
    /// The line, counted from one.
    public let line: Int
  }

  /// A record that was accepted without a look at its RDATA.
  public struct UnreadEntry: Hashable, Sendable {
    /// The owner of the record.
    public let name: DomainName
    /// A type that is not looked into.
    public let type: RecordType
    /// The file that holds it.
    public let file: String
    /// The line, counted from one.
    public let line: Int
  }

  /// The file as its reader named it.
  public let name: String
  /// In the order of the file.
  public private(set) var entries: [Entry] = []
  /// Accepted, and not answered from.
  public private(set) var unread: [UnreadEntry] = []

  /// What a file may cost to read.
  public struct Limits: Hashable, Sendable {
    /// Octets of the file and all files it includes, counted each time they are read.
    public var octets = 64 << 20
    /// How deep files may include each other.
    public var includeDepth = 8

    /// The defaults.
    public init() {}
  }

  /// Reads a master file.
  ///
  /// - Parameters:
  ///   - octets: the file.
  ///   - name: what errors call the file.
  ///   - origin: what names are relative to before the first `$ORIGIN`.
  ///   - defaultTTL: seconds, for records before any TTL is stated.
  ///   - limits: what the file may cost to read.
  ///   - include: reads the file that `$INCLUDE` names; by default there is none.
  /// - Throws: `ZoneFileError` with file and line.
  public init(
    parsing octets: [UInt8], name: String = "zone", origin: DomainName = .root,
    defaultTTL: UInt32 = 3600, limits: Limits = Limits(),
    include: @escaping (_ path: String) throws(IncludeRefusal) -> [UInt8] = ZoneFile.noInclude
  ) throws(ZoneFileError) {
    self.name = name
    var parser = MasterFileParser(defaultTTL: defaultTTL, limits: limits, include: include)
    try parser.parse(octets, file: name, origin: origin, depth: 0)
    entries = parser.entries
    unread = parser.unread
    try checkAliases()
  }

  /// Reads a master file held in a string.
  public init(
    parsing text: String, name: String = "zone", origin: DomainName = .root
  ) throws(ZoneFileError) {
    try self.init(parsing: Array(text.utf8), name: name, origin: origin)
  }

  /// Refuses every `$INCLUDE`.
  public static func noInclude(_ path: String) throws(IncludeRefusal) -> [UInt8] {
    throw IncludeRefusal("files cannot be included here")
  }

  /// RFC 1034 §3.6.2: where a CNAME stands, nothing else does, but for what DNSSEC adds
  /// (RFC 4034 §3, §4).
  private func checkAliases() throws(ZoneFileError) {
    var aliases: [DomainName: Entry] = [:]
    for entry in entries where entry.record.type == .cname {
      if let other = aliases[entry.name], other.record != entry.record {
        throw entry.error("a second CNAME at \(entry.name)")
      }
      aliases[entry.name] = entry
    }
    guard !aliases.isEmpty else { return }
    for entry in entries where ![.cname, .nsec].contains(entry.record.type) {
      if let alias = aliases[entry.name] {
        throw alias.error("CNAME beside a record of type \(entry.record.type) at \(entry.name)")
      }
    }
  }
}

extension ZoneFile.Entry {
  fileprivate func error(_ problem: String) -> ZoneFileError {
    ZoneFileError(file: file, line: line, problem: problem)
  }
}
