internal import Mail
internal import Wire

/// Takes in the octets of a message: its header, what the header asks to be verified, and the
/// hashes of the body as it passes.
struct MessageIntake {
  private(set) var header = MessageHeader(octets: [])
  /// Nil until the header is complete.
  private(set) var signatures: MessageSignatures?
  private(set) var bodyCount = 0
  private var reader: MessageReader
  private var hashes = BodyHashes()
  private let policy: AuthenticationPolicy

  init(_ policy: AuthenticationPolicy) {
    self.policy = policy
    reader = MessageReader(lineEnds: policy.lineEnds, headerLimit: policy.headerLimit)
  }

  mutating func read(_ piece: [UInt8]) throws(MessageReader.Failure) {
    for event in try reader.read(piece[...]) { take(event) }
  }

  /// - Returns: what the header, which is complete now, asks to be verified.
  @discardableResult
  mutating func finish() -> MessageSignatures {
    for event in reader.finish() { take(event) }
    return signatures ?? MessageSignatures(header, policy)
  }

  mutating func digests() -> BodyDigests { hashes.finish() }

  private mutating func take(_ event: MessageReader.Event) {
    switch event {
    case .header(let complete):
      header = complete
      let signatures = MessageSignatures(complete, policy)
      signatures.request(in: &hashes)
      self.signatures = signatures
    case .body(let piece):
      bodyCount += piece.count
      hashes.update(piece)
    }
  }
}

/// Everything in a header that has to be verified.
struct MessageSignatures: Sendable {
  let header: MessageHeader
  let author: AuthorField
  let dkim: DKIMCandidates
  let arc: ARCChain

  init(_ header: MessageHeader, _ policy: AuthenticationPolicy) {
    self.header = header
    let author = AuthorField(header)
    self.author = author
    dkim = DKIMCandidates(header, policy: policy.dkim, authors: { author.domains }) {
      policy.publicSuffixes?.isPublicSuffix($0, icannOnly: true) ?? false
    }
    arc = ARCChain(header)
  }

  /// The names of all keys that are needed.
  var keyNames: Set<DomainName> { dkim.keyNames.union(arc.keyNames) }

  func request(in hashes: inout BodyHashes) {
    dkim.request(in: &hashes)
    arc.request(in: &hashes)
  }
}

/// What verification found.
struct SignatureFindings {
  let author: AuthorField
  let dkim: [DKIMVerdict]
  let arc: ARCVerdict

  init(
    _ signatures: MessageSignatures, keys: [DomainName: DKIMKeyAnswer],
    digests: BodyDigests, now: UInt64, _ policy: DKIMPolicy
  ) {
    author = signatures.author
    dkim = signatures.dkim.verdicts(
      signatures.header, keys: keys, digests: digests, now: now, policy: policy)
    arc = signatures.arc.verdict(keys: keys, digests: digests, now: now, policy: policy)
  }
}
