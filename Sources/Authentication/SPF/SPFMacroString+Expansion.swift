internal import Wire

/// What macros are replaced by (RFC 7208 §7.2).
struct SPFMacroValues: Sendable {
  let sender: SPFSender
  let client: IPAddress
  /// As given by the client; U-labels made A-labels (RFC 8616 §4).
  let helo: [UInt8]
  /// `%{r}`: our own name.
  let receiver: DomainName?
  /// `%{t}`: seconds since 1970.
  let now: Int64
  /// `%{p}`, once it has been looked up.
  var validatedName: DomainName?
  /// Octets that may still be read (`SPFLimits.macroOctets`).
  var budget: Int

  func value(of letter: SPFMacro.Letter, domain: DomainName) -> [UInt8] {
    switch letter {
    case .s: sender.localPart + [.at] + sender.domain.dottedOctets
    case .l: sender.localPart
    case .o: sender.domain.dottedOctets
    case .d: domain.dottedOctets
    case .i: Self.dotted(client)
    case .p: validatedName?.dottedOctets ?? Self.unknown
    case .v: client.isIPv4 ? Self.inAddr : Self.ip6
    case .h: helo
    case .c: Array(client.description.utf8)
    case .r: receiver?.dottedOctets ?? Self.unknown
    case .t: Array(String(now).utf8)
    }
  }

  private static let unknown = Array("unknown".utf8)
  private static let inAddr = Array("in-addr".utf8)
  private static let ip6 = Array("ip6".utf8)

  /// §7.3: an IPv6 address is written nibble by nibble. Capitals, as the official suite has it.
  private static func dotted(_ client: IPAddress) -> [UInt8] {
    guard !client.isIPv4 else { return Array(client.description.utf8) }
    return Array(client.nibbles.map { [$0.isAlpha ? $0 & 0xDF : $0] }.joined(separator: [.dot]))
  }
}

/// The values that macros stand for are longer than `SPFLimits.macroOctets` allows.
struct SPFMacroBudgetExceeded: Error {}

extension SPFMacroString {
  /// The text with every macro replaced (§7.3).
  func expanded(
    with values: inout SPFMacroValues, domain: DomainName
  ) throws(SPFMacroBudgetExceeded) -> [UInt8] {
    var output: [UInt8] = []
    for element in elements {
      switch element {
      case .literal(let octets):
        output += octets
      case .macro(let macro):
        let value = values.value(of: macro.letter, domain: domain)
        values.budget -= value.count
        guard values.budget >= 0 else { throw SPFMacroBudgetExceeded() }
        output += macro.transform(value)
      }
    }
    return output
  }
}

extension SPFMacro {
  /// Splits, reverses, takes right-hand parts, joins with dots, escapes: in this order (§7.3).
  func transform(_ value: [UInt8]) -> [UInt8] {
    guard partCount != nil || isReversed || !delimiters.isEmpty else { return escaped(value) }
    let separators = delimiters.isEmpty ? [.dot] : delimiters
    var parts = value.split(omittingEmptySubsequences: false) { separators.contains($0) }
    if isReversed { parts.reverse() }
    return escaped(Array(parts.suffix(partCount ?? parts.count).joined(separator: [.dot])))
  }

  /// All but the unreserved octets of RFC 3986 §2.3 as `%XX`.
  private func escaped(_ value: [UInt8]) -> [UInt8] {
    guard isEscaped else { return value }
    var output: [UInt8] = []
    for byte in value {
      let isUnreserved =
        byte.isAlphanumeric || byte == .hyphen || byte == .dot || byte == .underscore
        || byte == 0x7E
      if isUnreserved {
        output.append(byte)
      } else {
        output += [0x25, Self.hexDigit(byte >> 4), Self.hexDigit(byte & 0xF)]
      }
    }
    return output
  }

  private static func hexDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? 0x30 &+ value : 0x37 &+ value
  }
}

extension DomainName {
  /// The labels between dots, nothing escaped: what macros are replaced by.
  var dottedOctets: [UInt8] { Array(labels.joined(separator: [.dot])) }

  /// The name to ask DNS for: an expanded text over 253 octets loses labels on the left (§7.3).
  ///
  /// Nil for what is no name: an empty label, one too long, or octets that are not printable
  /// US-ASCII, which no record can spell and only a client's own words can bring in.
  init?(spfTarget text: [UInt8]) {
    var name = text[...]
    if name.count > 1, name.last == .dot { name.removeLast() }
    while name.count > 253, let dot = name.firstIndex(of: .dot) {
      name = name[(dot + 1)...]
    }
    guard name.allSatisfy({ $0.isVisible || $0 == .blank }) else { return nil }
    try? self.init(anyOctets: name)
  }
}
