public import Wire

/// The list of names below which the public registers domains (<https://publicsuffix.org/list/>),
/// by which RFC 7489 §3.2 finds the Organizational Domain.
///
///     co.uk
///     *.kawasaki.jp
///     !city.kawasaki.jp
///
/// RFC 9989 does without it. A name whose top label is not listed is taken to stand below a public
/// suffix of one label, as the list's own rule `*` says.
public struct PublicSuffixList: Sendable {
  /// How a name is listed.
  private struct Rule: OptionSet, Sendable {
    let rawValue: UInt8
    static let plain = Rule(rawValue: 1)
    /// The rule is `*.` and this name.
    static let wildcard = Rule(rawValue: 2)
    static let exception = Rule(rawValue: 4)
    /// The three above as they are stored for the section of private domains.
    static let `private` = Rule(rawValue: 7 << 3)

    var inPrivateSection: Rule { Rule(rawValue: rawValue << 3) }
    /// Both sections in one, or that of ICANN alone.
    func merged(icannOnly: Bool) -> Rule {
      icannOnly ? subtracting(.private) : Rule(rawValue: (rawValue | rawValue >> 3) & 7)
    }
  }

  /// By wire form, which is what names are compared by.
  private var rules: [[UInt8]: Rule] = [:]
  private var maximumLabels = 1
  /// Lines that are no rule, at most a hundred; they have no effect.
  public private(set) var unreadableLines: [SyntaxError] = []
  /// How many names the list holds.
  public var count: Int { rules.count }

  /// Reads `public_suffix_list.dat`. A line counts up to its first white space; lines that begin
  /// with `//` are comments, of which `===BEGIN PRIVATE DOMAINS===` and its end mark a section.
  ///
  /// A line that is no rule is passed over, so that one novelty does not cost the whole list.
  ///
  /// - Throws: `SyntaxError` where there is no rule at all.
  public init(parsing octets: [UInt8]) throws(SyntaxError) {
    rules.reserveCapacity(octets.count / 32)
    var start = 0
    var isPrivate = false
    while start < octets.count {
      let end = octets[start...].firstIndex(of: .lineFeed) ?? octets.count
      let line = octets[start..<end]
      start = end + 1
      if line.first == .slash {
        isPrivate = Self.section(line) ?? isPrivate
      } else if let first = line.first, !first.isFoldingWhitespace {
        add(line.prefix { !$0.isFoldingWhitespace }, isPrivate: isPrivate)
      }
    }
    guard !rules.isEmpty else { throw SyntaxError(.missing("rule"), at: octets.count) }
  }

  /// True at the start of the private section, false at its end, nil elsewhere.
  private static func section(_ comment: ArraySlice<UInt8>) -> Bool? {
    guard comment.count < 64, comment.dropFirst(2).first(where: { !$0.isWSP }) == .equals else {
      return nil
    }
    let text = comment.text
    if text.contains("===BEGIN PRIVATE DOMAINS===") { return true }
    return text.contains("===END PRIVATE DOMAINS===") ? false : nil
  }

  private mutating func add(_ line: ArraySlice<UInt8>, isPrivate: Bool) {
    var name = line
    var rule = Rule.plain
    if name.first == .exclamationMark {
      rule = .exception
      name = name.dropFirst()
    } else if name.starts(with: [.asterisk, .dot]) {
      rule = .wildcard
      name = name.dropFirst(2)
    } else if name.elementsEqual([.asterisk]) {
      return  // the default rule, which always holds
    }
    guard let wire = Self.wireForm(of: name) else {
      if unreadableLines.count < 100 {
        unreadableLines.append(SyntaxError(.badValue("rule"), at: line.startIndex))
      }
      return
    }
    rules[wire.octets, default: []].formUnion(isPrivate ? rule.inPrivateSection : rule)
    maximumLabels = max(maximumLabels, wire.labels + 1)
  }

  /// Written here because the list is long: names in US-ASCII take one pass and one allocation.
  private static func wireForm(
    of name: ArraySlice<UInt8>
  ) -> (octets: [UInt8], labels: Int)? {
    guard !name.contains(where: \.isNonASCII) else {
      guard let name = try? DomainName(parsing: name) else { return nil }
      return (name.wire, name.labelCount)
    }
    var wire: [UInt8] = []
    wire.reserveCapacity(name.count + 2)
    wire.append(0)
    var lengthAt = 0
    var labels = 0
    for byte in name {
      if byte == .dot {
        guard wire[lengthAt] > 0 else { return nil }
        lengthAt = wire.count
        labels += 1
        wire.append(0)
      } else {
        guard byte.isAlphanumeric || byte == .hyphen || byte == .underscore,
          wire[lengthAt] < DomainName.maximumLabelLength
        else { return nil }
        wire[lengthAt] &+= 1
        wire.append(byte.lowercasedASCII)
      }
    }
    guard wire[lengthAt] > 0, wire.count < DomainName.maximumWireLength else { return nil }
    wire.append(0)
    return (wire, labels + 1)
  }

  /// The public suffix of a name, which may be the name itself; nil for the root.
  ///
  ///     www.example.co.uk → co.uk
  public func publicSuffix(of name: DomainName, icannOnly: Bool = false) -> DomainName? {
    guard !name.isRoot else { return nil }
    return name.suffix(labels: suffixLength(of: name, icannOnly: icannOnly))
  }

  /// The public suffix and one label more: the Organizational Domain of RFC 7489 §3.2; nil for a
  /// public suffix and for the root.
  ///
  ///     www.example.co.uk → example.co.uk
  public func registrableDomain(of name: DomainName, icannOnly: Bool = false) -> DomainName? {
    let length = suffixLength(of: name, icannOnly: icannOnly)
    return name.labelCount > length ? name.suffix(labels: length + 1) : nil
  }

  /// Whether the public registers names right below this one.
  ///
  /// - Parameters:
  ///   - name: the name asked about; the root is none.
  ///   - icannOnly: leaves out the section of private domains (`github.io`).
  public func isPublicSuffix(_ name: DomainName, icannOnly: Bool = false) -> Bool {
    !name.isRoot && name.labelCount <= suffixLength(of: name, icannOnly: icannOnly)
  }

  /// How many labels the prevailing rule covers: that of an exception is one fewer than it is
  /// long, else the longest rule, else one.
  private func suffixLength(of name: DomainName, icannOnly: Bool) -> Int {
    let labels = name.labelCount
    var longest = 1
    var suffix = name.suffix(labels: maximumLabels).wire[...]
    var length = min(labels, maximumLabels)
    while length > 0 {
      let rule = rules[Array(suffix)]?.merged(icannOnly: icannOnly) ?? []
      if rule.contains(.exception) { return length - 1 }
      if rule.contains(.plain) { longest = max(longest, length) }
      if rule.contains(.wildcard), length < labels { longest = max(longest, length + 1) }
      suffix = suffix.dropFirst(1 + Int(suffix.first ?? 0))
      length -= 1
    }
    return longest
  }
}

extension UInt8 {
  fileprivate static let asterisk: UInt8 = 0x2A
  fileprivate static let exclamationMark: UInt8 = 0x21
}
