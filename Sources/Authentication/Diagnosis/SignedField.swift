internal import Mail
internal import Wire

/// A place in `h=`, and the field that stands there now or may have stood there.
struct SignedField: Hashable {
  /// In small letters.
  var name: String
  /// As written; nil where no field is there.
  var writtenName: [UInt8]?
  /// What follows the colon, without the last line end; nil where no field is there.
  var value: [UInt8]?

  /// Places of `h=` that are looked at.
  static let maximumPlaces = 200

  static func all(_ signature: MessageSignature, _ header: MessageHeader) -> [SignedField] {
    var picker = SignedFieldPicker(header)
    return signature.signedFields.map { name in
      guard let field = picker.pick(name) else { return SignedField(name: name) }
      // Blanks before the colon are kept with the name: simple form has them.
      let written = header.octets[field.range.lowerBound..<(field.valueRange.lowerBound - 1)]
      return SignedField(
        name: name, writtenName: Array(written), value: Array(header.value(of: field)))
    }
  }

  /// The same place with no field.
  var absent: SignedField { SignedField(name: name) }

  func with(value: [UInt8]) -> SignedField {
    SignedField(name: name, writtenName: writtenName ?? Array(title.utf8), value: value)
  }

  /// The octets that are hashed; none where there is no field.
  func canonical(_ form: DKIMCanonicalization) -> [UInt8] {
    guard let value else { return [] }
    let header = MessageHeader(
      octets: (writtenName ?? Array(name.utf8)) + [.colon] + value + [.carriageReturn, .lineFeed])
    var octets: [UInt8] = []
    for field in header.fields.prefix(1) { form.append(field, of: header, to: &octets) }
    return octets
  }

  /// The value on one line.
  var unfolded: [UInt8] {
    Array(
      (value ?? []).filter { $0 != .carriageReturn && $0 != .lineFeed }[...]
        .trimmingFoldingWhitespace)
  }

  var excerpt: String { unfolded.excerpt }

  /// The name as people write it.
  var title: String {
    switch name {
    case "mime-version": return "MIME-Version"
    case "message-id": return "Message-ID"
    default:
      let words = name.split(separator: "-", omittingEmptySubsequences: false)
      return words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(separator: "-")
        .escapingControls
    }
  }
}

/// What may have stood in the place of a signed field.
struct FieldGuess {
  var signed: SignedField
  /// 1: the likeliest; combinations are tried by the sum of ranks.
  var rank: Int
  var finding: TransitFinding
}
