public import Wire

extension DMARCRecord {
  /// Reads the joined strings of one TXT record.
  ///
  /// - Throws: `SyntaxError` where the version is absent, not first or another one: then the
  ///   record is to be discarded (RFC 9989 §4.7). Nothing else throws.
  public init(parsing txt: [UInt8]) throws(SyntaxError) {
    self.init(octets: txt)
    var cursor = ByteCursor(txt)
    try Self.takeVersion(&cursor)
    var seen: [DMARCTag: ArraySlice<UInt8>] = [.v: []]
    while cursor.take(.semicolon) {
      read(cursor.take { $0 != .semicolon }.trimmingFoldingWhitespace, seen: &seen)
    }
    if let options = seen[.fo], seen[.ruf] == nil {
      fo = [.noneAligned]
      ignore(options, .withoutRUF, always: true)
    }
  }

  /// Whether the octets begin with the version tag, so that they count as a record (§4.10 step 2).
  static func hasVersion(_ txt: [UInt8]) -> Bool {
    var cursor = ByteCursor(txt)
    return (try? takeVersion(&cursor)) != nil
  }

  /// `dmarc-version` of §4.8, up to the semicolon or the end.
  private static func takeVersion(_ cursor: inout ByteCursor) throws(SyntaxError) {
    cursor.skipFoldingWhitespace()
    let start = cursor.offset
    let error = SyntaxError(.wrongVersion, at: start)
    guard cursor.take(ignoringCase: "v") else { throw error }
    cursor.skipFoldingWhitespace()
    guard cursor.take(.equals) else { throw error }
    cursor.skipFoldingWhitespace()
    guard cursor.take("DMARC1") else { throw error }
    _ = cursor.take { $0.isFoldingWhitespace }
    guard cursor.isAtEnd || cursor.peek == .semicolon else { throw error }
  }

  /// One `dmarc-tag`, without its semicolon and the blanks around it.
  private mutating func read(
    _ tag: ArraySlice<UInt8>, seen: inout [DMARCTag: ArraySlice<UInt8>]
  ) {
    guard !tag.isEmpty else { return }
    guard let equals = tag.firstIndex(of: .equals),
      case let name = tag[..<equals].trimmingFoldingWhitespace, !name.isEmpty
    else { return ignore(tag, .malformed) }
    guard name.count <= 8, let known = DMARCTag(rawValue: name.lowercasedASCIIText) else {
      return ignore(tag, name.allSatisfy(\.isAlphanumeric) ? .unknown : .malformed)
    }
    guard seen[known] == nil else { return ignore(tag, .duplicate) }
    seen[known] = tag
    let value = tag[(equals + 1)...].trimmingFoldingWhitespace
    guard !value.isEmpty, value.allSatisfy({ $0.isVisible || $0 == .blank }),
      set(known, value)
    else {
      invalidTags.insert(known)
      return ignore(tag, .badValue, always: true)
    }
    if known.isHistoric { ignore(tag, .historic, always: true) }
  }

  /// Notes what has no effect. What concerns a known tag is noted even where the list is full:
  /// there are few.
  private mutating func ignore(
    _ tag: ArraySlice<UInt8>, _ reason: DMARCIgnoredTag.Reason, always: Bool = false
  ) {
    guard always || ignoredTags.count < Self.maximumIgnoredTags else { return }
    let text = tag.prefix(100).text + (tag.count > 100 ? "…" : "")
    ignoredTags.append(DMARCIgnoredTag(text: text, reason: reason, offset: tag.startIndex))
  }

  /// - Returns: false where the value breaks the rule of the tag (§4.8, table 2).
  private mutating func set(_ tag: DMARCTag, _ value: ArraySlice<UInt8>) -> Bool {
    switch tag {
    case .v, .rf, .ri: return true
    case .p: return Self.set(&p, value)
    case .sp: return Self.set(&sp, value)
    case .np: return Self.set(&np, value)
    case .psd: return Self.set(&psd, value)
    case .adkim: return Self.set(&adkim, value)
    case .aspf: return Self.set(&aspf, value)
    case .t:
      isTesting = value.equalsIgnoringCase("y")
      return isTesting || value.equalsIgnoringCase("n")
    case .rua:
      rua = takeURIs(value)
      return !rua.isEmpty
    case .ruf:
      ruf = takeURIs(value)
      return !ruf.isEmpty
    case .fo: return setFailureOptions(value)
    case .pct: return setPercentage(value)
    }
  }

  private static func set<Value: RawRepresentable<String>>(
    _ place: inout Value?, _ value: ArraySlice<UInt8>
  ) -> Bool {
    place = value.count <= 10 ? Value(rawValue: value.lowercasedASCIIText) : nil
    return place != nil
  }

  private static func set<Value: RawRepresentable<String>>(
    _ place: inout Value, _ value: ArraySlice<UInt8>
  ) -> Bool {
    guard value.count == 1, let read = Value(rawValue: value.lowercasedASCIIText) else {
      return false
    }
    place = read
    return true
  }

  /// `dmarc-fo`: `0` and `1` exclude each other, and nothing stands twice. Blanks around colons
  /// are allowed as RFC 7489 §6.4 does.
  private mutating func setFailureOptions(_ value: ArraySlice<UInt8>) -> Bool {
    var options: Set<DMARCFailureOption> = []
    for part in value.split(separator: .colon, maxSplits: 4, omittingEmptySubsequences: false) {
      let word = part.trimmingFoldingWhitespace
      guard word.count == 1, let option = DMARCFailureOption(rawValue: word.lowercasedASCIIText),
        options.insert(option).inserted
      else { return false }
    }
    guard !options.isSuperset(of: [.noneAligned, .anyUnaligned]) else { return false }
    fo = options
    return true
  }

  /// `dmarc-percent` of RFC 7489 §6.4.
  private mutating func setPercentage(_ value: ArraySlice<UInt8>) -> Bool {
    guard value.count <= 3, value.allSatisfy(\.isDigit) else { return false }
    let number = value.reduce(0) { $0 * 10 + Int($1 &- 0x30) }
    guard number <= 100 else { return false }
    pct = number
    return true
  }

  /// `dmarc-urilist`: the valid URIs; the others are noted.
  private mutating func takeURIs(_ value: ArraySlice<UInt8>) -> [DMARCReportURI] {
    var uris: [DMARCReportURI] = []
    var rest = value
    while !rest.isEmpty {
      let comma = rest.firstIndex(of: .comma) ?? rest.endIndex
      let part = rest[..<comma].trimmingFoldingWhitespace
      rest = rest[min(comma + 1, rest.endIndex)...]
      guard uris.count < Self.maximumReportURIs else {
        ignore(part, .badURI)
        break
      }
      if let uri = try? DMARCReportURI(parsing: Array(part)) {
        uris.append(uri)
      } else {
        ignore(part, .badURI)
      }
    }
    return uris
  }
}
