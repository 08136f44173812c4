import Mail
import Wire

/// Writing the field (RFC 8601 §2.2).
///
/// Whatever the parts hold, the text is one field of the same number of results: a name that is no
/// `Keyword` loses the octets that are wrong, a value that is no token is quoted, and what cannot
/// be quoted (control characters, line ends, invisible characters) becomes `?`.
extension AuthenticationResults {
  /// How many octets a value or comment has on the wire; longer ones are cut. A line then stays
  /// below the 998 octets of RFC 5322 §2.1.1.
  static let maximumEncodedLength = 800
  static let maximumKeywordLength = 64

  /// The text behind the colon and the blank.
  ///
  ///     example.com; spf=pass smtp.mailfrom=example.net
  ///
  /// - Parameters:
  ///   - folded: whether to begin a line for every result and fold at 78 octets where possible,
  ///     which a message needs. A line never exceeds 998 octets.
  ///   - allowingUTF8: whether the message is internationalized (RFC 6532). If not, characters
  ///     beyond US-ASCII become `?`.
  public func fieldValue(folded: Bool = true, allowingUTF8: Bool = false) -> String {
    let writer = AuthresWriter(allowingUTF8: allowingUTF8)
    var head = writer.value(authservID)
    if let version { head += " \(version)" }
    let parts = results.isEmpty ? ["none"] : results.map(writer.result)
    guard folded else { return ([head] + parts).joined(separator: "; ") }
    let name = "Authentication-Results: "
    return Self.fold(head, from: name.utf8.count) + ";"
      + parts.map { "\r\n" + Self.fold(" " + $0, from: 0) }.joined(separator: ";")
  }

  /// Breaks before blanks that follow something else, where the line would pass 78 octets.
  ///
  /// Every blank in the text is folding white space, those in quoted strings and comments too: the
  /// blank stays, so unfolding gives back the same text.
  private static func fold(_ text: String, from column: Int) -> String {
    var output: [UInt8] = []
    var column = column
    var chunk: [UInt8] = []
    for byte in text.utf8 {
      if byte == .blank, let last = chunk.last, last != .blank {
        append(&chunk, to: &output, &column)
      }
      chunk.append(byte)
    }
    append(&chunk, to: &output, &column)
    return output.text
  }

  private static func append(
    _ chunk: inout [UInt8], to output: inout [UInt8], _ column: inout Int
  ) {
    // One octet is left for the semicolon.
    if column + chunk.count > 77, !output.isEmpty, chunk.first == .blank {
      output += [.carriageReturn, .lineFeed]
      column = 0
    }
    output += chunk
    column += chunk.count
    chunk = []
  }
}

/// The parts of the field as text, none of which can be taken for another.
private struct AuthresWriter {
  let allowingUTF8: Bool

  func result(_ result: MethodResult) -> String {
    let version = result.version.map { "/\($0)" } ?? ""
    var parts = ["\(keyword(result.method))\(version)=\(keyword(result.result))"]
    if let comment = result.comment { parts.append(self.comment(comment)) }
    if let reason = result.reason { parts.append("reason=\(value(reason))") }
    for property in result.properties {
      parts.append(
        "\(keyword(property.type)).\(keyword(property.name))=\(propertyValue(property.value))")
      if let comment = property.comment { parts.append(self.comment(comment)) }
    }
    return parts.joined(separator: " ")
  }

  /// `Keyword`; one of which nothing is left is `x`.
  func keyword(_ text: String) -> String {
    var letters = text.utf8.filter { $0.isAlphanumeric || $0 == .hyphen }
      .prefix(AuthenticationResults.maximumKeywordLength)
    while letters.last == .hyphen { letters.removeLast() }
    return letters.isEmpty ? "x" : letters.lowercasedASCIIText
  }

  /// `token / quoted-string`
  func value(_ text: String) -> String {
    let isToken = !text.isEmpty && text.utf8.allSatisfy(\.isMIMEToken)
    guard !isToken || text.utf8.count > AuthenticationResults.maximumEncodedLength else {
      return text
    }
    return "\"" + escaped(text, "\"\\") + "\""
  }

  /// `pvalue`: an address or a domain behind an at-sign is written as such, as §2.2 asks.
  func propertyValue(_ text: String) -> String {
    text.utf8.count <= AuthenticationResults.maximumEncodedLength && isAddress(text)
      ? text : value(text)
  }

  private func isAddress(_ text: String) -> Bool {
    guard allowingUTF8 || !text.utf8.contains(where: \.isNonASCII),
      !text.unicodeScalars.contains(where: \.isInvisible)
    else { return false }
    if text.utf8.first == .at {
      let domain = text.utf8.dropFirst()
      return (try? DomainName(parsing: domain))?.description == domain.lowercasedASCIIText
    }
    guard case .mailbox(let address)? = try? ReversePath(parsing: text),
      address.domain.name != nil
    else { return false }
    // Only where it would be written like that anyway: no brackets, no route, the least quoting.
    return text.utf8.lowercasedASCIIText == address.description.utf8.lowercasedASCIIText
  }

  func comment(_ text: String) -> String { "(" + escaped(text, "()\\") + ")" }

  /// The text with a backslash before each of `specials`, cut where it becomes too long.
  private func escaped(_ text: String, _ specials: String) -> String {
    var output = ""
    var length = 0
    for scalar in text.unicodeScalars {
      var piece = isPrintable(scalar) ? String(scalar) : "?"
      if specials.unicodeScalars.contains(scalar) { piece = "\\" + piece }
      length += piece.utf8.count
      guard length <= AuthenticationResults.maximumEncodedLength else { break }
      output += piece
    }
    return output
  }

  private func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII ? (0x20..<0x7F).contains(scalar.value) : allowingUTF8 && !scalar.isInvisible
  }
}
