import Mail
import SMTP
import Transport
import Wire

/// The replies that come of octets in these pieces, and the fault that ends them.
private func replies(_ pieces: [[UInt8]]) -> ([SMTPReply], ReplyFault?) {
  var parser = ReplyParser()
  var replies: [SMTPReply] = []
  for piece in pieces {
    parser.append(piece)
    do throws(ReplyFault) {
      while let reply = try parser.next() { replies.append(reply) }
    } catch {
      return (replies, error)
    }
  }
  return (replies, nil)
}

@Sendable func fuzzReplies(_ input: [UInt8]) {
  let (whole, fault) = replies([input])
  for pieces in cuttings(of: input) {
    let (cut, cutFault) = replies(pieces)
    requireEqual(cut, whole, "replies do not depend on how octets are cut")
    requireEqual(cutFault, fault, "faults do not depend on how octets are cut")
  }
  let limits = ReplyLimits()
  for reply in whole {
    require((200..<600).contains(reply.code), "a code")
    requireEqual(reply.severity.rawValue, reply.code / 100, "the first digit")
    require((1...limits.lines).contains(reply.lines.count), "a number of lines")
    require(reply.lines.joined().count <= limits.octets, "octets of a reply")
    require(
      reply.lines.allSatisfy { !$0.contains(13) && !$0.contains(10) }, "a line holds no line end")
    require(
      reply.description.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F },
      "a printed reply plays no tricks")
    let extensions = ServiceExtensions(reply: reply)
    require(extensions.lines.count < reply.lines.count, "the first line is no extension")
  }
}

/// Drives a session by octets of the input: the first choose what is asked of it, the rest are
/// what a server says.
@Sendable func fuzzClientSession(_ input: [UInt8]) {
  guard let first = input.first, let envelope = sampleEnvelope(first) else { return }
  let rest = Array(input.dropFirst())
  var session = ClientSession(options(first))
  var sent: [UInt8] = []
  var finished = 0
  var begun = 0
  var hasClosed = false

  func carryOut(_ actions: [ClientSession.Action]) {
    for action in actions {
      require(!hasClosed, "nothing is done after the connection has been closed")
      switch action {
      case .send(let octets): sent += octets
      case .finished(let result):
        finished += 1
        requireEqual(
          result.outcomes.count, envelope.recipients.count, "an outcome for each recipient")
      case .close: hasClosed = true
      case .startTLS:
        let verdict = PeerVerdict(first & 1 == 0 ? .authenticated(by: "x") : .notDemanded)
        carryOut(session.handle(.tlsEstablished(verdict)))
      case .ready, .sendContent, .failed, .authenticationEnded: break
      }
    }
  }

  carryOut(session.handle(.connected))
  for (index, piece) in rest.split(separator: 0xFF, omittingEmptySubsequences: false).enumerated() {
    if session.isReady {
      require(session.meetsRequirement, "an open session meets its requirement")
      begun += 1
      carryOut(session.handle(.begin(envelope)))
      // What a message consists of must not matter to the commands.
      carryOut(session.handle(.content([0x2E, 13, 10])))
    }
    carryOut(session.handle(.received(Array(piece))))
    if index % 3 == 1 { carryOut(session.handle(.content([0x2E, 13, 10]))) }
    if index % 3 == 2 { carryOut(session.handle(.endOfContent)) }
  }
  carryOut(session.handle(.closedByPeer))
  require(hasClosed, "a lost connection ends the session")
  requireEqual(finished, begun, "each transaction has one result")
  checkSent(sent)
}

/// Lines end in CRLF alone, and none was put together by the server.
private func checkSent(_ sent: [UInt8]) {
  let lines = sent.split(separator: 10, omittingEmptySubsequences: false)
  requireEqual(lines.last.map(Array.init), [], "what is sent ends in a line end")
  let verbs = [
    "EHLO", "HELO", "STARTTLS", "MAIL FROM:<", "RCPT TO:<", "DATA", "BDAT ", "RSET", "QUIT", ".",
  ]
  for line in lines.dropLast() {
    requireEqual(line.last, 13, "CR stands before LF")
    require(!line.dropLast().contains(13), "no CR stands alone")
    require(verbs.contains { line.starts(with: $0.utf8) }, "a line of our own: \(line.text)")
  }
}

private func options(_ choice: UInt8) -> SessionOptions {
  let levels: [TLSRequirement.Level] = [.plaintext, .opportunistic, .encrypted, .webPKI]
  let level = levels[Int(choice >> 1 & 3)]
  var options = SessionOptions(
    helloName: .literal(.v4(0x7F00_0001)), requirement: TLSRequirement(level))
  options.usesPipelining = choice & 8 == 0
  options.prefersChunking = choice & 16 == 0
  options.chunkSize = 4
  return options
}

private func sampleEnvelope(_ choice: UInt8) -> OutgoingEnvelope? {
  guard let one = try? OutgoingRecipient(parsing: "a@example.com"),
    let two = try? OutgoingRecipient(.postmaster, notifications: [.failure])
  else { return nil }
  let recipients = choice & 32 == 0 ? [one, two] : [one]
  return try? OutgoingEnvelope(
    from: .null, to: recipients, size: 3, requiresTLS: choice & 64 == 0, envelopeID: "x")
}
