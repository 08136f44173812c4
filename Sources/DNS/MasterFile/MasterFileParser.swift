internal import Wire

/// Reads entries and directives in turn, with what one leaves to the next: origin, owner, TTL.
struct MasterFileParser {
  private(set) var entries: [ZoneFile.Entry] = []
  private(set) var unread: [ZoneFile.UnreadEntry] = []
  let limits: ZoneFile.Limits
  let include: (String) throws(IncludeRefusal) -> [UInt8]
  private let fallbackTTL: UInt32
  private var directiveTTL: UInt32?
  private var lastTTL: UInt32?
  private var octetsRead = 0

  init(
    defaultTTL: UInt32, limits: ZoneFile.Limits,
    include: @escaping (String) throws(IncludeRefusal) -> [UInt8]
  ) {
    self.limits = limits
    self.include = include
    fallbackTTL = defaultTTL
  }

  /// - Parameter depth: how many files are open above this one.
  mutating func parse(
    _ octets: [UInt8], file: String, origin: DomainName, depth: Int
  ) throws(ZoneFileError) {
    octetsRead += octets.count
    guard octetsRead <= limits.octets else {
      throw ZoneFileError(file: file, problem: "more than \(limits.octets) octets in all")
    }
    var scanner = MasterFileScanner(octets, file: file)
    var origin = origin
    var owner: DomainName?
    while let entry = try scanner.next() {
      var fields = MasterFileFields(entry, file: file, origin: origin)
      if let word = fields.peek, !word.isQuoted, word.octets.first == UInt8(ascii: "$") {
        try parseDirective(&fields, origin: &origin, depth: depth)
      } else {
        if !entry.startsWithBlank { owner = try fields.takeName("owner name") }
        guard let owner else { throw fields.error("no owner: no record stands before this one") }
        try parseRecord(&fields, owner: owner, line: entry.line)
      }
    }
  }

  private mutating func parseDirective(
    _ fields: inout MasterFileFields, origin: inout DomainName, depth: Int
  ) throws(ZoneFileError) {
    let directive = try fields.takeBare("directive")
    switch directive.octets.lowercasedASCIIText {
    case "$origin":
      origin = try fields.takeName("origin")
    case "$ttl":
      directiveTTL = try fields.takeTime("TTL")
    case "$include":
      try parseInclude(&fields, depth: depth)
    case "$generate":
      throw fields.error("$GENERATE is not supported: write the records out")
    default:
      throw fields.error("unknown directive \"\(MasterFileFields.excerpt(directive))\"")
    }
    try fields.requireEnd()
  }

  /// The included file does not change the origin of this one (RFC 1035 §5.1).
  private mutating func parseInclude(
    _ fields: inout MasterFileFields, depth: Int
  ) throws(ZoneFileError) {
    let path = String(decoding: try fields.takeString("file name"), as: UTF8.self)
    let origin = fields.peek == nil ? fields.origin : try fields.takeName("origin")
    guard depth < limits.includeDepth else {
      throw fields.error("$INCLUDE deeper than \(limits.includeDepth) files")
    }
    let octets: [UInt8]
    do {
      octets = try include(path)
    } catch {
      throw fields.error("cannot include \"\(path)\": \(error.reason)")
    }
    try parse(octets, file: path, origin: origin, depth: depth + 1)
  }

  private mutating func parseRecord(
    _ fields: inout MasterFileFields, owner: DomainName, line: Int
  ) throws(ZoneFileError) {
    let ttl = try takeTTLAndClass(&fields) ?? directiveTTL ?? lastTTL ?? fallbackTTL
    let word = try fields.takeBare("type")
    guard let type = RecordType(mnemonic: word.octets) else {
      throw fields.error("unknown type \"\(MasterFileFields.excerpt(word))\"")
    }
    guard let record = try fields.takeRecord(type) else {
      unread.append(.init(name: owner, type: type, file: fields.file, line: line))
      return
    }
    entries.append(
      .init(name: owner, ttl: ttl, record: record, file: fields.file, line: line))
  }

  /// The TTL and the class, each at most once, in either order (RFC 1035 §5.1).
  private mutating func takeTTLAndClass(
    _ fields: inout MasterFileFields
  ) throws(ZoneFileError) -> UInt32? {
    var ttl: UInt32?
    var hasClass = false
    while let word = fields.peek, !word.isQuoted {
      if !hasClass, try Self.isClass(word, fields) {
        hasClass = true
        _ = try fields.takeBare("class")
      } else if ttl == nil, word.octets.first?.isDigit == true {
        ttl = try fields.takeTime("TTL")
      } else {
        break
      }
    }
    lastTTL = ttl ?? lastTTL
    return ttl
  }

  private static func isClass(
    _ word: MasterFileWord, _ fields: MasterFileFields
  ) throws(ZoneFileError) -> Bool {
    switch word.octets.lowercasedASCIIText {
    case "in", "class1": return true
    case "ch", "hs", "cs":
      throw fields.error("class \(word.text): only IN is read")
    default: return false
    }
  }
}
