import Mail
import Wire

/// Taking away fields that a stranger wrote in our name (RFC 8601 §5).
extension AuthenticationResults {
  /// Whether a field says that it is ours.
  ///
  /// It errs to the side of removal, since the next reader may be less careful than we are:
  ///
  /// - Only the part before the first semicolon counts where it has the right form, however broken
  ///   the results are. There our identifier counts as a whole word in any place: also inside
  ///   comments, in quotes, with backslashes, or with comments and folds between its labels.
  /// - Where that part has not the right form, our identifier counts anywhere in the field.
  ///
  /// Case does not matter, nor whether a label is an A-label or a U-label.
  ///
  /// - Parameters:
  ///   - authservID: ours.
  ///   - fieldValue: the octets behind the colon, as received.
  public static func claims(
    authservID: String, in fieldValue: some Collection<UInt8>
  ) -> Bool {
    let octets = Array(fieldValue)
    let identifier = AuthservIdentifier(Array(authservID.utf8))
    let head = octets.prefix { $0 != .semicolon }
    guard let parsed = parseHead(octets) else { return identifier.isFound(in: octets[...]) }
    return AuthservIdentifier(Array(parsed.authservID.utf8)) == identifier
      || identifier.isFound(in: head)
  }

  /// The fields to remove, the last first, so that an index stays right while fields after it go.
  ///
  /// These are the `Authentication-Results` fields that claim to be ours, and those of a version
  /// that we do not know, which a receiver MUST remove from mail of others (§5).
  ///
  /// - Parameters:
  ///   - fields: the whole header, top down; names as written.
  ///   - authservID: ours.
  public static func indicesToRemove(
    in fields: [(name: String, value: [UInt8])], authservID: String
  ) -> [Int] {
    fields.indices.reversed().filter { index in
      let field = fields[index]
      guard isFieldName(field.name) else { return false }
      return claims(authservID: authservID, in: field.value)
        || parseHead(field.value).map { ($0.version ?? 1) != 1 } ?? false
    }
  }

  /// Whether two identifiers name the same service (§2.5): case does not matter, and U-labels are
  /// compared as A-labels.
  public static func isSameAuthservID(_ one: String, _ other: String) -> Bool {
    AuthservIdentifier(Array(one.utf8)) == AuthservIdentifier(Array(other.utf8))
  }

  /// Blanks before the colon are obsolete, but read (RFC 5322 §4.5).
  private static func isFieldName(_ name: String) -> Bool {
    Array(name.utf8)[...].trimmingFoldingWhitespace.equalsIgnoringCase("authentication-results")
  }

  /// What stands before the first semicolon, where it has the form of §2.2.
  private static func parseHead(_ octets: [UInt8]) -> AuthresHead? {
    var cursor = ByteCursor(octets)
    guard let head = try? cursor.takeAuthresHead(), cursor.isAtEnd || cursor.peek == .semicolon
    else { return nil }
    return head
  }
}

/// An authserv-id as it is compared: the A-label form where it is a domain name, else the text in
/// small letters with single blanks.
struct AuthservIdentifier: Hashable {
  private let folded: [UInt8]

  init(_ octets: [UInt8]) {
    if octets.contains(where: \.isNonASCII),
      let name = try? DomainName(parsing: octets, finalDot: true)
    {
      folded = Array(name.description.utf8)
    } else {
      let words = octets.split(whereSeparator: \.isFoldingWhitespace)
      let text = words.joined(separator: [.blank]).map(\.lowercasedASCII)
      folded = text.count > 1 && text.last == .dot ? text.dropLast() : text
    }
  }

  /// Whether the identifier is a word of the text, in any of the readings that a reader may have.
  func isFound(in text: ArraySlice<UInt8>) -> Bool {
    let visible = text.filter { !$0.isControl || $0.isFoldingWhitespace }
    let unquoted = visible.filter { $0 != .backslash && $0 != .doubleQuote }
    let joined = Self.removingComments(unquoted).filter { !$0.isFoldingWhitespace }
    var readings = [visible, unquoted, joined]
    if String(validating: text, as: UTF8.self) == nil {
      readings.append(visible.filter { !$0.isNonASCII })
    }
    return readings.contains(where: isWord)
  }

  private func isWord(of text: [UInt8]) -> Bool {
    if text.split(whereSeparator: { !Self.isWordOctet($0) }).contains(where: isSame) { return true }
    // An identifier that is itself no word: of several words, or with other octets in it.
    guard !folded.allSatisfy(Self.isWordOctet) else { return false }
    return AuthservIdentifier(text).folded.contains(folded)
  }

  /// As `==`, with no more work than needed for the many words that are not the same.
  private func isSame(_ word: ArraySlice<UInt8>) -> Bool {
    if word.contains(where: \.isNonASCII) { return AuthservIdentifier(Array(word)) == self }
    let word = word.last == .dot ? word.dropLast() : word
    return word.count == folded.count && word.lazy.map(\.lowercasedASCII).elementsEqual(folded)
  }

  private static func isWordOctet(_ byte: UInt8) -> Bool {
    byte.isAlphanumeric || byte == .hyphen || byte == .dot || byte == .underscore
      || byte.isNonASCII
  }

  /// The text without what stands in parentheses, however many are open at its end.
  private static func removingComments(_ text: [UInt8]) -> [UInt8] {
    var depth = 0
    return text.filter { byte in
      switch byte {
      case .leftParenthesis: depth += 1
      case .rightParenthesis where depth > 0:
        depth -= 1
        return false
      default: break
      }
      return depth == 0
    }
  }
}
