import Mail
import Wire

/// `[CFWS] authserv-id [ CFWS authres-version ] [CFWS]`
struct AuthresHead {
  var authservID: String
  var version: UInt32?
  var versionOffset = 0
}

/// The rules of RFC 8601 §2.2, each named as there.
extension ByteCursor {
  mutating func takeAuthresHead() throws(SyntaxError) -> AuthresHead {
    _ = try takeCFWS()
    let identifier: String
    if peek == .doubleQuote {
      identifier = try takeQuotedString().text
    } else {
      let token = take { $0.isMIMEToken || $0.isNonASCII }
      guard !token.isEmpty else {
        throw isAtEnd || peek == .semicolon ? error(.missing("authserv-id")) : unexpected
      }
      identifier = token.text
    }
    let space = try takeCFWS()
    var head = AuthresHead(authservID: identifier)
    if !space.isEmpty, peek?.isDigit == true {
      head.versionOffset = offset
      head.version = try takeVersion("authres-version")
      _ = try takeCFWS()
    }
    return head
  }

  /// `no-result / 1*resinfo`
  mutating func takeResults() throws(SyntaxError) -> [MethodResult] {
    guard peek == .semicolon else { throw isAtEnd ? error(.missing("result")) : unexpected }
    let start = offset
    if try takeNoResult() { return [] }
    rewind(to: start)
    var results: [MethodResult] = []
    while take(.semicolon) {
      guard results.count < AuthenticationResults.maximumResults else {
        throw error(.tooLong("list of results"))
      }
      results.append(try takeResinfo())
    }
    return results
  }

  /// `[CFWS] ";" [CFWS] "none"`, and nothing more but `CFWS`.
  private mutating func takeNoResult() throws(SyntaxError) -> Bool {
    _ = take(.semicolon)
    _ = try takeCFWS()
    guard take(ignoringCase: "none") else { return false }
    _ = try takeCFWS()
    return isAtEnd
  }

  /// `methodspec [ CFWS reasonspec ] [ CFWS 1*propspec ]`, whose semicolon has been read.
  private mutating func takeResinfo() throws(SyntaxError) -> MethodResult {
    _ = try takeCFWS()
    var result = MethodResult(method: try takeKeyword("method"), result: "")
    _ = try takeCFWS()
    if take(.slash) {
      _ = try takeCFWS()
      result.version = try takeVersion("method-version")
      _ = try takeCFWS()
    }
    guard take(.equals) else { throw unexpected }
    _ = try takeCFWS()
    result.result = try takeKeyword("result")
    result.comment = commentText(try takeCFWS())
    try takeReasonAndProperties(of: &result)
    return result
  }

  private mutating func takeReasonAndProperties(
    of result: inout MethodResult
  ) throws(SyntaxError) {
    while let byte = peek, byte != .semicolon {
      let start = offset
      let keyword = try takeKeyword("property type")
      _ = try takeCFWS()
      if result.properties.isEmpty, result.reason == nil, keyword == "reason", take(.equals) {
        _ = try takeCFWS()
        result.reason = try takeValue()
        let comment = commentText(try takeCFWS())
        result.comment = result.comment ?? comment
        continue
      }
      guard take(.dot) else { throw unexpected }
      guard result.properties.count < AuthenticationResults.maximumProperties else {
        throw SyntaxError(.tooLong("list of properties"), at: start)
      }
      result.properties.append(try takeProperty(ofType: keyword))
    }
  }

  /// `[CFWS] property [CFWS] "=" pvalue`, behind the type and its dot.
  private mutating func takeProperty(
    ofType type: String
  ) throws(SyntaxError) -> MethodResult.Property {
    _ = try takeCFWS()
    let name = try takeKeyword("property")
    _ = try takeCFWS()
    guard take(.equals) else { throw unexpected }
    _ = try takeCFWS()
    let isQuoted = peek == .doubleQuote
    let start = offset
    var value = try takeValue()
    var after = try takeCFWS()
    // A quoted string or an atom, with CFWS behind it, may turn out to be a local part.
    if peek == .at {
      if isQuoted { value = bytes[start..<offset].quotedStringText }
      value += take(while: \.isUnquotedValue).text
      after = try takeCFWS()
    }
    return MethodResult.Property(
      type: type, name: name, value: value, comment: commentText(after))
  }

  /// `value`, widened where it is not quoted.
  private mutating func takeValue() throws(SyntaxError) -> String {
    if peek == .doubleQuote { return try takeQuotedString().text }
    let value = take(while: \.isUnquotedValue)
    guard !value.isEmpty else {
      throw isAtEnd || peek == .semicolon ? error(.missing("value")) : unexpected
    }
    return value.text
  }

  /// `Keyword`: letters, digits and hyphens, none of these last (RFC 5321 §4.1.2).
  private mutating func takeKeyword(_ part: String) throws(SyntaxError) -> String {
    let start = offset
    let keyword = take { $0.isAlphanumeric || $0 == .hyphen }
    guard let last = keyword.last else {
      throw isAtEnd || peek == .semicolon ? error(.missing(part)) : unexpected
    }
    guard last != .hyphen else { throw SyntaxError(.badValue(part), at: start) }
    return keyword.lowercasedASCIIText
  }

  private mutating func takeVersion(_ part: String) throws(SyntaxError) -> UInt32 {
    UInt32(truncatingIfNeeded: try takeDecimal(upTo: UInt64(UInt32.max), naming: part))
  }

  /// The text of the first comment: folds unfolded, backslashes taken away.
  private func commentText(_ space: CFWS) -> String? {
    guard let range = space.firstComment else { return nil }
    var text: [UInt8] = []
    var isQuoted = false
    for byte in bytes[range] where byte != .carriageReturn && byte != .lineFeed {
      if byte == .backslash, !isQuoted {
        isQuoted = true
      } else {
        text.append(byte)
        isQuoted = false
      }
    }
    return text.text
  }
}

extension ArraySlice<UInt8> {
  /// From the first quote to the last: the quoted string without what stands behind it.
  fileprivate var quotedStringText: String {
    guard let last = lastIndex(of: .doubleQuote) else { return text }
    return self[...last].text
  }
}

extension UInt8 {
  /// `token` of RFC 2045 §5.1: visible, but none of the `tspecials`.
  var isMIMEToken: Bool {
    guard isVisible else { return false }
    switch self {
    case 0x22, 0x28, 0x29, 0x2C, 0x2F, 0x3A...0x40, 0x5B...0x5D: return false
    default: return true
    }
  }

  /// What an unquoted value may hold here.
  var isUnquotedValue: Bool {
    switch self {
    case .doubleQuote, .leftParenthesis, .rightParenthesis, .semicolon, .backslash: false
    default: isVisible || isNonASCII
    }
  }
}
