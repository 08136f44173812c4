internal import Wire

/// One word of a master file, its escapes still in place (RFC 1035 §5.1).
struct MasterFileWord {
  var octets: [UInt8]
  var isQuoted: Bool
  var line: Int

  var text: String { octets.text }
}

/// The words up to a line end that no parenthesis holds open.
struct MasterFileEntry {
  var words: [MasterFileWord] = []
  /// The owner is that of the entry before.
  var startsWithBlank: Bool
  var line: Int
}

/// Splits a master file into entries: comments, parentheses and quotes are dealt with here.
struct MasterFileScanner {
  let file: String
  private var cursor: ByteCursor
  private var line = 1

  init(_ octets: [UInt8], file: String) {
    self.file = file
    cursor = ByteCursor(octets)
    // A byte order mark, which some editors put before UTF-8.
    _ = cursor.take("\u{FEFF}")
  }

  /// The next entry that has a word, or nil at the end.
  mutating func next() throws(ZoneFileError) -> MasterFileEntry? {
    while !cursor.isAtEnd {
      let entry = try scanEntry()
      if !entry.words.isEmpty { return entry }
    }
    return nil
  }

  private mutating func scanEntry() throws(ZoneFileError) -> MasterFileEntry {
    var entry = MasterFileEntry(startsWithBlank: cursor.peek?.isWSP ?? false, line: line)
    var depth = 0
    var opened = line
    while let byte = cursor.peek {
      switch byte {
      case .lineFeed:
        _ = cursor.next()
        line += 1
        if depth == 0 { return entry }
      case .blank, .tab, .carriageReturn:
        _ = cursor.next()
      case .semicolon:
        _ = cursor.take { $0 != .lineFeed }
      case .leftParenthesis:
        _ = cursor.next()
        if depth == 0 { opened = line }
        depth += 1
      case .rightParenthesis:
        guard depth > 0 else { throw error("closing parenthesis without an opening one") }
        _ = cursor.next()
        depth -= 1
      default:
        if entry.words.isEmpty { entry.line = line }
        entry.words.append(byte == .doubleQuote ? try scanQuoted() : try scanBare())
      }
    }
    guard depth == 0 else { throw error("parenthesis is not closed", at: opened) }
    return entry
  }

  private mutating func scanQuoted() throws(ZoneFileError) -> MasterFileWord {
    _ = cursor.next()
    var octets: [UInt8] = []
    while let byte = cursor.next(), byte != .lineFeed {
      if byte == .doubleQuote {
        return MasterFileWord(octets: octets, isQuoted: true, line: line)
      }
      octets.append(byte)
      if byte == .backslash { octets.append(try takeEscaped()) }
    }
    throw error("quoted string is not closed on its line")
  }

  private mutating func scanBare() throws(ZoneFileError) -> MasterFileWord {
    var octets: [UInt8] = []
    while let byte = cursor.takeOne(where: { !Self.endsWord($0) }) {
      octets.append(byte)
      if byte == .backslash { octets.append(try takeEscaped()) }
    }
    return MasterFileWord(octets: octets, isQuoted: false, line: line)
  }

  private mutating func takeEscaped() throws(ZoneFileError) -> UInt8 {
    guard let byte = cursor.takeOne(where: { $0 != .lineFeed && $0 != .carriageReturn }) else {
      throw error("backslash at the end of a line")
    }
    return byte
  }

  private static func endsWord(_ byte: UInt8) -> Bool {
    switch byte {
    case .blank, .tab, .carriageReturn, .lineFeed, .semicolon, .leftParenthesis,
      .rightParenthesis, .doubleQuote:
      true
    default: false
    }
  }

  private func error(_ problem: String, at line: Int? = nil) -> ZoneFileError {
    ZoneFileError(file: file, line: line ?? self.line, problem: problem)
  }
}
