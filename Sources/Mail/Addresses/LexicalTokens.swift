package import Wire

extension UInt8 {
  /// `atext` (RFC 5322 §3.2.3), widened by every octet of UTF-8 beyond US-ASCII (RFC 6532 §3.2).
  package var isAtext: Bool {
    if isAlphanumeric || isNonASCII { return true }
    switch self {
    case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2F, 0x3D, 0x3F, 0x5E...0x60, 0x7B...0x7E:
      return true
    default: return false
    }
  }

  /// What may stand behind a backslash (`quoted-pair`, RFC 5322 §3.2.1), without `obs-qp`.
  var isQuotable: Bool { isVisible || isWSP || isNonASCII }
}

/// What was read between two tokens (`CFWS`, RFC 5322 §3.2.2).
package struct CFWS: Hashable, Sendable {
  package var hasWhitespace = false
  /// Where the text of the first comment is, without its parentheses.
  package var firstComment: Range<Int>?

  package var isEmpty: Bool { !hasWhitespace && firstComment == nil }
}

/// The lexical tokens of RFC 5322 §3.2.
///
/// Control octets are refused everywhere, also where §4.1 once allowed them (`obs-NO-WS-CTL`,
/// `obs-qp`): no program sends them, and programs differ in where they end a text that holds one.
extension ByteCursor {
  /// How deep comments may nest.
  package static let maximumCommentDepth = 64

  /// Refuses a text that is not UTF-8, which RFC 6532 §3.2 takes for granted.
  package func requireUTF8() throws(SyntaxError) {
    var octets = bytes[offset..<end].makeIterator()
    var parser = Unicode.UTF8.ForwardParser()
    var place = offset
    while true {
      switch parser.parseScalar(from: &octets) {
      case .valid(let scalar): place += scalar.count
      case .emptyInput: return
      case .error: throw SyntaxError(.badValue("UTF-8"), at: place)
      }
    }
  }

  /// Reads white space, folds and comments, as many as there are.
  package mutating func takeCFWS() throws(SyntaxError) -> CFWS {
    var found = CFWS()
    while true {
      let start = offset
      skipFoldingWhitespace()
      if offset > start { found.hasWhitespace = true }
      guard peek == .leftParenthesis else { return found }
      let comment = try takeComment()
      if found.firstComment == nil { found.firstComment = comment }
    }
  }

  /// Reads `comment` and says where its text is, without the outer parentheses.
  private mutating func takeComment() throws(SyntaxError) -> Range<Int> {
    let start = offset + 1
    var depth = 0
    repeat {
      skipFoldingWhitespace()
      let place = offset
      switch next() {
      case .leftParenthesis?:
        depth += 1
        guard depth <= Self.maximumCommentDepth else {
          throw SyntaxError(.tooLong("comment nesting"), at: place)
        }
      case .rightParenthesis?: depth -= 1
      case .backslash?: _ = try takeQuoted()
      case let byte? where byte.isVisible || byte.isNonASCII: break
      case nil: throw SyntaxError(.unexpectedEnd, at: place)
      default: throw SyntaxError(.unexpectedByte, at: place)
      }
    } while depth > 0
    return start..<offset - 1
  }

  /// Reads `quoted-string` without `CFWS` around it: its octets with folds unfolded and
  /// backslashes taken away.
  package mutating func takeQuotedString() throws(SyntaxError) -> [UInt8] {
    guard take(.doubleQuote) else { throw unexpected }
    var content: [UInt8] = []
    while true {
      let start = offset
      skipFoldingWhitespace()
      content += bytes[start..<offset].lazy.filter(\.isWSP)
      let place = offset
      switch next() {
      case .doubleQuote?: return content
      case .backslash?: content.append(try takeQuoted())
      case let byte? where byte.isVisible || byte.isNonASCII: content.append(byte)
      case nil: throw SyntaxError(.unexpectedEnd, at: place)
      default: throw SyntaxError(.unexpectedByte, at: place)
      }
    }
  }

  /// Skips to the first `stop` outside quoted strings and comments, however broken the text is.
  ///
  /// - Returns: whether it is there; if not, all is skipped. A quoted string or comment that does
  ///   not end goes on to the end.
  package mutating func skip(to stop: UInt8) -> Bool {
    var isQuoted = false
    var depth = 0
    while let byte = peek {
      if byte == stop, !isQuoted, depth == 0 { return true }
      _ = next()
      switch byte {
      case .backslash where isQuoted || depth > 0: _ = next()
      case .doubleQuote where depth == 0: isQuoted.toggle()
      case .leftParenthesis where !isQuoted: depth += 1
      case .rightParenthesis where !isQuoted && depth > 0: depth -= 1
      default: break
      }
    }
    return false
  }

  /// Reads the octet behind a backslash.
  mutating func takeQuoted() throws(SyntaxError) -> UInt8 {
    guard let byte = takeOne(where: \.isQuotable) else { throw unexpected }
    return byte
  }
}
