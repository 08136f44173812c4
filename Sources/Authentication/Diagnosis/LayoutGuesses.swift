internal import Wire

/// Folds, blanks and cases of names: what simple form (RFC 6376 §3.4.1) does not forgive.
struct LayoutGuesses {
  private let fields: [SignedField]
  private let form: DKIMCanonicalization

  init(_ fields: [SignedField], _ form: DKIMCanonicalization) {
    self.fields = fields
    self.form = form
  }

  private enum Layout: CaseIterable {
    case unfolded, oneBlank, noBlank, foldedAt78, foldedAt76, foldedAt72, tabsAt78, tabsAt76
    case foldedAtCommas, tabsAtCommas, foldedAtSemicolons, tabsAtSemicolons, foldedByKind
    case tabsByKind, foldedAddresses, tabsInAddresses, foldsOfBlanks
    case foldsOfTabs
    case trimmed, trailingBlank, titled, small, capital, messageID, noBlankBeforeColon

    var change: TransitChange {
      switch self {
      case .oneBlank, .noBlank, .trimmed, .trailingBlank, .noBlankBeforeColon: .fieldBlanksChanged
      case .titled, .small, .capital, .messageID: .fieldRecased
      default: .fieldRewrapped
      }
    }
  }

  /// One field alone.
  var ofOneField: [FieldGuess] {
    fields.flatMap { field in
      Layout.allCases.compactMap { layout in
        let signed = apply(layout, to: field)
        guard signed != field else { return nil }
        return FieldGuess(
          signed: signed, rank: 3,
          finding: TransitFinding(
            layout.change, field: field.name, text: field.excerpt,
            "\(field.title): \(sentence(layout.change))."))
      }
    }
  }

  /// All fields in the same way: a program that writes headers anew spares none.
  var ofAllFields: [(TransitFinding, [[UInt8]])] {
    guard form == .simple else { return [] }
    return Layout.allCases.map { layout in
      (
        TransitFinding(
          layout.change, field: "*", "Every field: \(sentence(layout.change))."),
        fields.map { apply(layout, to: $0).canonical(form) }
      )
    }
  }

  private func sentence(_ change: TransitChange) -> String {
    switch change {
    case .fieldRecased: "the name was written in another case"
    case .fieldBlanksChanged: "blanks were added or removed"
    default: "lines were folded in another way"
    }
  }

  private func apply(_ layout: Layout, to field: SignedField) -> SignedField {
    guard let value = field.value, let name = field.writtenName else { return field }
    switch layout {
    case .titled: return renamed(field, field.title)
    case .small: return renamed(field, field.name)
    case .capital: return renamed(field, name.text.uppercased())
    case .messageID: return renamed(field, Self.otherSpellings[field.name] ?? name.text)
    case .noBlankBeforeColon:
      return renamed(field, name[...].trimmingFoldingWhitespace.text)
    case .foldedByKind, .foldedAddresses:
      return apply(kind(field.name, tabs: false, parameters: layout == .foldedByKind), to: field)
    case .tabsByKind, .tabsInAddresses:
      return apply(kind(field.name, tabs: true, parameters: layout == .tabsByKind), to: field)
    default: return field.with(value: rewrite(layout, value, nameLength: name.count))
    }
  }

  /// Where programs fold a field of this name: addresses after commas, parameters after semicolons.
  private func kind(_ name: String, tabs: Bool, parameters: Bool) -> Layout {
    switch name {
    case "to", "cc", "reply-to": tabs ? .tabsAtCommas : .foldedAtCommas
    case "content-type" where parameters, "content-disposition" where parameters:
      tabs ? .tabsAtSemicolons : .foldedAtSemicolons
    default: tabs ? .tabsAt78 : .foldedAt78
    }
  }

  private static let otherSpellings = ["message-id": "Message-Id", "mime-version": "Mime-Version"]

  private func renamed(_ field: SignedField, _ name: String) -> SignedField {
    SignedField(name: field.name, writtenName: Array(name.utf8), value: field.value)
  }

  private func rewrite(_ layout: Layout, _ value: [UInt8], nameLength: Int) -> [UInt8] {
    let start = nameLength + 2
    let lead = Array(value.prefix { $0.isWSP })
    let content = Array(value.drop { $0.isWSP })
    let line = content.filter { $0 != .carriageReturn && $0 != .lineFeed }
    switch layout {
    case .unfolded: return lead + line.replacing([.tab], with: [.blank])
    case .oneBlank: return [.blank] + content
    case .noBlank: return content
    case .trimmed:
      var trimmed = value
      while trimmed.last?.isWSP == true { trimmed.removeLast() }
      return trimmed
    case .trailingBlank: return value + [.blank]
    case .foldedAt78: return lead + folded(line, 78, from: start, tabs: false)
    case .foldedAt76: return lead + folded(line, 76, from: start, tabs: false)
    case .foldedAt72: return lead + folded(line, 72, from: start, tabs: false)
    case .tabsAt78: return lead + folded(line, 78, from: start, tabs: true)
    case .tabsAt76: return lead + folded(line, 76, from: start, tabs: true)
    case .foldedAtCommas: return lead + folded(line, after: .comma, tabs: false)
    case .tabsAtCommas: return lead + folded(line, after: .comma, tabs: true)
    case .foldedAtSemicolons: return lead + folded(line, after: .semicolon, tabs: false)
    case .tabsAtSemicolons: return lead + folded(line, after: .semicolon, tabs: true)
    case .foldsOfBlanks:
      return value.replacing([.lineFeed, .tab], with: [.lineFeed, .blank])
    case .foldsOfTabs:
      return value.replacing([.lineFeed, .blank], with: [.lineFeed, .tab])
    default: return value
    }
  }

  private func fold(_ tabs: Bool) -> [UInt8] {
    [.carriageReturn, .lineFeed, tabs ? .tab : .blank]
  }

  /// Folded after every comma or semicolon that a blank follows.
  private func folded(_ line: [UInt8], after mark: UInt8, tabs: Bool) -> [UInt8] {
    // A comma inside a quoted name separates nothing.
    let mark = mark == .comma && line.contains(.greaterThan) ? [.greaterThan, .comma] : [mark]
    return line.replacing([.tab], with: [.blank])
      .replacing(mark + [.blank], with: mark + fold(tabs))
  }

  /// Folded at the last blank that keeps a line within so many octets. The field name counts
  /// in the first.
  private func folded(_ line: [UInt8], _ width: Int, from start: Int, tabs: Bool) -> [UInt8] {
    var output: [UInt8] = []
    var length = start
    for (index, word) in line.split(
      omittingEmptySubsequences: false, whereSeparator: \.isWSP
    ).enumerated() {
      if index > 0 {
        if length + 1 + word.count > width {
          output += fold(tabs)
          length = 0
        } else {
          output.append(.blank)
        }
        length += 1
      }
      output += word
      length += word.count
    }
    return output
  }
}
