/// What may happen to a message between its signer and us. The raw values are stable words for
/// programs.
public enum TransitChange: String, Sendable, CaseIterable {
  // The body
  case footerAppended = "footer-appended"
  case bannerPrepended = "banner-prepended"
  /// At the end of a part, or before `</body>`.
  case footerInserted = "footer-inserted"
  /// At the start of a part, or after `<body>`.
  case bannerInserted = "banner-inserted"
  /// A part of its own beside the others.
  case partAdded = "part-added"
  /// The message became one part of a new multipart.
  case wrappedInMultipart = "wrapped-in-multipart"
  case partReencoded = "part-reencoded"
  case lineEndsChanged = "line-ends-changed"
  case trailingBlanksChanged = "trailing-blanks-changed"
  case emptyLinesChanged = "empty-lines-changed"
  /// A dot too many at the start of lines (RFC 5321 §4.5.2).
  case dotsStuffed = "dots-stuffed"
  /// A dot too few.
  case dotsLost = "dots-lost"
  case fromEscaped = "from-escaped"
  case fromUnescaped = "from-unescaped"
  case linksRewritten = "links-rewritten"
  case longLinesBroken = "long-lines-broken"
  case boundaryChanged = "boundary-changed"
  case preambleChanged = "preamble-changed"
  // The header
  case subjectTagged = "subject-tagged"
  case fromRewritten = "from-rewritten"
  case fieldRewrapped = "field-rewrapped"
  case fieldRecased = "field-recased"
  case fieldBlanksChanged = "field-blanks-changed"
  /// Encoded words (RFC 2047) written in another way.
  case fieldReencoded = "field-reencoded"
  case addressesReformatted = "addresses-reformatted"
  case dateReformatted = "date-reformatted"
  case parametersReformatted = "parameters-reformatted"
  /// Another value whose old one the message still tells, in another field.
  case fieldReplaced = "field-replaced"
  case fieldAdded = "field-added"
  case fieldRemoved = "field-removed"
  case fieldsReordered = "fields-reordered"
  /// A change without a name; the signer's copy in `z=` shows it.
  case fieldChanged = "field-changed"
}

/// One change that has been undone.
public struct TransitFinding: Hashable, Sendable {
  /// What agrees once the change is undone.
  public enum Proof: String, Sendable {
    case bodyHash = "body-hash"
    case signature
  }

  /// What was done.
  public let change: TransitChange
  /// The header field, in small letters; nil for the body.
  public let field: String?
  /// Octets of the body as received; nil where the change is not in one place, or is in the header.
  public let range: Range<Int>?
  /// What was added or changed, shortened, as received.
  public let text: String
  /// For people: what somebody did.
  public let sentence: String
  /// What agrees once it is undone.
  public let proof: Proof

  init(
    _ change: TransitChange, field: String? = nil, range: Range<Int>? = nil, text: String = "",
    _ sentence: String
  ) {
    self.change = change
    self.field = field
    self.range = range
    self.text = text
    self.sentence = sentence
    proof = field == nil ? .bodyHash : .signature
  }
}
