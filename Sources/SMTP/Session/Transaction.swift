/// One mail transaction under way.
struct Transaction: Sendable {
  /// A command whose reply is awaited, in the order in which they are sent.
  enum Step: Hashable, Sendable {
    case reset
    case mail
    /// The recipient's place in the envelope.
    case recipient(Int)
    case data

    var stage: Stage {
      switch self {
      case .reset: .reset
      case .mail: .mail
      case .recipient: .recipient
      case .data: .data
      }
    }
  }

  enum Phase: Hashable, Sendable {
    case commands
    /// The message is being handed over.
    case content
    /// A BDAT that is not the last has been sent.
    case chunkReply
    /// The end of the message has been sent.
    case endReply
    /// DATA was accepted although no recipient was: an empty message has been sent (RFC 2920 §3.1).
    case emptyEnd
  }

  let envelope: OutgoingEnvelope
  /// Whether BDAT carries the message.
  let usesChunks: Bool
  /// Whether all commands go out at once.
  let isPipelined: Bool
  /// All steps up to the content; those before `sentCount` have been sent, those before
  /// `answeredCount` answered.
  let steps: [Step]
  var sentCount = 0
  var answeredCount = 0
  var phase = Phase.commands
  private(set) var outcomes: [TransactionResult.Outcome?]
  /// How many recipients have no outcome yet.
  private(set) var unsettledCount: Int
  /// The recipients whose RCPT was accepted, in order.
  var accepted: [Int] = []
  /// How many of them have had their reply to the end of the message (LMTP).
  var endReplies = 0
  var mailWasAccepted = false
  var encoder: ContentEncoder
  /// Octets for the next BDAT.
  var chunk: [UInt8] = []

  init(
    _ envelope: OutgoingEnvelope, usesChunks: Bool, isPipelined: Bool, needsReset: Bool,
    loneLineEnds: LoneLineEnds
  ) {
    self.envelope = envelope
    self.usesChunks = usesChunks
    self.isPipelined = isPipelined
    let recipients = envelope.recipients.indices.map(Step.recipient)
    // RFC 3030 §2: BDAT waits until MAIL and RCPT have been answered.
    steps = (needsReset ? [.reset] : []) + [.mail] + recipients + (usesChunks ? [] : [.data])
    outcomes = Array(repeating: nil, count: envelope.recipients.count)
    unsettledCount = outcomes.count
    let form: ContentEncoder.Form =
      envelope.body == .binaryMIME ? .binary : usesChunks ? .lines : .dotted
    encoder = ContentEncoder(
      form, loneLineEnds: loneLineEnds,
      allowsEightBit: envelope.body != .sevenBit || envelope.isInternational)
  }

  /// The step whose reply comes next.
  var awaited: Step? { answeredCount < sentCount ? steps[answeredCount] : nil }
  /// The step to be sent next.
  var unsent: Step? { sentCount < steps.count ? steps[sentCount] : nil }

  /// Of which accepted recipient LMTP speaks next.
  var nextForEndReply: Int? { endReplies < accepted.count ? accepted[endReplies] : nil }

  /// Gives a recipient its outcome, if it has none.
  mutating func settle(_ index: Int, _ outcome: TransactionResult.Outcome) {
    guard outcomes[index] == nil else { return }
    outcomes[index] = outcome
    unsettledCount -= 1
  }

  /// Gives every recipient without an outcome this one.
  mutating func settle(_ outcome: TransactionResult.Outcome) {
    guard unsettledCount > 0 else { return }
    for index in outcomes.indices { settle(index, outcome) }
  }

  /// What came of it. Every way out has settled all recipients.
  var result: TransactionResult {
    TransactionResult(outcomes.map { $0 ?? .notOffered(.notReady) })
  }
}
