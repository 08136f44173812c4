internal import Wire

/// Text with places to be filled from the message and the connection (RFC 7208 §7).
///
///     %{ir}.%{v}._spf.%{d2}
struct SPFMacroString: Hashable, Sendable {
  /// Where the text stands: each place allows other octets and letters.
  enum Place: Sendable {
    /// `domain-spec`: visible octets; without `c`, `r` and `t`, which only `exp` text has (§7.2).
    case domainSpec
    /// `macro-string` of a modifier that is ignored: any macro letter.
    case unknownModifier
    /// `explain-string`: blanks and any macro letter.
    case explanation
  }

  enum Element: Hashable, Sendable {
    /// Octets as they are; also what `%%`, `%_` and `%-` stand for.
    case literal([UInt8])
    case macro(SPFMacro)
  }

  let elements: [Element]
  /// Whether the last element was written with a `%`: such a text may end a domain-spec.
  let endsInMacro: Bool

  /// Whether a macro letter, given small, occurs.
  func uses(_ letter: SPFMacro.Letter) -> Bool {
    elements.contains {
      if case .macro(let macro) = $0 { macro.letter == letter } else { false }
    }
  }

  /// Whether an expansion depends on more than `%{d}` and `%{o}`.
  var dependsOnMessage: Bool {
    elements.contains {
      if case .macro(let macro) = $0 { macro.letter != .d && macro.letter != .o } else { false }
    }
  }

  /// The text itself where it holds no macros.
  var literal: [UInt8]? {
    switch elements.count {
    case 0: []
    case 1: if case .literal(let octets) = elements[0] { octets } else { nil }
    default: nil
    }
  }
}

/// One `%{…}` (RFC 7208 §7.1).
///
///     %{l1r+-}
struct SPFMacro: Hashable, Sendable {
  /// `macro-letter` (§7.2).
  enum Letter: UInt8, Hashable, Sendable {
    case s = 0x73
    case l = 0x6C
    case o = 0x6F
    case d = 0x64
    case i = 0x69
    case p = 0x70
    case h = 0x68
    case c = 0x63
    case r = 0x72
    case t = 0x74
    case v = 0x76

    /// Allowed only in `exp` text.
    var isForExplanations: Bool { self == .c || self == .r || self == .t }
  }

  let letter: Letter
  /// The letter was written as a capital: the value is URL escaped.
  let isEscaped: Bool
  /// How many right-hand parts are used; at least 1.
  let partCount: Int?
  let isReversed: Bool
  /// Empty where none is written: then dots, if the value is split at all.
  let delimiters: [UInt8]
}

extension SPFMacroString {
  /// Reads the rest of `text`.
  ///
  /// - Throws: `SyntaxError` at the octet, or at the macro letter or number that breaks its rule.
  init(parsing text: ByteCursor, as place: Place) throws(SyntaxError) {
    var cursor = text
    var elements: [Element] = []
    var literal: [UInt8] = []
    var endsInMacro = false
    while let byte = cursor.peek {
      if byte == Self.percent {
        _ = cursor.next()
        endsInMacro = true
        if let octets = cursor.takeSPFPercentLiteral() {
          literal += octets
          continue
        }
        let macro = try cursor.takeSPFMacro(as: place)
        if !literal.isEmpty { elements.append(.literal(literal)) }
        literal = []
        elements.append(.macro(macro))
        continue
      }
      let run = cursor.take {
        $0 != Self.percent && ($0.isVisible || (place == .explanation && $0 == .blank))
      }
      guard !run.isEmpty else { throw cursor.unexpected }
      literal += run
      endsInMacro = false
    }
    if !literal.isEmpty { elements.append(.literal(literal)) }
    self.elements = elements
    self.endsInMacro = endsInMacro
  }

  private static let percent: UInt8 = 0x25
}

extension ByteCursor {
  /// What stands behind `%` where it is not a brace (§7.1).
  fileprivate mutating func takeSPFPercentLiteral() -> [UInt8]? {
    if take(0x25) { return [0x25] }
    if take(.underscore) { return [.blank] }
    if take(.hyphen) { return [0x25, 0x32, 0x30] }
    return nil
  }

  /// `"{" macro-letter transformers *delimiter "}"`.
  fileprivate mutating func takeSPFMacro(
    as place: SPFMacroString.Place
  ) throws(SyntaxError) -> SPFMacro {
    guard take(0x7B) else { throw error(.badValue("macro")) }
    guard let byte = peek, let letter = SPFMacro.Letter(rawValue: byte.lowercasedASCII),
      place != .domainSpec || !letter.isForExplanations
    else { throw error(.badValue("macro letter")) }
    _ = next()
    let partCount = try takeSPFPartCount()
    let isReversed = take(ignoringCase: "r")
    let delimiters = take { Self.isSPFDelimiter($0) }
    guard take(0x7D) else { throw unexpected }
    return SPFMacro(
      letter: letter, isEscaped: byte != letter.rawValue, partCount: partCount,
      isReversed: isReversed, delimiters: Array(delimiters))
  }

  /// `*DIGIT`, which is not zero (§7.3). A number beyond any count of parts means all of them.
  private mutating func takeSPFPartCount() throws(SyntaxError) -> Int? {
    let start = offset
    let digits = take(while: \.isDigit)
    guard !digits.isEmpty else { return nil }
    let value = digits.reduce(0) { min($0 * 10 + Int($1 &- 0x30), 1 << 20) }
    guard value > 0 else { throw SyntaxError(.badValue("number of parts"), at: start) }
    return value
  }

  private static func isSPFDelimiter(_ byte: UInt8) -> Bool {
    switch byte {
    case .dot, .hyphen, 0x2B, .comma, .slash, .underscore, .equals: true
    default: false
    }
  }
}
