import Mail
import SMTP
import Transport
import Wire

/// What happens to a session in a test: the server says something, or an event occurs.
enum Turn: Sendable {
  /// Octets from the server, as they are.
  case server(String)
  case event(ClientSession.Event)

  static func begin(_ envelope: OutgoingEnvelope) -> Turn { .event(.begin(envelope)) }
  static func content(_ text: String) -> Turn { .event(.content(Array(text.utf8))) }
  static let end = Turn.event(.endOfContent)
  static let quit = Turn.event(.quit)
  static let proven = Turn.event(
    .tlsEstablished(PeerVerdict(.authenticated(by: "DANE-EE 3 1 1"))))
  static let unproven = Turn.event(.tlsEstablished(PeerVerdict(.notDemanded)))
}

/// A session driven by a script, and a log of what it did: `C:` before what it sent.
struct Dialogue {
  var session: ClientSession
  var log: [String] = []
  /// What was sent in one go.
  var segments: [[UInt8]] = []

  init(_ options: SessionOptions) { session = ClientSession(options) }

  /// Runs the script; the server's octets are cut by `cut`.
  mutating func run(_ turns: [Turn], cut: ([UInt8]) -> [[UInt8]] = { [$0] }) {
    feed(.connected)
    for turn in turns {
      switch turn {
      case .server(let text): for piece in cut(Array(text.utf8)) { feed(.received(piece)) }
      case .event(let event): feed(event)
      }
    }
  }

  mutating func feed(_ event: ClientSession.Event) {
    for action in session.handle(event) {
      if case .send(let octets) = action {
        segments.append(octets)
        note(octets)
      } else {
        log.append(describe(action))
      }
    }
  }

  private mutating func note(_ octets: [UInt8]) {
    for line in String(decoding: octets, as: UTF8.self).split(separator: "\r\n") {
      log.append("C: \(line)")
    }
  }
}

func describe(_ action: ClientSession.Action) -> String {
  switch action {
  case .send(let octets): "send \(octets.count)"
  case .startTLS: "tls"
  case .ready: "ready"
  case .sendContent: "content"
  case .close: "close"
  case .failed(let failure):
    "failed: \(failure)\(failure.allowsPlaintext ? ", plaintext allowed" : "")"
  case .finished(let result): "finished: " + result.outcomes.map(describe).joined(separator: "; ")
  case .authenticationEnded(let result): describe(result)
  }
}

func describe(_ outcome: TransactionResult.Outcome) -> String {
  switch outcome {
  case .accepted(let reply): "accepted \(reply.code)"
  case .refused(let reply, let stage): "refused \(reply.code) at \(stage.rawValue)"
  case .notOffered(let obstacle): "not offered, \(obstacle)"
  case .interrupted(_, let isInDoubt): "interrupted\(isInDoubt ? ", in doubt" : "")"
  }
}

func describe(_ result: AuthenticationResult) -> String {
  switch result {
  case .authenticated(let reply): "authenticated \(reply.code)"
  case .refused(let reply): "authentication refused \(reply.code)"
  case .notOffered(let names): "no mechanism among \(names.sorted())"
  case .unprotected: "password not sent"
  case .notReady: "not ready"
  case .interrupted: "authentication interrupted"
  }
}

extension SessionOptions {
  /// Options of `client.test` for a requirement of this level.
  static func test(
    _ level: TLSRequirement.Level, _ change: (inout SessionOptions) -> Void = { _ in }
  ) throws -> SessionOptions {
    var options = SessionOptions(
      helloName: .domain(try DomainName(parsing: "client.test")),
      requirement: TLSRequirement(level))
    change(&options)
    return options
  }
}

extension OutgoingEnvelope {
  /// From `sender@client.test` to these.
  static func test(
    to recipients: [String] = ["a@mx.test"], from sender: String = "<sender@client.test>",
    _ change: (inout OutgoingEnvelope) -> Void = { _ in }
  ) throws -> OutgoingEnvelope {
    var envelope = try OutgoingEnvelope(
      from: ReversePath(parsing: sender), to: recipients.map { try OutgoingRecipient(parsing: $0) })
    change(&envelope)
    return envelope
  }
}

/// A server's greeting and its reply to EHLO.
func hello(_ extensions: String...) -> [Turn] {
  let lines = ["mx.test"] + extensions
  let reply = lines.enumerated().map {
    "250\($0.offset == lines.count - 1 ? " " : "-")\($0.element)\r\n"
  }
  return [.server("220 mx.test\r\n"), .server(reply.joined())]
}
