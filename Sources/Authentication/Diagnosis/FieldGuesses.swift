internal import Mail
internal import Wire

/// What a signed field may have been before it was changed, by what is known of its name.
struct FieldGuesses {
  let field: SignedField
  let header: MessageHeader
  let form: DKIMCanonicalization
  /// Whether `h=` names the field once.
  let isOnlyOne: Bool

  init(
    _ field: SignedField, in header: MessageHeader, _ form: DKIMCanonicalization, isOnlyOne: Bool
  ) {
    self.field = field
    self.header = header
    self.form = form
    self.isOnlyOne = isOnlyOne
  }

  /// Octets of a value about which guesses are made.
  private static let maximumValue = 16 * 1024

  var all: [FieldGuess] {
    guard let value = field.value else { return absentField }
    guard value.count <= Self.maximumValue else { return dropped }
    let layouts = form == .simple ? LayoutGuesses([field], form).ofOneField : []
    return layouts + byName + keptElsewhere + otherInstances + dropped
  }

  private var byName: [FieldGuess] {
    switch field.name {
    case "subject": SubjectGuesses(field).all
    case "from":
      AddressGuesses(field, header, form).ofAuthor + AddressGuesses(field, header, form).written
    case "to", "cc", "reply-to", "sender": AddressGuesses(field, header, form).written
    case "date": DateGuesses(field).all
    case "content-type", "content-disposition": ParameterGuesses(field, form).all
    case "content-transfer-encoding": transferEncodings
    case "mime-version": mimeVersions
    case "message-id", "in-reply-to", "references": identifiers
    default: []
    }
  }

  func guess(
    _ value: String, _ rank: Int, _ change: TransitChange, _ sentence: String
  ) -> FieldGuess {
    FieldGuess(
      signed: field.with(value: [.blank] + Array(value.utf8)), rank: rank,
      finding: TransitFinding(change, field: field.name, text: field.excerpt, sentence))
  }

  /// The field was added: none was there when the message was signed.
  private var dropped: [FieldGuess] {
    let never = ["from", "date", "subject", "to", "message-id"]
    // Where h= names it twice, one of the two was signed as absent.
    let listed = ["reply-to", "sender", "cc"]
    let rank =
      !isOnlyOne || listed.contains(field.name) ? 1 : never.contains(field.name) ? 4 : 3
    return [
      FieldGuess(
        signed: field.absent, rank: rank,
        finding: TransitFinding(
          .fieldAdded, field: field.name, text: field.excerpt,
          "\(field.title) was added: \(field.excerpt)."))
    ]
  }

  /// Fields whose value can be told without having seen it.
  private var absentField: [FieldGuess] {
    switch field.name {
    case "mime-version":
      [guess("1.0", 1, .fieldRemoved, "MIME-Version was removed: “1.0”.")]
    case "content-transfer-encoding":
      ["7bit", "8bit", "quoted-printable", "base64"].map {
        guess($0, 2, .fieldRemoved, "Content-Transfer-Encoding was removed: “\($0)”.")
      }
    case "content-type":
      [
        "text/plain; charset=utf-8", "text/plain; charset=us-ascii", "text/plain",
        "text/plain; charset=\"utf-8\"", "text/plain; charset=UTF-8",
        "text/plain; charset=\"us-ascii\"", "text/plain; charset=US-ASCII",
        "text/plain; charset=iso-8859-1",
      ].map { guess($0, 3, .fieldRemoved, "Content-Type was removed: “\($0)”.") }
    case "reply-to", "sender", "to", "cc":
      keptElsewhere
        + header.fields(named: "from").prefix(1).map {
          guess(
            header.text(of: $0), 3, .fieldRemoved,
            "\(field.title) was removed: the author's address.")
        }
    default: keptElsewhere
    }
  }

  /// `X-Original-To`, `X-Google-Original-From`, `Old-Subject`, …: fields where relays keep what they
  /// replace.
  private var keptElsewhere: [FieldGuess] {
    let suffixes = ["original-\(field.name)", "old-\(field.name)"]
    return header.fields.filter { other in
      other.name.count > field.name.count && suffixes.contains { other.name.hasSuffix($0) }
    }.prefix(4).map { other in
      let old = header.text(of: other)
      let change: TransitChange =
        field.value == nil
        ? .fieldRemoved : field.name == "from" ? .fromRewritten : .fieldReplaced
      return FieldGuess(
        signed: field.with(value: Array(header.value(of: other))), rank: 1,
        finding: TransitFinding(
          change, field: field.name, text: field.excerpt,
          "\(field.title) was \(Array(old.utf8).excerpt), which \(other.name) still tells."))
    }
  }

  /// Another field of the same name: the present one was put below it, or beside it.
  private var otherInstances: [FieldGuess] {
    let others = header.fields(named: field.name)
    guard isOnlyOne, others.count > 1 else { return [] }
    return others.prefix(4).map { other in
      FieldGuess(
        signed: field.with(value: Array(header.value(of: other))), rank: 1,
        finding: TransitFinding(
          .fieldAdded, field: field.name, text: field.excerpt,
          "Another \(field.title) was added: \(field.excerpt)."))
    }
  }

  private var transferEncodings: [FieldGuess] {
    ["7bit", "8bit", "quoted-printable", "base64", "7BIT", "8BIT", "Quoted-Printable", "BASE64"].map
    {
      guess(
        $0, 3, .fieldChanged, "Content-Transfer-Encoding was “\($0)” and became \(field.excerpt).")
    }
  }

  private var mimeVersions: [FieldGuess] {
    ["1.0"].map { guess($0, 3, .fieldChanged, "MIME-Version was “\($0)”.") }
  }

  /// Angle brackets and blanks around message identifiers.
  private var identifiers: [FieldGuess] {
    let text = field.unfolded.text
    let bare = text.filter { $0 != "<" && $0 != ">" }
    let sentence = "\(field.title) was written in another way."
    return [
      "<\(bare)>", bare, text.replacing("> <", with: "><"), text.replacing("><", with: "> <"),
    ].map { guess($0, 3, .fieldChanged, sentence) }
  }
}
