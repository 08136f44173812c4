/// An absolute domain name: A-labels, case folded, at most 63 octets a label and 255 in all
/// (RFC 1035 §2.3.4).
///
///     example.com    xn--bcher-kva.example    _dmarc.example.com
///
/// Two names are equal when DNS would take them for one. A label may hold any octet, since DNS
/// allows it (RFC 2181 §11); what mail allows is decided by the initializer that is used.
public struct DomainName: Hashable, Sendable {
  /// The wire form: each label behind its length, then a zero octet.
  package let wire: [UInt8]

  private init(wire: [UInt8]) { self.wire = wire }

  /// As a whole: an array would hash its octets one by one.
  public func hash(into hasher: inout Hasher) {
    unsafe wire.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
  }

  /// The name of no labels, above all others.
  public static let root = DomainName(wire: [0])

  /// The longest wire form, its closing zero included.
  public static let maximumWireLength = 255
  public static let maximumLabelLength = 63

  /// A name from labels of any octets.
  ///
  /// - Throws: `SyntaxError` whose offset counts in the labels joined by dots.
  public init(labels: some Sequence<some Collection<UInt8>>) throws(SyntaxError) {
    var wire: [UInt8] = []
    var offset = 0
    for label in labels {
      guard !label.isEmpty else { throw SyntaxError(.missing("label"), at: offset) }
      guard label.count <= Self.maximumLabelLength else {
        throw SyntaxError(.tooLong("label"), at: offset)
      }
      wire.append(UInt8(label.count))
      wire.append(contentsOf: label.lazy.map(\.lowercasedASCII))
      offset += label.count
      guard wire.count < Self.maximumWireLength else {
        throw SyntaxError(.tooLong("domain name"), at: offset)
      }
      offset += 1
    }
    wire.append(0)
    self.init(wire: wire)
  }

  /// A name of labels between dots, any octet but the dot in them.
  init(dotted octets: ArraySlice<UInt8>) throws(SyntaxError) {
    var wire: [UInt8] = [0]
    wire.reserveCapacity(octets.count + 2)
    var labelStart = 0
    func close(at offset: Int) throws(SyntaxError) {
      let length = wire.count - labelStart - 1
      guard length > 0 else { throw SyntaxError(.missing("label"), at: offset - length) }
      guard length <= Self.maximumLabelLength else {
        throw SyntaxError(.tooLong("label"), at: offset - length)
      }
      wire[labelStart] = UInt8(length)
      guard wire.count < Self.maximumWireLength else {
        throw SyntaxError(.tooLong("domain name"), at: offset)
      }
    }
    for place in octets.indices {
      let octet = octets[place]
      if octet == .dot {
        try close(at: place - octets.startIndex)
        labelStart = wire.count
        wire.append(0)
      } else {
        wire.append(octet.lowercasedASCII)
      }
    }
    try close(at: octets.count)
    wire.append(0)
    self.init(wire: wire)
  }

  /// The labels of several names, one name after another: `s1`, `_domainkey`, `example.com`.
  ///
  /// - Throws: `SyntaxError` where the whole breaks the bound of 255 octets.
  package init(joining names: [DomainName]) throws(SyntaxError) {
    var wire: [UInt8] = []
    wire.reserveCapacity(names.reduce(1) { $0 + $1.wire.count })
    for name in names { wire += name.wire[..<(name.wire.count - 1)] }
    wire.append(0)
    guard wire.count <= Self.maximumWireLength else {
      throw SyntaxError(.tooLong("domain name"), at: 0)
    }
    self.init(wire: wire)
  }

  /// For names made here from parts whose lengths are known to be in bounds.
  init(trustedLabels labels: [[UInt8]]) {
    self.init(wire: labels.flatMap { [UInt8(truncatingIfNeeded: $0.count)] + $0 } + [0])
  }

  public var isRoot: Bool { wire.count == 1 }

  /// Whether the leftmost label is `*` (RFC 4592 §2.1.1).
  package var isWildcard: Bool { wire.starts(with: [1, UInt8(ascii: "*")]) }

  /// The labels from left to right, without the root.
  public var labels: [ArraySlice<UInt8>] {
    var labels: [ArraySlice<UInt8>] = []
    var offset = 0
    while offset < wire.count, wire[offset] > 0 {
      let next = offset + 1 + Int(wire[offset])
      labels.append(wire[offset + 1..<next])
      offset = next
    }
    return labels
  }

  public var labelCount: Int {
    var count = 0
    var offset = 0
    while offset < wire.count, wire[offset] > 0 {
      offset += 1 + Int(wire[offset])
      count += 1
    }
    return count
  }

  /// The name without its leftmost label; nil for the root.
  public var parent: DomainName? {
    guard !isRoot else { return nil }
    return DomainName(wire: Array(wire[(1 + Int(wire[0]))...]))
  }

  /// The rightmost `count` labels; the whole name where it has no more, the root for none.
  public func suffix(labels count: Int) -> DomainName {
    var offset = 0
    for _ in 0..<max(0, labelCount - max(0, count)) { offset += 1 + Int(wire[offset]) }
    return DomainName(wire: Array(wire[offset...]))
  }

  /// Whether this name is `other` or stands below it. Whole labels count: `notexample.com` is not
  /// below `example.com`.
  public func isAtOrBelow(_ other: DomainName) -> Bool {
    guard other.wire.count <= wire.count else { return false }
    var offset = 0
    while wire.count - offset > other.wire.count { offset += 1 + Int(wire[offset]) }
    return wire[offset...].elementsEqual(other.wire)
  }

  /// The name with labels put before it: `example.com` with `_dmarc` is `_dmarc.example.com`.
  ///
  /// - Throws: `SyntaxError` where the longer name breaks a bound.
  public func prepending(_ labels: String...) throws(SyntaxError) -> DomainName {
    try DomainName(joining: [try DomainName(labels: labels.map(\.utf8)), self])
  }
}

extension DomainName: Comparable {
  /// The canonical order of RFC 4034 §6.1: by label, from the right.
  public static func < (left: DomainName, right: DomainName) -> Bool {
    left.labels.reversed().lexicographicallyPrecedes(right.labels.reversed()) {
      $0.lexicographicallyPrecedes($1)
    }
  }
}

extension DomainName: CustomStringConvertible {
  /// The name without a final dot; the root is `.`. Octets that could be mistaken are escaped as
  /// master files escape them (RFC 1035 §5.1), so the text never holds a blank, a quote, a
  /// semicolon, a parenthesis or a control octet.
  public var description: String {
    guard !isRoot else { return "." }
    var text: [UInt8] = []
    text.reserveCapacity(wire.count)
    var end = 0
    for (place, byte) in zip(0..., wire.dropLast()) {
      if place == end {
        end += 1 + Int(byte)
        if place > 0 { text.append(.dot) }
      } else {
        Self.appendEscaped(byte, to: &text)
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func appendEscaped(_ byte: UInt8, to text: inout [UInt8]) {
    switch byte {
    case .dot, .backslash:
      text.append(.backslash)
      text.append(byte)
    case .doubleQuote, .leftParenthesis, .rightParenthesis, .semicolon, .at, UInt8(ascii: "$"):
      appendNumber(byte, to: &text)
    case _ where byte.isVisible:
      text.append(byte)
    default:
      appendNumber(byte, to: &text)
    }
  }

  private static func appendNumber(_ byte: UInt8, to text: inout [UInt8]) {
    text += [.backslash, 0x30 + byte / 100, 0x30 + byte / 10 % 10, 0x30 + byte % 10]
  }
}
