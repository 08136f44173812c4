internal import NIOConcurrencyHelpers
internal import NIOCore
internal import NIOSSL

/// One connection of an `SMTPPeer`.
final class SMTPPeerHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let behaviour: SMTPPeerBehaviour
  private let tls: NIOSSLContext?
  private let seen: NIOLockedValueBox<SMTPPeer.Record>
  private var unread: [UInt8] = []
  /// What is still to be done before the next command is read.
  private var steps: [SMTPPeerStep] = []
  /// Whether a step takes its time.
  private var isWaiting = false
  private var isEncrypted = false
  private var acceptedCount = 0

  init(
    _ behaviour: SMTPPeerBehaviour, _ tls: NIOSSLContext?,
    _ seen: NIOLockedValueBox<SMTPPeer.Record>
  ) {
    self.behaviour = behaviour
    self.tls = tls
    self.seen = seen
  }

  func channelActive(context: ChannelHandlerContext) {
    seen.withLockedValue { $0.connectionCount += 1 }
    steps = (behaviour.hasImplicitTLS ? [.startTLS] : []) + behaviour.greeting
    work(context)
  }

  func channelInactive(context: ChannelHandlerContext) {
    seen.withLockedValue { $0.closedCount += 1 }
    isWaiting = true
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    unread += unwrapInboundIn(data).readableBytesView
    work(context)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  private func work(_ context: ChannelHandlerContext) {
    while !isWaiting {
      if !steps.isEmpty {
        guard carryOut(steps[0], context) else { return }
        steps.removeFirst()
      } else if let command = takeLine() {
        note(command)
        steps = behaviour.steps(
          for: command, isEncrypted: isEncrypted, acceptedCount: acceptedCount)
        countRecipients(command)
      } else {
        return
      }
    }
  }

  private func note(_ command: String) {
    seen.withLockedValue {
      $0.commands.append(command)
      if isEncrypted { $0.encryptedCommands.append(command) }
    }
  }

  private func countRecipients(_ command: String) {
    switch command.prefix(4).uppercased() {
    case "RCPT":
      if case .send(let reply)? = steps.first, reply.hasPrefix("2") { acceptedCount += 1 }
    case "MAIL", "RSET", "EHLO", "LHLO": acceptedCount = 0
    default: break
    }
  }

  /// Does a step; false where more octets have to come first.
  private func carryOut(_ step: SMTPPeerStep, _ context: ChannelHandlerContext) -> Bool {
    switch step {
    case .send(let text): write(Array(text.utf8), context)
    case .sendOctets(let octets): write(octets, context)
    case .sendSlowly(let text, let pause): drip(Array(text.utf8)[...], pause, context)
    case .flood(let text):
      // Many small writes would keep the event loop from everybody else.
      let times = 1 + 65_536 / text.utf8.count
      flood(ByteBuffer(string: String(repeating: text, count: times)), context)
    case .readContent:
      guard let message = takeMessage() else { return false }
      seen.withLockedValue { $0.messages.append(message) }
    case .readOctets(let count):
      guard unread.count >= count else { return false }
      seen.withLockedValue { $0.chunks.append(Array(unread.prefix(count))) }
      unread.removeFirst(count)
    case .startTLS: startTLS(context)
    case .stall: isWaiting = true
    case .stopReading:
      isWaiting = true
      try? context.channel.syncOptions?.setOption(.autoRead, value: false)
    case .close:
      isWaiting = true
      context.close(promise: nil)
    }
    return true
  }

  private func write(_ octets: [UInt8], _ context: ChannelHandlerContext) {
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: octets)), promise: nil)
  }

  private func startTLS(_ context: ChannelHandlerContext) {
    unread = []
    isEncrypted = true
    guard let tls else { return }
    try? context.pipeline.syncOperations.addHandler(
      NIOSSLServerHandler(context: tls), position: .first)
  }

  private func drip(
    _ octets: ArraySlice<UInt8>, _ pause: Duration, _ context: ChannelHandlerContext
  ) {
    guard let first = octets.first, context.channel.isActive else {
      isWaiting = false
      return
    }
    isWaiting = true
    write([first], context)
    context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(pause)) {
      self.drip(octets.dropFirst(), pause, context)
      self.work(context)
    }
  }

  private func flood(_ piece: ByteBuffer, _ context: ChannelHandlerContext) {
    isWaiting = true
    context.writeAndFlush(wrapOutboundOut(piece)).assumeIsolated().whenSuccess {
      // Later: what is executed at once comes before all input, that which closes the connection too.
      context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(1)) {
        self.flood(piece, context)
      }
    }
  }
}

// MARK: - Reading

extension SMTPPeerHandler {
  private func takeLine() -> String? {
    guard let end = unread.firstRange(of: [13, 10]) else { return nil }
    let line = String(decoding: unread[..<end.lowerBound], as: UTF8.self)
    unread.removeSubrange(..<end.upperBound)
    return line
  }

  /// A message up to the line that is a dot alone, which only CRLF makes a line.
  private func takeMessage() -> [UInt8]? {
    if unread.starts(with: [46, 13, 10]) {
      unread.removeFirst(3)
      return []
    }
    guard let end = unread.firstRange(of: [13, 10, 46, 13, 10]) else { return nil }
    let message = Array(unread[..<(end.lowerBound + 2)])
    unread.removeSubrange(..<end.upperBound)
    return message
  }
}
