public import DNS
public import Mail
internal import Wire

/// Verifies the DKIM signatures of a message, and nothing else (RFC 6376 §6).
///
/// A plain value: make one at start-up and share it. `MessageAuthenticator` does the same as part
/// of the whole.
public struct DKIMVerifier<Source: Resolver>: Sendable {
  /// Where keys are asked for.
  public var resolver: Source
  /// Which signatures count, and how many are looked at.
  public var policy = DKIMPolicy()
  /// How the lines of the message end.
  public var lineEnds = LineEnds.crlf
  /// Names below which the public registers: no signature of theirs counts.
  public var publicSuffixes: PublicSuffixList?
  /// Shared by all copies.
  private let keyCache = DKIMKeyCache()

  /// A verifier with the default policy.
  public init(resolver: Source) { self.resolver = resolver }

  /// One verdict for each DKIM-Signature field, from the top down; none for an unsigned message.
  ///
  /// - Parameters:
  ///   - pieces: the message, cut anywhere.
  ///   - now: seconds since 1970, against which signatures expire.
  /// - Throws: `MessageReader.Failure` where the message cannot be read, or what the sequence
  ///   throws; never for a bad signature.
  public func verify<Pieces: AsyncSequence>(
    pieces: Pieces, now: UInt64
  ) async throws -> [DKIMVerdict] where Pieces.Element == [UInt8] {
    var intake = DKIMIntake(self)
    var iterator = pieces.makeAsyncIterator()
    while intake.candidates == nil, let piece = try await iterator.next(isolation: #isolation) {
      try intake.read(piece[...])
    }
    if intake.candidates == nil { intake.finish() }
    let names = intake.candidates?.keyNames ?? []
    async let keys = DKIMKeyLookup(resolver: resolver, cache: keyCache).keys(names)
    while let piece = try await iterator.next(isolation: #isolation) {
      try intake.read(piece[...])
    }
    return intake.verdicts(keys: await keys, now: now)
  }

  /// The same for a message whose octets are all there.
  public func verify(_ message: [UInt8], now: UInt64) async throws -> [DKIMVerdict] {
    var intake = DKIMIntake(self)
    try intake.read(message[...])
    intake.finish()
    let keys = await DKIMKeyLookup(resolver: resolver, cache: keyCache)
      .keys(intake.candidates?.keyNames ?? [])
    return intake.verdicts(keys: keys, now: now)
  }
}

/// Takes in the octets of a message as far as DKIM needs them.
private struct DKIMIntake {
  private var reader: MessageReader
  private var header = MessageHeader(octets: [])
  private var hashes = BodyHashes()
  private let policy: DKIMPolicy
  private let publicSuffixes: PublicSuffixList?
  /// Nil until the header is complete.
  private(set) var candidates: DKIMCandidates?

  init(_ verifier: DKIMVerifier<some Resolver>) {
    reader = MessageReader(lineEnds: verifier.lineEnds)
    policy = verifier.policy
    publicSuffixes = verifier.publicSuffixes
  }

  mutating func read(_ piece: ArraySlice<UInt8>) throws(MessageReader.Failure) {
    for event in try reader.read(piece) { take(event) }
  }

  mutating func finish() {
    for event in reader.finish() { take(event) }
  }

  private mutating func take(_ event: MessageReader.Event) {
    switch event {
    case .header(let complete):
      header = complete
      let candidates = DKIMCandidates(
        complete, policy: policy, authors: { AuthorField(complete).domains }
      ) {
        publicSuffixes?.isPublicSuffix($0, icannOnly: true) ?? false
      }
      candidates.request(in: &hashes)
      self.candidates = candidates
    case .body(let piece):
      hashes.update(piece)
    }
  }

  mutating func verdicts(keys: [DomainName: DKIMKeyAnswer], now: UInt64) -> [DKIMVerdict] {
    candidates?.verdicts(
      header, keys: keys, digests: hashes.finish(), now: now, policy: policy) ?? []
  }
}
