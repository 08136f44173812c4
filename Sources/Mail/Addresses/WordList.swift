import Wire

/// The words and dots before a special octet: a phrase or a local part (RFC 5322 §3.2.5, §3.4.1).
struct WordList {
  static let maximumCount = 1000

  enum Kind: Equatable {
    case atom
    case dot
    /// The octets of a quoted string, without quotes and backslashes.
    case quotedString([UInt8])
  }

  struct Word {
    let kind: Kind
    /// Where it stands in the input.
    let range: Range<Int>
    /// What stands between it and the word before.
    let before: CFWS
  }

  private(set) var words: [Word] = []
  private(set) var hasComments = false

  var isEmpty: Bool { words.isEmpty }
  var start: Int? { words.first?.range.lowerBound }

  /// Reads as many as there are, and the `CFWS` behind them.
  init(_ cursor: inout ByteCursor) throws(SyntaxError) {
    while true {
      let before = try cursor.takeCFWS()
      if before.firstComment != nil { hasComments = true }
      let start = cursor.offset
      guard let kind = try Self.takeWord(&cursor) else { return }
      guard words.count < Self.maximumCount else {
        throw SyntaxError(.tooLong("phrase"), at: start)
      }
      words.append(Word(kind: kind, range: start..<cursor.offset, before: before))
    }
  }

  private static func takeWord(_ cursor: inout ByteCursor) throws(SyntaxError) -> Kind? {
    switch cursor.peek {
    case .doubleQuote?: return .quotedString(try cursor.takeQuotedString())
    case .dot?:
      _ = cursor.take(.dot)
      return .dot
    default: return cursor.take(while: \.isAtext).isEmpty ? nil : .atom
    }
  }

  /// `local-part`: words with one dot between each two.
  func localPart(
    in cursor: ByteCursor
  ) throws(SyntaxError) -> (octets: [UInt8], isObsolete: Bool) {
    var octets: [UInt8] = []
    var isObsolete = false
    for (index, word) in words.enumerated() {
      // A word at even places, a dot at odd ones.
      guard (word.kind == .dot) == !index.isMultiple(of: 2) else {
        throw SyntaxError(.unexpectedByte, at: word.range.lowerBound)
      }
      octets += Self.octets(of: word, in: cursor)
      if index > 0, !word.before.isEmpty { isObsolete = true }
      if case .quotedString = word.kind, words.count > 1 { isObsolete = true }
    }
    guard !words.count.isMultiple(of: 2) else {
      throw words.isEmpty ? cursor.error(.missing("local part")) : cursor.unexpected
    }
    guard !EncodedWord.isFound(in: octets) else {
      throw SyntaxError(.badValue("local part"), at: start ?? cursor.offset)
    }
    return (octets, isObsolete)
  }

  /// `phrase / obs-phrase`, for people: encoded words decoded, one blank for each `CFWS`.
  func phrase(in cursor: ByteCursor) throws(SyntaxError) -> String {
    // obs-phrase begins with a word.
    if let first = words.first, first.kind == .dot {
      throw SyntaxError(.unexpectedByte, at: first.range.lowerBound)
    }
    var text = PhraseText()
    var index = words.startIndex
    while index < words.endIndex {
      let word = words[index]
      index += 1
      guard case .atom = word.kind else {
        text.append(Self.octets(of: word, in: cursor), isSeparated: !word.before.isEmpty)
        continue
      }
      // Atoms and dots that touch are one: encoded words with dots inside are in wide use.
      var end = word.range.upperBound
      while index < words.endIndex, words[index].range.lowerBound == end,
        words[index].kind == .atom || words[index].kind == .dot
      {
        end = words[index].range.upperBound
        index += 1
      }
      text.append(
        atoms: cursor.bytes[word.range.lowerBound..<end], isSeparated: !word.before.isEmpty)
    }
    return text.finish()
  }

  private static func octets(of word: Word, in cursor: ByteCursor) -> [UInt8] {
    if case .quotedString(let octets) = word.kind {
      octets
    } else {
      Array(cursor.bytes[word.range])
    }
  }
}
