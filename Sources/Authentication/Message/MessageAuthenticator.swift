public import DNS
internal import Mail
internal import Wire

/// Authenticates one message as a whole: SPF, DKIM, ARC and DMARC, from one reading of its octets.
///
/// A plain value: make one at start-up and share it. Nothing is read twice, nothing waits for DNS
/// that could have been asked earlier, and memory does not grow with the body.
public struct MessageAuthenticator<Source: Resolver>: Sendable {
  /// Where every record is asked for.
  public var resolver: Source
  /// What is accepted, and at what cost.
  public var policy: AuthenticationPolicy
  /// Shared by all copies.
  private let keyCache = DKIMKeyCache()

  /// An authenticator; share it between messages.
  public init(resolver: Source, policy: AuthenticationPolicy = AuthenticationPolicy()) {
    self.resolver = resolver
    self.policy = policy
  }

  /// Authenticates a message whose octets are all there.
  ///
  /// - Parameters:
  ///   - message: header and body, lines ending as the policy says.
  ///   - envelope: what the SMTP session said; without the client's address there is no SPF.
  ///   - now: seconds since 1970, against which signatures expire.
  ///   - clock: measures how long DNS may take.
  /// - Throws: `MessageReader.Failure` where the message cannot be read; never for a bad message.
  public func authenticate(
    _ message: [UInt8], envelope: Envelope, now: UInt64,
    clock: some Clock<Duration> = ContinuousClock()
  ) async throws -> MessageVerdict {
    try await authenticate(
      pieces: WholeMessage(octets: message), envelope: envelope, now: now, clock: clock)
  }

  /// Authenticates a message while it arrives. How it is cut into pieces changes nothing.
  ///
  /// - Throws: `MessageReader.Failure`, or what the sequence throws.
  public func authenticate<Pieces: AsyncSequence>(
    pieces: Pieces, envelope: Envelope, now: UInt64,
    clock: some Clock<Duration> = ContinuousClock()
  ) async throws -> MessageVerdict where Pieces.Element == [UInt8] {
    let lookups = MessageLookups(
      resolver, maximum: policy.maximumLookups, time: policy.lookupTime, clock: clock)
    return try await withThrowingTaskGroup(of: Part.self) { group in
      // Immediate: a task runs here until it has to wait, so answers that are there already cost
      // no change of thread.
      group.addImmediateTask { .spf(await judgeSPF(envelope, now: now, clock: clock, lookups)) }
      var intake = MessageIntake(policy)
      var iterator = pieces.makeAsyncIterator()
      while intake.signatures == nil, let piece = try await iterator.next(isolation: #isolation) {
        try intake.read(piece)
      }
      let signatures = intake.signatures ?? intake.finish()
      group.addImmediateTask {
        .keys(await DKIMKeyLookup(resolver: lookups, cache: keyCache).keys(signatures.keyNames))
      }
      group.addImmediateTask {
        await anticipate(signatures.author.domains, lookups)
        return .record
      }
      // The clock is set only where an answer is waited for.
      if lookups.isWaiting {
        group.addTask {
          await lookups.deadline.wait()
          return .lateness
        }
      }
      while let piece = try await iterator.next(isolation: #isolation) { try intake.read(piece) }
      intake.finish()
      var answers = Answers()
      while !answers.areComplete, let part = try await group.next() {
        if case .lateness = part { group.cancelAll() } else { answers.take(part) }
      }
      group.cancelAll()
      let found = SignatureFindings(
        signatures, keys: answers.keys, digests: intake.digests(), now: now, policy.dkim)
      return await conclude(found, answers.spf, intake, envelope, lookups)
    }
  }

  /// What is found out while the message arrives.
  private enum Part: Sendable {
    case spf(SPFVerdict?)
    case keys([DomainName: DKIMKeyAnswer])
    /// The record that DMARC will ask for first is there.
    case record
    /// DNS has had its time: what still waits gets no answer.
    case lateness
  }

  private struct Answers {
    var spf: SPFVerdict?
    var keys: [DomainName: DKIMKeyAnswer] = [:]
    private var missing = 3

    var areComplete: Bool { missing == 0 }

    mutating func take(_ part: Part) {
      switch part {
      case .spf(let verdict): spf = verdict
      case .keys(let answers): keys = answers
      case .record, .lateness: break
      }
      missing -= 1
    }
  }

  private func judgeSPF(
    _ envelope: Envelope, now: UInt64, clock: some Clock<Duration>, _ lookups: some Resolver
  ) async -> SPFVerdict? {
    guard let client = envelope.client else { return nil }
    var verifier = SPFVerifier(resolver: lookups)
    verifier.limits = policy.spf
    verifier.receiver = policy.receiver
    let now = Int64(clamping: now)
    guard let path = envelope.reversePath else {
      let helo = await verifier.check(
        .helo, client: client, helo: envelope.helo, mailFrom: nil, now: now, clock: clock)
      let mailFrom = SPFCheck(
        identity: .mailFrom, result: .none, domain: nil, reason: "no reverse-path is given")
      return SPFVerdict(mailFrom: mailFrom, helo: helo)
    }
    return await verifier.check(
      client: client, helo: envelope.helo, mailFrom: path, now: now, clock: clock)
  }

  /// Asks for the record that DMARC will want first, so that its answer is there in time.
  private func anticipate(_ domains: [DomainName], _ lookups: some Resolver) async {
    guard let name = try? domains.first?.prepending("_dmarc") else { return }
    _ = try? await lookups.lookup(name, .txt)
  }

  private func conclude(
    _ found: SignatureFindings, _ spf: SPFVerdict?, _ intake: MessageIntake, _ envelope: Envelope,
    _ lookups: MessageLookups<Source, some Clock<Duration>>
  ) async -> MessageVerdict {
    let evaluation = AuthorEvaluation(
      author: found.author, spf: spf, dkim: found.dkim, arc: found.arc, client: envelope.client,
      policy: policy)
    let evaluated = await lookups.deadline.run { await evaluation.evaluate(lookups) }
    let (dmarc, comparison) = evaluated ?? (DMARCVerdict(.temperror), nil)
    return MessageVerdict(
      client: envelope.client, spf: spf, dkim: found.dkim, arc: found.arc, dmarc: dmarc,
      dmarcComparison: comparison, headerDefects: intake.header.defects, header: intake.header,
      bodyCount: intake.bodyCount)
  }
}

/// A message as its only piece.
private struct WholeMessage: AsyncSequence, AsyncIteratorProtocol {
  let octets: [UInt8]
  private var isRead = false

  init(octets: [UInt8]) { self.octets = octets }

  func makeAsyncIterator() -> WholeMessage { self }

  mutating func next() async -> [UInt8]? {
    guard !isRead else { return nil }
    isRead = true
    return octets
  }
}
