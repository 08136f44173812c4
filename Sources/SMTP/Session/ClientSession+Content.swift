internal import Wire

// The message itself, by DATA (RFC 5321 §4.1.1.4) or BDAT (RFC 3030 §2).
extension ClientSession {
  mutating func askForContent() {
    transaction?.phase = .content
    wait(for: nil)
    actions.append(.sendContent)
  }

  mutating func content(_ octets: [UInt8]) {
    guard var current = transaction, current.phase == .content else { return }
    // The transaction's octets are not copied while a piece is added.
    transaction = nil
    var output = current.usesChunks ? current.chunk : []
    current.chunk = []
    do {
      try current.encoder.encode(octets, into: &output)
    } catch {
      transaction = current
      fail(.content(error), at: .content)
      return
    }
    guard current.usesChunks else {
      transaction = current
      if !output.isEmpty { actions.append(.send(output)) }
      actions.append(.sendContent)
      return
    }
    current.chunk = output
    transaction = current
    if output.count >= max(1, options.chunkSize) {
      sendChunk(isLast: false)
    } else {
      actions.append(.sendContent)
    }
  }

  mutating func endOfContent() {
    guard var current = transaction, current.phase == .content else { return }
    var output = current.usesChunks ? current.chunk : []
    do {
      try current.encoder.finish(into: &output)
    } catch {
      fail(.content(error), at: .content)
      return
    }
    if current.usesChunks {
      current.chunk = output
      transaction = current
      sendChunk(isLast: true)
    } else {
      current.phase = .endReply
      transaction = current
      actions.append(.send(output))
      wait(for: .endOfContent)
    }
  }

  /// Half a message must not look like a whole one: only closing the connection ends it
  /// (RFC 5321 §4.1.1.4).
  mutating func abandonContent() {
    guard transaction?.phase == .content else { return }
    fail(.contentAbandoned, at: .content)
  }

  private mutating func sendChunk(isLast: Bool) {
    guard let chunk = transaction?.chunk else { return }
    transaction?.chunk = []
    let command = "BDAT \(chunk.count)\(isLast ? " LAST" : "")"
    transcript.add(.client, command, isEncrypted: isEncrypted)
    actions.append(.send(Array(command.utf8) + [.carriageReturn, .lineFeed] + chunk))
    transaction?.phase = isLast ? .endReply : .chunkReply
    wait(for: isLast ? .endOfContent : .content)
  }

  mutating func answeredChunk(_ reply: SMTPReply) {
    switch reply.severity {
    case .success: askForContent()
    case .intermediate: fail(.outOfStep(reply), at: .content)
    case .transientFailure, .permanentFailure:
      transaction?.settle(.refused(reply, at: .content))
      endTransaction(reset: true)
    }
  }

  /// A reply before the end of the message. A refusal is believed; that it was accepted is not,
  /// since the server cannot have seen it. Either way nothing more can be said on the connection.
  mutating func answeredEarly(_ reply: SMTPReply) {
    if reply.isRefusal { refuseTransaction(reply, at: .content) }
    fail(.outOfStep(reply), at: .content)
  }

  /// SMTP has one reply for all, LMTP one for each recipient whose RCPT was accepted
  /// (RFC 2033 §4.2, §4.3).
  mutating func answeredEnd(_ reply: SMTPReply) {
    guard reply.severity != .intermediate else {
      fail(.outOfStep(reply), at: .endOfContent)
      return
    }
    let outcome: TransactionResult.Outcome =
      reply.isSuccess ? .accepted(reply) : .refused(reply, at: .endOfContent)
    // RFC 3030 §2: after a BDAT that failed, RSET is due.
    let mayHoldChunks = transaction?.usesChunks == true
    guard options.dialect == .lmtp else {
      transaction?.settle(outcome)
      endTransaction(reset: mayHoldChunks && reply.isRefusal)
      return
    }
    if let index = transaction?.nextForEndReply {
      transaction?.settle(index, outcome)
      transaction?.endReplies += 1
    }
    if transaction?.nextForEndReply == nil {
      endTransaction(reset: mayHoldChunks)
    } else {
      wait(for: .endOfContent)
    }
  }
}
