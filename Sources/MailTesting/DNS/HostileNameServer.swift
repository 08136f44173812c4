public import DNS
import Foundation
internal import Synchronization
public import Wire

/// A name server on loopback that does what it is told to each query, over UDP and TCP.
public final class HostileNameServer: Sendable {
  public struct Query: Sendable {
    public var identifier: UInt16
    public var name: DomainName
    public var type: RecordType
    public var isOverTCP: Bool

    /// A right response to it, for the test to spoil.
    public var response: ResponseWriter {
      ResponseWriter(identifier: identifier, question: (name, type))
    }
  }

  public enum Reaction: Sendable {
    /// No answer; over TCP, the connection is closed.
    case silence
    case reply([UInt8])
    /// The server does nothing else meanwhile.
    case late(milliseconds: UInt32, [UInt8])
  }

  public var address: IPAddress { .v4(0x7F00_0001) }
  public var port: UInt16 { socket.port }
  /// How many queries have come.
  public var queryCount: Int { count.withLock { $0 } }

  private let socket: LoopbackSocket
  private let react: @Sendable (Query) -> Reaction
  private let count = Mutex(0)
  private let isStopped = Mutex(false)

  /// - Parameter listens: whether TCP connections are taken; else they are refused.
  public init(listens: Bool = true, _ react: @escaping @Sendable (Query) -> Reaction) throws {
    socket = try LoopbackSocket.withRetries { try LoopbackSocket(port: 0, listens: listens) }
    self.react = react
    // The thread keeps the server until `stop`.
    Thread.detachNewThread { self.run() }
  }

  public func stop() { isStopped.withLock { $0 = true } }

  private func run() {
    while !isStopped.withLock({ $0 }) {
      var descriptors = [
        pollfd(fd: socket.datagrams, events: Int16(POLLIN), revents: 0),
        pollfd(fd: socket.listener, events: Int16(POLLIN), revents: 0),
      ]
      guard poll(&descriptors, 2, 20) > 0 else { continue }
      if descriptors[0].revents != 0 { answerDatagram() }
      if descriptors[1].revents != 0 { answerConnection() }
    }
  }

  private func answerDatagram() {
    guard let (octets, port) = socket.receiveFrom(),
      let reply = reply(to: octets, isOverTCP: false)
    else { return }
    socket.send(reply, to: port)
  }

  private func answerConnection() {
    let connection = accept(socket.listener, nil, nil)
    guard connection >= 0 else { return }
    defer { close(connection) }
    guard let length = Self.read(2, from: connection),
      let octets = Self.read(Int(length[0]) << 8 | Int(length[1]), from: connection),
      let reply = reply(to: octets, isOverTCP: true)
    else { return }
    let framed = ResponseWriter.octets(UInt16(truncatingIfNeeded: reply.count)) + reply
    Foundation.send(connection, framed, framed.count, CInt(MSG_NOSIGNAL))
  }

  private static func read(_ count: Int, from connection: CInt) -> [UInt8]? {
    var octets: [UInt8] = []
    while octets.count < count {
      guard LoopbackSocket.isReadable(connection, within: 1_000) else { return nil }
      var buffer = [UInt8](repeating: 0, count: count - octets.count)
      let got = recv(connection, &buffer, buffer.count, 0)
      guard got > 0 else { return nil }
      octets += buffer[..<got]
    }
    return octets
  }

  private func reply(to octets: [UInt8], isOverTCP: Bool) -> [UInt8]? {
    guard let message = try? DNSMessage(parsing: octets), let question = message.questions.first
    else { return nil }
    count.withLock { $0 += 1 }
    let query = Query(
      identifier: message.identifier, name: question.name, type: question.type,
      isOverTCP: isOverTCP)
    switch react(query) {
    case .silence: return nil
    case .reply(let octets): return octets
    case .late(let milliseconds, let octets):
      usleep(milliseconds * 1_000)
      return octets
    }
  }
}
