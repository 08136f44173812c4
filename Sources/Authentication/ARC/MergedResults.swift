internal import Mail
internal import Wire

/// What all Authentication-Results fields of one service say, as one payload (RFC 8617 §4.1.1).
struct MergedResults {
  private let authservID: String
  /// Each `resinfo` as written, on one line, comments kept.
  private(set) var results: [[UInt8]] = []

  /// Fields that cannot be read are passed over. Without any result the payload says what
  /// validating the chain found.
  init(_ header: MessageHeader, of authservID: String, status: ARCResult) {
    self.authservID = authservID
    for field in header.fields(named: "authentication-results") {
      let octets = Array(header.value(of: field))
      guard let parsed = try? AuthenticationResults(parsing: octets.withoutFinalSemicolon),
        AuthenticationResults.isSameAuthservID(parsed.authservID, authservID),
        !parsed.results.isEmpty
      else { continue }
      var cursor = ByteCursor(octets)
      guard (try? cursor.takeAuthresHead()) != nil else { continue }
      results += octets[cursor.offset...].resultsOnOneLine
    }
    if results.isEmpty { results = [Array("arc=\(status.rawValue)".utf8)] }
  }

  /// The field with its CRLF, folded before each result and where a line grows too long.
  func field(instance: Int) -> [UInt8] {
    var octets = Array(
      "ARC-Authentication-Results: i=\(instance); \(AuthenticationResults.quoted(authservID))".utf8)
    for result in results {
      octets += [.semicolon, .carriageReturn, .lineFeed, .blank]
      octets += Self.folded(result)
    }
    return octets + [.carriageReturn, .lineFeed]
  }

  /// Folds at blanks outside quotes where the next word would pass 78 columns.
  private static func folded(_ result: [UInt8]) -> [UInt8] {
    var lines: [UInt8] = []
    var column = 1
    for (index, word) in result.words.enumerated() {
      if index > 0, column + 1 + word.count > SignatureFieldText.width {
        lines += [.carriageReturn, .lineFeed, .blank, .blank]
        column = 2
      } else if index > 0 {
        lines.append(.blank)
        column += 1
      }
      lines += word
      column += word.count
    }
    return lines
  }
}

extension AuthenticationResults {
  /// An authserv-id as it is written: in quotes where it is no token (RFC 8601 §2.2).
  fileprivate static func quoted(_ authservID: String) -> String {
    let field = AuthenticationResults(authservID: authservID).fieldValue(folded: false)
    return String(field.dropLast("; none".count))
  }
}

extension [UInt8] {
  /// Many write a semicolon behind the last result, which the grammar does not know.
  fileprivate var withoutFinalSemicolon: ArraySlice<UInt8> {
    let trimmed = self[...].trimmingFoldingWhitespace
    return trimmed.last == .semicolon ? trimmed.dropLast() : trimmed
  }
}

extension Collection<UInt8> {
  /// Parts between octets that satisfy `condition` where they stand outside quotes and comments.
  fileprivate func parts(
    outsideComments: Bool, where condition: (UInt8) -> Bool
  ) -> [[UInt8]] {
    var parts: [[UInt8]] = [[]]
    var depth = 0
    var isQuoted = false
    var isEscaped = false
    for octet in self {
      if isEscaped {
        isEscaped = false
      } else if octet == .backslash, isQuoted || depth > 0 {
        isEscaped = true
      } else if octet == .doubleQuote, depth == 0 {
        isQuoted.toggle()
      } else if !isQuoted, octet == .leftParenthesis {
        depth += 1
      } else if !isQuoted, octet == .rightParenthesis, depth > 0 {
        depth -= 1
      } else if !isQuoted, depth == 0 || !outsideComments, condition(octet) {
        parts.append([])
        continue
      }
      parts[parts.count - 1].append(octet)
    }
    return parts
  }

  /// The words of a result; quoted strings are kept whole.
  fileprivate var words: [[UInt8]] {
    parts(outsideComments: false, where: \.isWSP).filter { !$0.isEmpty }
  }

  /// The results between semicolons, each on one line; `none` is no result.
  fileprivate var resultsOnOneLine: [[UInt8]] {
    parts(outsideComments: true) { $0 == .semicolon }
      .map { part in
        let line = part.filter { $0 != .carriageReturn && $0 != .lineFeed }
        return Array(line[...].trimmingFoldingWhitespace)
      }
      .filter { !$0.isEmpty && !$0.equalsIgnoringCase("none") }
  }
}
