import Wire

/// A domain and how it was written.
struct ParsedMailDomain {
  var domain: MailDomain
  var isObsolete = false
  var hasComments = false
}

extension ByteCursor {
  /// `domain` with the `CFWS` around it: `dot-atom / domain-literal / obs-domain`.
  mutating func takeMailDomain() throws(SyntaxError) -> ParsedMailDomain {
    let before = try takeCFWS()
    var parsed = peek == .leftBracket ? try takeDomainLiteral() : try takeDomainAtoms()
    let after = try takeCFWS()
    if before.firstComment != nil || after.firstComment != nil { parsed.hasComments = true }
    return parsed
  }

  /// Atoms between dots, with `CFWS` around the dots (`obs-domain`), but none at the end.
  private mutating func takeDomainAtoms() throws(SyntaxError) -> ParsedMailDomain {
    let start = offset
    var name: [UInt8] = []
    var isObsolete = false
    var hasComments = false
    while true {
      name += take(while: \.isAtext)
      let mark = offset
      let before = try takeCFWS()
      guard take(.dot) else {
        rewind(to: mark)
        break
      }
      name.append(.dot)
      let after = try takeCFWS()
      isObsolete = isObsolete || !before.isEmpty || !after.isEmpty
      hasComments = hasComments || before.firstComment != nil || after.firstComment != nil
    }
    guard !name.isEmpty else { throw isAtEnd ? error(.missing("domain")) : unexpected }
    do {
      return ParsedMailDomain(
        domain: .name(try DomainName(parsing: name)), isObsolete: isObsolete,
        hasComments: hasComments)
    } catch {
      // The place is exact only where nothing was left out or converted.
      throw isObsolete ? SyntaxError(error.reason, at: start) : error.shifted(by: start)
    }
  }

  /// `domain-literal`: white space in it means nothing; `obs-dtext` allows a backslash.
  private mutating func takeDomainLiteral() throws(SyntaxError) -> ParsedMailDomain {
    _ = take(.leftBracket)
    var content: [UInt8] = []
    var isObsolete = false
    while true {
      skipFoldingWhitespace()
      let place = offset
      switch next() {
      case .rightBracket?:
        return ParsedMailDomain(domain: .literal(content.text), isObsolete: isObsolete)
      case .backslash?:
        let byte = try takeQuoted()
        guard byte != .tab else { throw SyntaxError(.unexpectedByte, at: place) }
        content.append(byte)
        isObsolete = true
      case .leftBracket?: throw SyntaxError(.unexpectedByte, at: place)
      case let byte? where byte.isVisible || byte.isNonASCII: content.append(byte)
      case nil: throw SyntaxError(.unexpectedEnd, at: place)
      default: throw SyntaxError(.unexpectedByte, at: place)
      }
    }
  }
}
