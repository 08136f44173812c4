public import Authentication
public import DNS
internal import Wire

/// A message on its way to us: the DNS there is, the session it came by, and our policy.
public struct MessageScene: Sendable {
  /// TXT records by name.
  public var zone: [String: [String]]
  /// Names that fail.
  public var failures: [String: LookupFailure] = [:]
  public var policy = AuthenticationPolicy()
  public var client = "192.0.2.1"
  public var helo = "mx.example.org"
  /// The reverse-path without angle brackets; nil: not known.
  public var mailFrom: String?
  public var now: UInt64 = 1_700_000_000

  public init(_ zones: [String: [String]]...) {
    zone = zones.reduce(into: [:]) { $0.merge($1) { $0 + $1 } }
  }

  public var resolver: ScriptedResolver {
    get throws {
      var scripts: [DomainName: [ScriptedResolver.Script]] = [:]
      for (name, texts) in zone {
        scripts[try DomainName(parsing: name), default: []].append(
          .records(texts.map { .txt([Array($0.utf8)]) }))
      }
      for (name, failure) in failures {
        scripts[try DomainName(parsing: name)] = [.failure(failure)]
      }
      return ScriptedResolver(scripts)
    }
  }

  public var envelope: Envelope {
    get throws {
      Envelope(
        client: try IPAddress(parsing: client), helo: Array(helo.utf8),
        reversePath: mailFrom.map { Array($0.utf8) })
    }
  }

  public func authenticate(_ letter: Letter) async throws -> MessageVerdict {
    try await authenticate(letter.octets)
  }

  public func authenticate(_ message: [UInt8]) async throws -> MessageVerdict {
    try await MessageAuthenticator(resolver: try resolver, policy: policy).authenticate(
      message, envelope: try envelope, now: now, clock: ManualClock())
  }

  /// The verdict on the message as it arrives in pieces.
  public func authenticate(pieces: [[UInt8]]) async throws -> MessageVerdict {
    let stream = AsyncStream<[UInt8]> { stream in
      for piece in pieces { stream.yield(piece) }
      stream.finish()
    }
    return try await MessageAuthenticator(resolver: try resolver, policy: policy).authenticate(
      pieces: stream, envelope: try envelope, now: now, clock: ManualClock())
  }
}
