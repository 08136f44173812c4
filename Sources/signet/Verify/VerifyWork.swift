import Authentication
import Mail
import Wire

/// Verifies messages, several at once, and tells what came of each in the order in which they
/// were given.
struct VerifyWork: Sendable {
  /// Of which each message gets a copy; they share the keys that were read.
  let authenticator: MessageAuthenticator<SelectedResolver>
  /// Seconds since 1970.
  let now: UInt64
  /// The session of messages that bring none.
  let session: Envelope
  /// Whether failing signatures are explained: the octets are kept until then, up to a bound.
  var explains = false

  /// - Parameters:
  ///   - answering: makes what is said of a message, for several of them at once.
  ///   - handle: is given the answers, one after another in order.
  func verify<Answer: Sendable>(
    _ inputs: any Sequence<MessageInput>, jobs: Int,
    answering: @escaping @Sendable (VerifyOutcome) -> Answer, _ handle: (Answer) -> Void
  ) async {
    await withTaskGroup(of: (Int, Answer).self) { group in
      var waiting: [Int: Answer] = [:]
      var started = 0
      var shown = 0
      func take(_ finished: (Int, Answer)?) {
        if let (index, answer) = finished { waiting[index] = answer }
        while let answer = waiting.removeValue(forKey: shown) {
          handle(answer)
          shown += 1
        }
      }
      for input in inputs {
        // A slow message holds back the answers behind it, but only so many.
        while started - shown >= jobs * 8 { take(await group.next()) }
        if started >= jobs { take(await group.next()) }
        let index = started
        group.addTask { (index, answering(await verify(input))) }
        started += 1
      }
      while let finished = await group.next() { take(finished) }
    }
  }

  func verify(_ input: MessageInput) async -> VerifyOutcome {
    do throws(UnreadableMessage) {
      let (verdict, diagnosis) = try await authenticate(input)
      return VerifyOutcome(input: input, result: .success(verdict), diagnosis: diagnosis)
    } catch {
      return VerifyOutcome(input: input, result: .failure(error))
    }
  }

  private func authenticate(
    _ input: MessageInput
  ) async throws(UnreadableMessage) -> (MessageVerdict, MessageDiagnosis?) {
    let pieces = KeptPieces(try input.open(), keeps: explains)
    var authenticator = authenticator
    authenticator.policy.lineEnds = LineEnds(firstLineOf: pieces.base.first)
    let envelope = try envelope(of: input)
    let verdict: MessageVerdict
    do {
      verdict = try await authenticator.authenticate(pieces: pieces, envelope: envelope, now: now)
    } catch MessageReader.Failure.headerTooLong(let limit) {
      throw UnreadableMessage(reason: "the header is longer than \(limit) octets")
    } catch MessageReader.Failure.tooManyHeaderLines(let limit) {
      throw UnreadableMessage(reason: "the header has more than \(limit) lines")
    } catch {
      throw UnreadableMessage(reason: "cannot be read")
    }
    guard verdict.header.isPlausible else {
      throw UnreadableMessage(reason: "not a mail message: it does not begin with a header field")
    }
    let octets = pieces.kept.octets
    let diagnosis = octets.map {
      MessageDiagnosis(of: $0, verdict, lineEnds: authenticator.policy.lineEnds)
    }
    return (verdict, diagnosis)
  }

  private func envelope(of input: MessageInput) throws(UnreadableMessage) -> Envelope {
    guard let own = input.session else { return session }
    do throws(SyntaxError) { return try own.envelope() } catch {
      throw UnreadableMessage(reason: "\"ip\" is not an IP address")
    }
  }
}

extension MessageHeader {
  /// Whether it is worth a verdict: binaries too have colons at the beginning of lines, so either
  /// the first line is a field (or what mbox programs make of a `From ` line) or there is a From.
  fileprivate var isPlausible: Bool {
    guard !octets.isEmpty, indices(of: "from").isEmpty else { return true }
    if octets.starts(with: "From ".utf8) || octets.starts(with: ">From ".utf8) { return hasFields }
    guard let first = fields.first, first.range.lowerBound == 0 else { return false }
    return !first.nameRange.isEmpty && octets[first.nameRange].allSatisfy { 0x21...0x7E ~= $0 }
  }
}

/// What came of one message.
struct VerifyOutcome: Sendable {
  let input: MessageInput
  let result: Result<MessageVerdict, UnreadableMessage>
  /// Why signatures fail, where that was asked for.
  var diagnosis: MessageDiagnosis?

  var status: ExitStatus {
    switch result {
    case .failure: .unreadable
    case .success(let verdict): verdict.status
    }
  }
}

extension MessageVerdict {
  /// The exit status that tells this verdict.
  var status: ExitStatus {
    switch dmarc.result {
    case .pass: .good
    case .temperror: .unknown
    case .fail: dmarc.overrides.contains { $0.reason != .policyTestMode } ? .good : .bad
    case .permerror: .bad
    case .none: statusWithoutPolicy
    }
  }

  /// Where no domain owner says what a failure means: one pass is enough. A key in test mode never
  /// makes anything worse than no signature does (RFC 6376 §3.6.1).
  private var statusWithoutPolicy: ExitStatus {
    let signatures = dkim.filter { !$0.isTesting || $0.result == .pass }
    let words = signatures.map(\.result.rawValue) + [spf?.mailFrom.result.rawValue ?? "none"]
    if words.contains("pass") { return .good }
    if words.contains("temperror") { return .unknown }
    return words.contains { $0 == "fail" || $0 == "permerror" } ? .bad : .good
  }
}
