public import DNS
public import Wire

/// A validating, caching resolver: libunbound on an event loop of its own thread.
///
/// What libunbound does not tell: it answers SERVFAIL alike when a server said so, refused, wrote
/// nonsense, cannot be reached, or kept silent until libunbound gave up. A look-up that outlasts
/// the configured timeout is `.timeout`; with a timeout above some ten seconds, or where many
/// authoritative servers are asked in turn, silence can end in `.serverFailure` instead. Both are
/// temporary. A key that could not be fetched counts as a failed proof, so as `.bogus`.
///
/// A signed answer whose proof fails is `.bogus` and never an answer. Without `isValidating`
/// every answer is `.insecure`.
public final class UnboundResolver: Resolver {
  /// Whether there is a trust anchor to validate from.
  public let isValidating: Bool
  /// The file the trust anchor was read from.
  public let trustAnchorFile: String?
  private let loops: [UnboundLoop]

  /// - Throws: `UnboundError` where libunbound refuses the configuration, or an anchor file named
  ///   in it cannot be read.
  public init(_ configuration: UnboundConfiguration = UnboundConfiguration())
    throws(UnboundError)
  {
    let anchor = try configuration.usedTrustAnchorFile()
    let forwarders = configuration.forwardAddresses
    var loops: [UnboundLoop] = []
    do throws(UnboundError) {
      for _ in 0..<min(max(configuration.threads, 1), 64) {
        loops.append(
          try UnboundLoop(
            forwarders: forwarders, trustAnchorFile: anchor, timeout: configuration.timeout))
      }
    } catch {
      for loop in loops { loop.close() }
      throw error
    }
    self.loops = loops
    trustAnchorFile = anchor
    isValidating = anchor != nil
  }

  deinit { close() }

  /// Ends the threads. Look-ups under way, and later ones, fail with `.serverFailure`.
  public func close() {
    for loop in loops { loop.close() }
  }

  public func lookup(
    _ name: DomainName, _ type: RecordType
  ) async throws(LookupFailure) -> Answer {
    if Task.isCancelled { throw .cancelled }
    let loop = loops[Int(UInt(bitPattern: name.hashValue) % UInt(loops.count))]
    let query = UnboundQuery(name, type, on: loop)
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        query.wait(continuation)
        loop.start(query)
        // The handler may have run before anybody waited.
        if Task.isCancelled { Self.abandon(query) }
      }
    } onCancel: {
      Self.abandon(query)
    }
    return try Self.answer(to: query, from: try result.get())
  }

  private static func abandon(_ query: UnboundQuery) {
    query.finish(.failure(.cancelled))
    query.loop.drop(query)
  }

  /// A bogus answer has a good response code and records: its mark is looked at first.
  private static func answer(
    to query: UnboundQuery, from response: UnboundQuery.Response
  ) throws(LookupFailure) -> Answer {
    guard response.security != 1 else {
      throw .bogus(response.reason.map(visible) ?? "no reason is known")
    }
    guard response.responseCode == 0 else {
      throw .serverFailure(
        DNSMessage.name(ofCode: UInt16(truncatingIfNeeded: response.responseCode)))
    }
    return try Answer(
      response: response.packet, to: query.name, query.type,
      security: response.security == 2 ? .secure : .insecure)
  }

  /// libunbound's texts quote names, which strangers choose.
  private static func visible(_ text: String) -> String {
    String(decoding: text.utf8.filter { $0.isVisible || $0 == .blank }, as: UTF8.self)
  }
}
