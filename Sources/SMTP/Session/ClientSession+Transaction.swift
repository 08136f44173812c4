internal import Mail
internal import Wire

// MAIL, RCPT and DATA, one by one or in a group (RFC 5321 §3.3, RFC 2920).
extension ClientSession {
  mutating func begin(_ envelope: OutgoingEnvelope) {
    if let obstacle = obstacle(to: envelope) {
      let outcomes = envelope.recipients.map { _ in TransactionResult.Outcome.notOffered(obstacle) }
      actions.append(.finished(TransactionResult(outcomes)))
      return
    }
    let isBinary = envelope.body == .binaryMIME
    transaction = Transaction(
      envelope,
      usesChunks: isBinary || options.prefersChunking && extensions.contains(.chunking),
      isPipelined: options.usesPipelining && extensions.contains(.pipelining),
      needsReset: needsReset, loneLineEnds: options.loneLineEnds)
    needsReset = false
    state = .transaction
    sendSteps()
  }

  /// What stands in the way of this message on this session.
  private func obstacle(to envelope: OutgoingEnvelope) -> Obstacle? {
    guard state == .ready else { return .notReady }
    guard meetsRequirement else { return .unprotected }
    if let limit = extensions.sizeLimit, let size = envelope.size, size > limit {
      return .tooLarge(limit: limit)
    }
    return missingExtension(for: envelope)
  }

  private func missingExtension(for envelope: OutgoingEnvelope) -> Obstacle? {
    if envelope.requiresTLS, envelope.reversePath != .null, !mayRequireTLS {
      // RFC 8689 §4.2.1: TLS, then proof of the peer, then the offer.
      return isPeerAuthenticated ? .lacks(.requireTLS) : .unprotected
    }
    // RFC 6531 §3.1: a server with SMTPUTF8 has 8BITMIME too; both are needed.
    if envelope.isInternational {
      if !extensions.contains(.smtpUTF8) { return .lacks(.smtpUTF8) }
      if !extensions.contains(.eightBitMIME) { return .lacks(.eightBitMIME) }
    }
    switch envelope.body {
    case .sevenBit: return nil
    case .eightBitMIME: return extensions.contains(.eightBitMIME) ? nil : .lacks(.eightBitMIME)
    case .binaryMIME:
      if !extensions.contains(.chunking) { return .lacks(.chunking) }
      return extensions.contains(.binaryMIME) ? nil : .lacks(.binaryMIME)
    }
  }

  /// Whether REQUIRETLS may be said at all. A notification without a reverse-path goes without it
  /// where that is not so (§4.2.1, §5).
  private var mayRequireTLS: Bool { isPeerAuthenticated && extensions.contains(.requireTLS) }

  /// Sends the next command, or all of them.
  private mutating func sendSteps() {
    var group: [UInt8] = []
    repeat {
      guard let step = transaction?.unsent, let command = command(for: step) else { break }
      write(command, into: &group)
      transaction?.sentCount += 1
    } while transaction?.isPipelined == true
    actions.append(.send(group))
    wait(for: transaction?.awaited?.stage)
  }

  private func command(for step: Transaction.Step) -> String? {
    guard let envelope = transaction?.envelope else { return nil }
    switch step {
    case .reset: return "RSET"
    case .mail: return envelope.command(extensions, mayRequireTLS: mayRequireTLS)
    case .recipient(let index): return envelope.recipients[index].command(extensions)
    case .data: return "DATA"
    }
  }

  mutating func answeredTransaction(_ reply: SMTPReply) {
    switch transaction?.phase {
    case .commands: answeredStep(reply)
    case .content: answeredEarly(reply)
    case .chunkReply: answeredChunk(reply)
    case .endReply: answeredEnd(reply)
    case .emptyEnd: endTransaction()
    case nil: fail(.outOfStep(reply), at: .idle)
    }
  }

  private mutating func answeredStep(_ reply: SMTPReply) {
    guard let step = transaction?.awaited else {
      fail(.outOfStep(reply), at: .idle)
      return
    }
    // Only DATA has an intermediate reply, and it has no other good one.
    let expected: SMTPReply.Severity = step == .data ? .intermediate : .success
    guard reply.isRefusal || reply.severity == expected else {
      fail(.outOfStep(reply), at: step.stage)
      return
    }
    transaction?.answeredCount += 1
    switch step {
    case .reset where reply.isRefusal:
      // The server may hold a transaction that nobody wants, and will not let go of it.
      fail(.refused(reply), at: .reset)
      return
    case .reset: break
    case .mail: answeredMail(reply)
    case .recipient(let index): answeredRecipient(index, reply)
    case .data:
      answeredData(reply)
      return
    }
    proceed()
  }

  private mutating func answeredMail(_ reply: SMTPReply) {
    transaction?.mailWasAccepted = reply.isSuccess
    if reply.isRefusal { transaction?.settle(.refused(reply, at: .mail)) }
  }

  private mutating func answeredRecipient(_ index: Int, _ reply: SMTPReply) {
    // Once MAIL has been refused, what is said of a recipient does not matter.
    guard transaction?.mailWasAccepted == true else { return }
    if reply.isSuccess {
      transaction?.accepted.append(index)
    } else {
      transaction?.settle(index, .refused(reply, at: .recipient))
    }
  }

  /// After a reply to anything but DATA: more replies, the next command, or the content.
  private mutating func proceed() {
    if let awaited = transaction?.awaited {
      wait(for: awaited.stage)
    } else if transaction?.unsettledCount == 0 {
      // All have been refused: DATA is not asked for.
      endTransaction(reset: transaction?.mailWasAccepted == true)
    } else if transaction?.unsent != nil {
      sendSteps()
    } else {
      askForContent()
    }
  }

  private mutating func answeredData(_ reply: SMTPReply) {
    guard !reply.isRefusal else {
      transaction?.settle(.refused(reply, at: .data))
      endTransaction(reset: transaction?.mailWasAccepted == true)
      return
    }
    guard transaction?.accepted.isEmpty == true else {
      askForContent()
      return
    }
    // RFC 2033 §4.2: 503 was due, and an LMTP server has no reply for an empty end.
    guard options.dialect == .smtp else {
      fail(.outOfStep(reply), at: .data)
      return
    }
    transaction?.phase = .emptyEnd
    send(".")
    wait(for: .endOfContent)
  }

  /// The transaction is over; the server may still hold it where `reset` says so.
  mutating func endTransaction(reset: Bool = false) {
    guard let ended = transaction else { return }
    transaction = nil
    needsReset = reset
    state = .ready
    wait(for: nil)
    actions.append(.finished(ended.result))
  }

  /// 421: those without an outcome have been refused.
  mutating func refuseTransaction(_ reply: SMTPReply, at stage: Stage) {
    transaction?.settle(.refused(reply, at: stage))
  }

  /// The session has failed in the middle of a transaction.
  mutating func interruptTransaction(_ failure: SessionFailure) {
    guard var interrupted = transaction else { return }
    transaction = nil
    let isInDoubt = interrupted.phase == .endReply
    interrupted.settle(.interrupted(failure, isInDoubt: isInDoubt))
    actions.append(.finished(interrupted.result))
  }
}
