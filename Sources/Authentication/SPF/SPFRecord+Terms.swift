internal import Wire

/// The terms of a record as they are read, sorted by kind.
struct SPFTerms {
  var directives: [SPFDirective] = []
  var redirect: SPFModifier?
  var explanation: SPFModifier?
  var unknownModifiers: [SPFModifier] = []

  /// Reads one term; the cursor is confined to it.
  mutating func append(_ term: ByteCursor) throws(SyntaxError) {
    var cursor = term
    // §4.6.1: a modifier has "=" immediately after its name, before any ":" or "/".
    if cursor.peek?.isAlpha == true {
      let name = cursor.take {
        $0.isAlphanumeric || $0 == .hyphen || $0 == .underscore || $0 == .dot
      }
      if cursor.take(.equals) {
        try append(modifier: name.lowercasedASCIIText, value: cursor, term: term)
        return
      }
    }
    cursor = term
    directives.append(try cursor.takeSPFDirective())
  }

  private mutating func append(
    modifier name: String, value: ByteCursor, term: ByteCursor
  ) throws(SyntaxError) {
    let range = term.offset..<term.end
    switch name {
    case "redirect":
      let value = try SPFDomainSpec(parsing: value)
      guard redirect == nil else { throw term.error(.duplicate("redirect")) }
      redirect = SPFModifier(name: name, value: value, range: range)
    case "exp":
      let value = try SPFDomainSpec(parsing: value)
      guard explanation == nil else { throw term.error(.duplicate("exp")) }
      explanation = SPFModifier(name: name, value: value, range: range)
    default:
      let value = SPFDomainSpec(try SPFMacroString(parsing: value, as: .unknownModifier))
      unknownModifiers.append(SPFModifier(name: name, value: value, range: range))
    }
  }
}

extension ByteCursor {
  /// `directive = [ qualifier ] mechanism`, to the end of the cursor.
  fileprivate mutating func takeSPFDirective() throws(SyntaxError) -> SPFDirective {
    let range = offset..<end
    var qualifier = SPFQualifier.pass
    if let written = peek.flatMap(SPFQualifier.init) {
      qualifier = written
      _ = next()
    }
    let mechanism = try takeSPFMechanism()
    try requireEnd()
    return SPFDirective(qualifier: qualifier, mechanism: mechanism, range: range)
  }

  private mutating func takeSPFMechanism() throws(SyntaxError) -> SPFMechanism {
    let start = offset
    let name = take(while: \.isAlphanumeric)
    switch name.lowercasedASCIIText {
    case "all":
      return .all
    case "include":
      return .include(try takeDomainSpec())
    case "a":
      let (name, prefixes) = try takeNameAndPrefixes()
      return .a(name, prefixes)
    case "mx":
      let (name, prefixes) = try takeNameAndPrefixes()
      return .mx(name, prefixes)
    case "ptr":
      return .ptr(isAtEnd ? nil : try takeDomainSpec())
    case "ip4":
      return .ip4(try takeNetwork(isIPv4: true))
    case "ip6":
      return .ip6(try takeNetwork(isIPv4: false))
    case "exists":
      return .exists(try takeDomainSpec())
    default:
      throw SyntaxError(.badValue("mechanism"), at: start)
    }
  }

  /// `":" domain-spec`, to the end.
  private mutating func takeDomainSpec() throws(SyntaxError) -> SPFDomainSpec {
    guard take(.colon) else { throw unexpected }
    let spec = try SPFDomainSpec(parsing: self)
    _ = take(count: remainingCount)
    return spec
  }

  /// `[ ":" domain-spec ] [ dual-cidr-length ]`, to the end. A domain-spec may hold slashes but
  /// can not end in one followed by digits, so the lengths are looked for from the right.
  private mutating func takeNameAndPrefixes()
    throws(SyntaxError) -> (SPFDomainSpec?, SPFPrefixLengths)
  {
    let nameEnd = prefixStart
    var spec: SPFDomainSpec?
    if peek == .colon {
      _ = next()
      spec = try SPFDomainSpec(parsing: ByteCursor(bytes, in: offset..<max(offset, nameEnd)))
      _ = take(count: max(0, nameEnd - offset))
    }
    return (spec, try takePrefixLengths())
  }

  /// Where `[ "/" digits ] [ "//" digits ]` starts, seen from the end.
  private var prefixStart: Int {
    func before(_ position: Int, slashes: Int) -> Int {
      var place = position
      while place > offset, bytes[place - 1].isDigit { place -= 1 }
      guard place < position, place - slashes >= offset else { return position }
      let slash = bytes[place - slashes..<place].allSatisfy { $0 == .slash }
      return slash ? place - slashes : position
    }
    return before(before(end, slashes: 2), slashes: 1)
  }

  private mutating func takePrefixLengths() throws(SyntaxError) -> SPFPrefixLengths {
    var lengths = SPFPrefixLengths()
    if peek == .slash, peek(ahead: 1) != .slash {
      lengths.ip4 = try takePrefixLength(upTo: 32)
    }
    if peek == .slash, peek(ahead: 1) == .slash {
      _ = next()
      lengths.ip6 = try takePrefixLength(upTo: 128)
    }
    return lengths
  }

  /// `"/"` and a number without leading zeros.
  private mutating func takePrefixLength(upTo maximum: UInt64) throws(SyntaxError) -> Int {
    guard take(.slash) else { throw unexpected }
    let start = offset
    let value = try takeDecimal(upTo: maximum, naming: "prefix length")
    guard offset - start == 1 || bytes[start] != 0x30 else {
      throw SyntaxError(.badValue("prefix length"), at: start)
    }
    return Int(value)
  }

  /// `":" ip4-network [ ip4-cidr-length ]`, or the same of IPv6.
  private mutating func takeNetwork(isIPv4: Bool) throws(SyntaxError) -> IPNetwork {
    guard take(.colon) else { throw unexpected }
    let start = offset
    let text = take { $0 != .slash }
    guard text.contains(.colon) != isIPv4 else {
      throw SyntaxError(.badValue(isIPv4 ? "IPv4 address" : "IPv6 address"), at: start)
    }
    let address: IPAddress
    do {
      address = try IPAddress(parsing: text)
    } catch {
      throw error.shifted(by: start)
    }
    let width = address.bitWidth
    let length = isAtEnd ? width : try takePrefixLength(upTo: UInt64(width))
    guard let network = IPNetwork(address, prefixLength: length) else {
      throw SyntaxError(.badValue("prefix length"), at: start)
    }
    return network
  }
}
