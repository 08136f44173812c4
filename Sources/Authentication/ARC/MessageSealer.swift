public import Mail
internal import Wire

/// Seals a message while it passes: adds one ARC set (RFC 8617 §5.1).
///
///     var sealer = MessageSealer(template, authservID: "mx.example", chain: verdict.arc, now: now)
///     for piece in pieces { try sealer.read(piece) }
///     if case .sealed(let fields, _, _) = try sealer.finish() { … fields, then the message … }
///
/// The message is verified first (`MessageAuthenticator`), and must be as it will leave: a seal
/// covers every change made before it. Memory grows with the header alone.
///
/// The ARC-Authentication-Results holds what all Authentication-Results fields of our authserv-id
/// say, in order and with their comments (§4.1.1). Whoever seals must have removed such fields
/// that strangers wrote (RFC 8601 §5), or lends them his name.
public struct MessageSealer: Sendable {
  /// What became of a message that was to be sealed.
  public enum Outcome: Hashable, Sendable {
    /// The three fields to be put on top of the message, lines ending in CRLF.
    case sealed(fields: [UInt8], instance: Int, status: ARCResult)
    /// The newest seal says `cv=fail`: nothing is to be added (§5.1 step 2).
    case alreadyFailed(instance: Int)
  }

  private let template: SignatureTemplate
  private let authservID: String
  private let result: ARCResult
  private let now: UInt64
  private let layout: SignatureFieldText.Layout
  private var reader: MessageReader
  private var header: MessageHeader?
  private var hashes = BodyHashes()

  /// - Parameters:
  ///   - template: whose seal it is. Identity, lifetime and copied fields are not used; to the
  ///     fields every DKIM-Signature is added (§4.1.2).
  ///   - authservID: ours, in Authentication-Results.
  ///   - chain: what validation found. A failure of DNS is `fail` there too: do not seal then, for
  ///     a chain once sealed as failed never passes again.
  ///   - now: seconds since 1970.
  ///   - lineEnds: how the lines of the message end.
  ///   - headerLimit: octets of a header section; a longer one is not sealed.
  public init(
    _ template: SignatureTemplate, authservID: String, chain: ARCVerdict, now: UInt64,
    lineEnds: LineEnds = .crlf, headerLimit: Int = MessageReader.defaultHeaderLimit
  ) {
    self.init(
      template, authservID: authservID, result: chain.result, now: now, lineEnds: lineEnds,
      headerLimit: headerLimit, isOnOneLine: false)
  }

  /// - Parameter isOnOneLine: whether each signature stands on one line with its tags in alphabetical
  ///   order, as the signing suite compares them.
  package init(
    _ template: SignatureTemplate, authservID: String, result: ARCResult, now: UInt64,
    lineEnds: LineEnds = .crlf, headerLimit: Int = MessageReader.defaultHeaderLimit,
    isOnOneLine: Bool
  ) {
    self.template = template
    self.authservID = authservID
    self.result = result
    self.now = now
    layout = isOnOneLine ? .oneLine : .folded
    reader = MessageReader(lineEnds: lineEnds, headerLimit: headerLimit)
    hashes.request(template.bodyHashKind)
  }

  /// Reads the next piece.
  ///
  /// - Throws: `SigningFailure` where the header is too long.
  public mutating func read(_ piece: ArraySlice<UInt8>) throws(SigningFailure) {
    do throws(MessageReader.Failure) {
      for event in try reader.read(piece) { take(event) }
    } catch {
      throw SigningFailure(error)
    }
  }

  /// Ends the message, and seals it.
  ///
  /// - Throws: `SigningFailure`: a broken header, a 51st set, or a key that cannot be used.
  public mutating func finish() throws(SigningFailure) -> Outcome {
    for event in reader.finish() { take(event) }
    let header = header ?? MessageHeader(octets: [])
    let (instance, status): (Int, ARCResult)
    switch try ARCSealPlan(header, result: result) {
    case .stop(let failed): return .alreadyFailed(instance: failed)
    case .seal(let next, let found): (instance, status) = (next, found)
    }
    try template.check(now: now)
    if let defect = header.defects.first { throw .brokenHeader(defect) }
    let fields = try fields(over: header, instance, status)
    return .sealed(fields: fields, instance: instance, status: status)
  }

  private mutating func fields(
    over header: MessageHeader, _ instance: Int, _ status: ARCResult
  ) throws(SigningFailure) -> [UInt8] {
    var template = template
    template.identity = nil
    template.lifetime = nil
    template.copiesHeader = false
    if template.fields.exactly == nil { template.fields.signedIfPresent.append("dkim-signature") }
    let maker = SignatureMaker(
      header: header, template: template,
      bodyHash: hashes.finish()[template.bodyHashKind]?.digest ?? [], now: now, layout: layout)
    let seal = SealMaker(
      header: header, domain: template.domain, selector: template.selector, key: template.key,
      instance: instance, status: status, now: now, layout: layout)
    return try seal.fields(
      authenticationResults: MergedResults(header, of: authservID, status: status)
        .field(instance: instance),
      messageSignature: maker.messageSignature(instance: instance))
  }

  private mutating func take(_ event: MessageReader.Event) {
    switch event {
    case .header(let complete): header = complete
    case .body(let piece): hashes.update(piece)
    }
  }
}
