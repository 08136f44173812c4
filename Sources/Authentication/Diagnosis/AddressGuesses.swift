internal import Mail
internal import Wire

/// Address fields as they may have stood before a list rewrote them or a relay wrote them anew.
struct AddressGuesses {
  private let field: SignedField
  private let header: MessageHeader
  private let form: DKIMCanonicalization

  init(_ field: SignedField, _ header: MessageHeader, _ form: DKIMCanonicalization) {
    self.field = field
    self.header = header
    self.form = form
  }

  private func guess(
    _ value: String, _ rank: Int, _ change: TransitChange, _ sentence: String
  ) -> FieldGuess {
    FieldGuess(
      signed: field.with(value: [.blank] + Array(value.utf8)), rank: rank,
      finding: TransitFinding(change, field: field.name, text: field.excerpt, sentence))
  }

  // MARK: The author

  /// Fields that may still hold the author whom a list put its own address in the place of.
  private static let authorFields = [
    "reply-to", "x-original-from", "cc", "x-original-sender", "original-from", "x-from",
    "mail-followup-to", "x-sender",
  ]

  /// The author whom DMARC made a list rewrite: `Alice via List <list@lists.example>`.
  var ofAuthor: [FieldGuess] {
    let (name, address) = Self.split(field.unfolded.text)
    var guesses: [FieldGuess] = []
    func add(_ value: String, _ rank: Int) {
      guesses.append(
        guess(
          value, rank, .fromRewritten,
          "From was \(Array(value.utf8).excerpt) and became \(field.excerpt)."))
    }
    var addresses: [String] = []
    for other in Self.authorFields.flatMap({ header.fields(named: $0).prefix(2) }) {
      for one in Self.list(header.text(of: other)).prefix(4) {
        add(one, 1)
        let old = Self.split(one).address
        if !old.isEmpty, old != address, !addresses.contains(old) { addresses.append(old) }
      }
    }
    addresses += Self.embedded(address)
    let names = Self.names(name)
    for old in addresses.prefix(6) {
      add(old, 1)
      add("<\(old)>", 2)
      for name in names { add("\(name) <\(old)>", 2) }
    }
    return guesses
  }

  /// The author's name as the munged one tells it, in the ways it may have been written.
  private static func names(_ munged: String) -> [String] {
    let decoded = EncodedPhrase.decode(unquoted(munged))
    var names: [String] = []
    func add(_ name: String) {
      if !name.isEmpty, !names.contains(name) { names.append(name) }
    }
    var cut = [decoded]
    for mark in [" via ", " (via ", " at ", " - "] {
      if let range = decoded.ranges(of: mark).last {
        cut.insert(String(decoded[..<range.lowerBound]), at: 0)
      }
    }
    for text in cut {
      let bare = unquoted(text)
      if bare.utf8.contains(where: \.isNonASCII) {
        for written in EncodedPhrase.encodings(of: bare) { add(written) }
      } else {
        add(bare)
      }
      add("\"\(bare)\"")
      add("'\(bare)'")
    }
    return names
  }

  /// Addresses that a list wrote into a local part: `alice=40example.org@lists.example`.
  private static func embedded(_ address: String) -> [String] {
    guard let at = address.lastIndex(of: "@") else { return [] }
    let local = address[..<at]
    var found: [String] = []
    for mark in ["=40", "=", "#", "%", "_at_", ".at."] {
      if let range = local.ranges(of: mark).last {
        let old = "\(local[..<range.lowerBound])@\(local[range.upperBound...])"
        found.append(old)
        if let plus = old.firstIndex(of: "+") {
          found.append(String(old[old.index(after: plus)...]))
        }
      }
    }
    return found
  }

  // MARK: Writing

  /// The same addresses written in other ways.
  var written: [FieldGuess] {
    let text = field.unfolded.text
    let addresses = Self.list(text)
    guard !addresses.isEmpty, addresses.count <= 200 else { return [] }
    var ways: [(String, Int)] = []
    let separators = [", ", ","] + (form == .simple ? [",\r\n ", ",\r\n\t"] : [])
    for separator in separators {
      for style in Style.allCases {
        ways.append((addresses.map(style.write).joined(separator: separator), 3))
      }
    }
    if text.contains("=?") || text.utf8.contains(where: \.isNonASCII) {
      let count = EncodedPhrase.encodings(of: "é").count
      for way in 0..<count {
        ways.append((addresses.map { Style.reencoded($0, way) }.joined(separator: ", "), 3))
      }
    }
    let isEncoding = text.contains("=?") || text.utf8.contains(where: \.isNonASCII)
    return ways.enumerated().map { index, way in
      let change: TransitChange =
        isEncoding && index >= Style.allCases.count * separators.count
        ? .fieldReencoded : .addressesReformatted
      return guess(way.0, way.1, change, "\(field.title) was written in another way.")
    }
  }

  private enum Style: CaseIterable {
    case asIs, quotedNames, bareNames, noNames, angledAddresses, bareAddresses

    func write(_ one: String) -> String {
      let (name, address) = AddressGuesses.split(one)
      let bare = AddressGuesses.unquoted(name)
      switch self {
      case .asIs: return one
      case .quotedNames: return name.isEmpty ? one : "\"\(bare)\" <\(address)>"
      case .bareNames: return name.isEmpty ? one : "\(bare) <\(address)>"
      case .noNames: return "<\(address)>"
      case .angledAddresses: return name.isEmpty ? "<\(address)>" : one
      case .bareAddresses: return name.isEmpty || bare == address ? address : one
      }
    }

    static func reencoded(_ one: String, _ way: Int) -> String {
      let (name, address) = AddressGuesses.split(one)
      let decoded = EncodedPhrase.decode(AddressGuesses.unquoted(name))
      guard decoded.utf8.contains(where: \.isNonASCII) else { return one }
      let written = EncodedPhrase.encodings(of: decoded)
      return "\(written[min(way, written.count - 1)]) <\(address)>"
    }
  }

  /// The members of an address list, split at commas outside quotes, comments and angle brackets.
  private static func list(_ text: String) -> [String] {
    var members: [[UInt8]] = [[]]
    var isQuoted = false
    var depth = 0
    for byte in text.utf8 {
      switch byte {
      case .doubleQuote: isQuoted.toggle()
      case .leftParenthesis, .lessThan: depth += 1
      case .rightParenthesis, .greaterThan: depth -= 1
      default: break
      }
      if byte == .comma, !isQuoted, depth <= 0 {
        members.append([])
      } else {
        members[members.count - 1].append(byte)
      }
    }
    return members.map { $0[...].trimmingFoldingWhitespace.text }.filter { !$0.isEmpty }
  }

  /// The name, as written, and the address of one member.
  private static func split(_ text: String) -> (name: String, address: String) {
    guard let open = text.lastIndex(of: "<"), let close = text.lastIndex(of: ">"), open < close
    else { return ("", text) }
    let name = Array(text[..<open].utf8)[...].trimmingFoldingWhitespace.text
    return (name, String(text[text.index(after: open)..<close]))
  }

  private static func unquoted(_ name: String) -> String {
    guard name.count >= 2, name.hasPrefix("\""), name.hasSuffix("\"") else { return name }
    return String(name.dropFirst().dropLast().filter { $0 != "\\" })
  }
}
