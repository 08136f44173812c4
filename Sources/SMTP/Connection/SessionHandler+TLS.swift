internal import NIOCore
internal import NIOSSL
public import Transport
internal import Wire

/// Judges the chain that a peer presents, leaf first, each certificate in DER. It is asked inside
/// the handshake, before anything is sent by TLS.
public typealias PeerCheck = @Sendable ([[UInt8]]) async -> PeerVerdict

extension SessionHandler {
  /// Puts TLS below the session. Every octet read from now on belongs to it.
  func startTLS(_ context: ChannelHandlerContext) {
    tls = SessionReport.TLS()
    do {
      let handler = try makeTLSHandler(context)
      try context.pipeline.syncOperations.addHandlers([tap, handler], position: .first)
    } catch {
      tlsFailed(error)
    }
  }

  private func makeTLSHandler(_ context: ChannelHandlerContext) throws -> NIOSSLClientHandler {
    let tlsContext = try ClientTLS.context(minimum: options.effectiveMinimum)
    let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
    let callback: NIOSSLCustomVerificationCallback = { chain, promise in
      handler.value.verify(chain, promise)
    }
    let name = options.session.requirement.serverName
    do {
      let made = try NIOSSLClientHandler(
        context: tlsContext, serverHostname: name?.description,
        customVerificationCallback: callback)
      tls?.serverName = name
      return made
    } catch {
      // A name that SNI cannot carry, such as one with an underscore: the check of the chain
      // decides all the same.
      return try NIOSSLClientHandler(
        context: tlsContext, serverHostname: nil, customVerificationCallback: callback)
    }
  }

  private func verify(
    _ chain: [NIOSSLCertificate], _ promise: EventLoopPromise<NIOSSLVerificationResult>
  ) {
    let octets = chain.compactMap { try? $0.toDERBytes() }
    tls?.chain = octets
    guard octets.count == chain.count else {
      promise.succeed(.failed)
      return
    }
    guard options.session.requirement.requiresAuthentication else {
      tls?.verdict = PeerVerdict(.notDemanded)
      promise.succeed(.certificateVerified)
      return
    }
    let handler = NIOLoopBound(self, eventLoop: promise.futureResult.eventLoop)
    verification = Task { [check] in
      let verdict = await check(octets)
      promise.futureResult.eventLoop.execute {
        handler.value.tls?.verdict = verdict
        promise.succeed(verdict.isProof ? .certificateVerified : .failed)
      }
    }
  }

  func tlsEstablished(_ context: ChannelHandlerContext) {
    noteCipher()
    let handler = try? context.pipeline.syncOperations.handler(type: NIOSSLClientHandler.self)
    tls?.version = handler?.tlsVersion.map(ClientTLS.name)
    feed(.tlsEstablished(tls?.verdict ?? PeerVerdict(.notDemanded)))
  }

  func tlsFailed(_ error: any Error) {
    noteCipher()
    if case .failed(let failure, let text) = tls?.verdict?.result {
      feed(.tlsFailed(failure, text))
    } else {
      feed(.tlsFailed(.validationFailure, "\(error)"))
    }
  }

  private func noteCipher() { tls?.cipherSuite = tap.reader.suite }
}

extension PeerVerdict {
  /// Whether the peer has proven who it is. That nothing was demanded is no proof.
  var isProof: Bool {
    if case .authenticated = result { true } else { false }
  }
}
