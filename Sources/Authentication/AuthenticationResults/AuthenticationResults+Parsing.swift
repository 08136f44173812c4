import Mail
import Wire

/// `[CFWS] authserv-id [ CFWS authres-version ] [CFWS]`
struct AuthresHead {
  var authservID: String
  var version: UInt32?
  var versionOffset = 0
}

/// `value` or `pvalue`, and the first comment behind it.
private struct AuthresValue {
  var text = ""
  /// Where it stands with its quotes, if it has them.
  var quoted: Range<Int>?
  var comment: String?
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
      results.append(try takeResinfo(.strict))
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
  mutating func takeResinfo(
    _ form: AuthenticationResults.Form
  ) throws(SyntaxError) -> MethodResult {
    _ = try takeCFWS()
    var result = MethodResult(method: try takeKeyword("method", form), result: "")
    _ = try takeCFWS()
    if take(.slash) {
      _ = try takeCFWS()
      result.version = try takeVersion("method-version")
      _ = try takeCFWS()
    }
    guard take(.equals) else { throw unexpected }
    _ = try takeCFWS()
    result.result = try takeKeyword("result", form)
    result.comment = commentText(try takeCFWS())
    try takeReasonAndProperties(of: &result, form)
    return result
  }

  private mutating func takeReasonAndProperties(
    of result: inout MethodResult, _ form: AuthenticationResults.Form
  ) throws(SyntaxError) {
    while let byte = peek, byte != .semicolon {
      let start = offset
      let keyword = try takeKeyword("property type", form)
      _ = try takeCFWS()
      let mayBeReason = form == .asInUse || result.properties.isEmpty
      if mayBeReason, result.reason == nil, keyword == "reason", take(.equals) {
        let value = try takeValue(form)
        result.reason = value.text
        result.comment = result.comment ?? value.comment
        continue
      }
      guard result.properties.count < AuthenticationResults.maximumProperties else {
        throw SyntaxError(.tooLong("list of properties"), at: start)
      }
      result.properties.append(try takeProperty(after: keyword, form))
    }
  }

  /// `"." [CFWS] property [CFWS] "=" pvalue`, behind the type; in use also `"=" pvalue` alone.
  private mutating func takeProperty(
    after keyword: String, _ form: AuthenticationResults.Form
  ) throws(SyntaxError) -> MethodResult.Property {
    var property = MethodResult.Property(type: "", name: keyword, value: "")
    if form == .strict || peek != .equals {
      guard take(.dot) else { throw unexpected }
      _ = try takeCFWS()
      property.type = keyword
      property.name = try takeKeyword("property", form)
      _ = try takeCFWS()
    }
    guard take(.equals) else { throw unexpected }
    let value = try takePropertyValue(form)
    property.value = value.text
    property.comment = value.comment
    return property
  }

  /// `pvalue`
  private mutating func takePropertyValue(
    _ form: AuthenticationResults.Form
  ) throws(SyntaxError) -> AuthresValue {
    var value = try takeValue(form)
    // A quoted string or an atom, with CFWS behind it, may turn out to be a local part.
    guard peek == .at else { return value }
    if let quoted = value.quoted {
      value.text = bytes[quoted].filter { $0 != .carriageReturn && $0 != .lineFeed }.text
    }
    value.text += take(while: \.isUnquotedValue).text
    value.comment = commentText(try takeCFWS())
    return value
  }

  /// `value`, widened where it is not quoted, with the `CFWS` around it.
  private mutating func takeValue(
    _ form: AuthenticationResults.Form
  ) throws(SyntaxError) -> AuthresValue {
    let space = try takeCFWS()
    var value = AuthresValue()
    let start = offset
    if peek == .doubleQuote {
      value.text = try takeQuotedString().text
      value.quoted = start..<offset
    } else if isAtEnd || peek == .semicolon || (!space.isEmpty && isAtProperty) {
      guard form == .asInUse else { throw error(.missing("value")) }
      value.comment = commentText(space)
      return value
    } else {
      let octets = take(while: \.isUnquotedValue)
      guard !octets.isEmpty else { throw unexpected }
      value.text = octets.text
    }
    value.comment = commentText(try takeCFWS())
    return value
  }

  /// Whether `ptype.property=` or `reason=` comes next, so that the value before it is empty. Not
  /// so if an at-sign follows: `a.b=` may begin a local part.
  private var isAtProperty: Bool {
    var ahead = self
    let type = ahead.take { $0.isAlphanumeric || $0 == .hyphen }
    if ahead.take(.dot) {
      let name = ahead.take { $0.isAlphanumeric || $0 == .hyphen || $0 == .underscore }
      guard !type.isEmpty, !name.isEmpty else { return false }
    } else {
      guard type.equalsIgnoringCase("reason") else { return false }
    }
    guard ahead.take(.equals), !ahead.take(while: \.isUnquotedValue).contains(.at) else {
      return false
    }
    _ = try? ahead.takeCFWS()
    return ahead.peek != .at
  }

  /// `Keyword`: letters, digits and hyphens, none of these last (RFC 5321 §4.1.2); in use also
  /// underscores.
  private mutating func takeKeyword(
    _ part: String, _ form: AuthenticationResults.Form
  ) throws(SyntaxError) -> String {
    let start = offset
    let keyword = take {
      $0.isAlphanumeric || $0 == .hyphen || (form == .asInUse && $0 == .underscore)
    }
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
