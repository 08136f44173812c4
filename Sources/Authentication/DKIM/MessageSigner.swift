public import Mail
public import Wire

/// Signs a message while it passes: every signature from one reading of header and body
/// (RFC 6376 §5, RFC 8463).
///
///     var signer = MessageSigner([rsa, ed25519], now: now)
///     for piece in pieces { try signer.read(piece) }
///     let signed = try signer.finish()
///     // signed.fields, then the message as it was
///
/// Signatures that agree in canonicalization share one hash of the body; memory grows with the
/// header alone. How the message is cut into pieces changes nothing.
public struct MessageSigner: Sendable {
  /// What is to be put on top of the message, and what to know of it.
  public struct Signed: Sendable {
    /// The DKIM-Signature fields in the order of the templates, lines ending in CRLF.
    public let fields: [UInt8]
    /// How many signatures were put on top.
    public let signatureCount: Int
    /// What the sender should know.
    public let notes: [SigningNote]
  }

  private var reader: MessageReader
  private var header: MessageHeader?
  private var templates: [SignatureTemplate] = []
  private var hashes = BodyHashes()
  private var lines = BodyLines()
  private let now: UInt64
  private let choose: @Sendable ([DomainName]) throws -> [SignatureTemplate]

  /// - Parameters:
  ///   - templates: one for each signature; they stand in this order in the message.
  ///   - now: seconds since 1970, for `t=` and `x=`.
  ///   - lineEnds: how the lines end in the octets that are read; signed is the form with CRLF.
  ///   - headerLimit: octets; a longer header is refused.
  public init(
    _ templates: [SignatureTemplate], now: UInt64, lineEnds: LineEnds = .crlf,
    headerLimit: Int = MessageReader.defaultHeaderLimit
  ) {
    self.init(now: now, lineEnds: lineEnds, headerLimit: headerLimit) { _ in templates }
  }

  /// Signs with the keys that `choose` gives for the author domains: each domain in From, in
  /// order. Without any the message is refused (`SigningFailure.noKey`).
  public init(
    now: UInt64, lineEnds: LineEnds = .crlf, headerLimit: Int = MessageReader.defaultHeaderLimit,
    choosing choose: @escaping @Sendable ([DomainName]) throws -> [SignatureTemplate]
  ) {
    self.now = now
    self.choose = choose
    reader = MessageReader(lineEnds: lineEnds, headerLimit: headerLimit)
  }

  /// Reads the next piece.
  ///
  /// - Throws: `SigningFailure` where the header cannot be signed, or what `choosing` throws.
  public mutating func read(_ piece: ArraySlice<UInt8>) throws {
    let events: [MessageReader.Event]
    do throws(MessageReader.Failure) { events = try reader.read(piece) } catch {
      throw SigningFailure(error)
    }
    for event in events { try take(event) }
  }

  /// Ends the message, and signs it.
  ///
  /// - Throws: as `read`.
  public mutating func finish() throws -> Signed {
    for event in reader.finish() { try take(event) }
    let header = header ?? MessageHeader(octets: [])
    let digests = hashes.finish()
    var fields: [UInt8] = []
    for template in templates {
      let maker = SignatureMaker(
        header: header, template: template,
        bodyHash: digests[template.bodyHashKind]?.digest ?? [], now: now)
      fields += try maker.dkimSignature()
    }
    return Signed(fields: fields, signatureCount: templates.count, notes: notes(header))
  }

  private mutating func take(_ event: MessageReader.Event) throws {
    switch event {
    case .header(let header):
      self.header = header
      let authors = try header.soundAuthors()
      templates = try choose(authors)
      guard !templates.isEmpty else { throw SigningFailure.noKey(author: authors) }
      for template in templates {
        try template.check(now: now)
        hashes.request(template.bodyHashKind)
      }
    case .body(let piece):
      hashes.update(piece)
      lines.update(piece)
    }
  }

  private func notes(_ header: MessageHeader) -> [SigningNote] {
    var lines = BodyLines()
    lines.update(header.octets[...])
    var notes = lines.notes(adding: self.lines)
    for name in ["Date", "Message-ID"] where header.indices(of: name.lowercased()).isEmpty {
      notes.append(.missingField(name))
    }
    for template in templates where template.key.isWeak {
      guard let name = template.keyName else { continue }
      notes.append(.weakKey(name: name, bits: template.key.bits))
    }
    return notes
  }
}

extension MessageHeader {
  /// The domains in From, if every reader sees the same author and the same fields.
  fileprivate func soundAuthors() throws(SigningFailure) -> [DomainName] {
    let author = AuthorField(self)
    if let flaw = author.flaw { throw .author(flaw) }
    if let defect = defects.first { throw .brokenHeader(defect) }
    return author.domains
  }
}

/// Counts what relays may change about the lines of a body.
struct BodyLines: Sendable {
  private(set) var longLines = 0
  private(set) var bareLineEnds = 0
  private var length = 0
  private var lastWasCarriageReturn = false

  static let maximumLength = 998

  mutating func update(_ piece: ArraySlice<UInt8>) {
    var index = piece.startIndex
    while index < piece.endIndex {
      let end = piece.firstPlace(from: index) { here, _ in
        (here .== .all(.carriageReturn)) .| (here .== .all(.lineFeed))
      }
      if index < end { takeText(count: end - index) }
      if end < piece.endIndex { takeLineEnd(piece[end]) }
      index = min(end + 1, piece.endIndex)
    }
  }

  private mutating func takeText(count: Int) {
    if lastWasCarriageReturn { bareLineEnds += 1 }
    length += count
    lastWasCarriageReturn = false
  }

  private mutating func takeLineEnd(_ byte: UInt8) {
    guard byte == .lineFeed else {
      takeText(count: 1)
      lastWasCarriageReturn = true
      return
    }
    // The CR before it is part of the line end.
    if length - (lastWasCarriageReturn ? 1 : 0) > Self.maximumLength { longLines += 1 }
    if !lastWasCarriageReturn { bareLineEnds += 1 }
    length = 0
    lastWasCarriageReturn = false
  }

  /// Those of the whole message, where these are the lines of its header.
  func notes(adding body: BodyLines) -> [SigningNote] {
    let isLastLong = body.length > Self.maximumLength
    let long = longLines + body.longLines + (isLastLong ? 1 : 0)
    let bare = body.bareLineEnds + (body.lastWasCarriageReturn ? 1 : 0)
    return (long > 0 ? [.longLines(count: long)] : [])
      + (bare > 0 ? [.bareLineEnds(count: bare)] : [])
  }
}
