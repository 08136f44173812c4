internal import NIOConcurrencyHelpers
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// A mail server on loopback, as honest or hostile as its behaviour says. What it is sent is kept,
/// so that a test sees what really went over the wire.
public final class SMTPPeer: Sendable {
  /// What one server has seen, over all its connections.
  public struct Record: Sendable {
    /// Command lines in their order, without line ends.
    public var commands: [String] = []
    /// Those of them that came by TLS.
    public var encryptedCommands: [String] = []
    /// Messages as they came: dots and all, the last line not included.
    public var messages: [[UInt8]] = []
    /// The chunks of BDAT.
    public var chunks: [[UInt8]] = []
    public var connectionCount = 0
    public var closedCount = 0
    /// The names asked for by SNI; nil where a client sent none.
    public var serverNames: [String?] = []
  }

  private let channel: any Channel
  private let seen: NIOLockedValueBox<Record>
  private let children: NIOLockedValueBox<[any Channel]>
  /// Where it listens.
  public let port: UInt16

  private init(
    _ channel: any Channel, _ seen: NIOLockedValueBox<Record>,
    _ children: NIOLockedValueBox<[any Channel]>
  ) {
    self.channel = channel
    self.seen = seen
    self.children = children
    port = UInt16(channel.localAddress?.port ?? 0)
  }

  /// What it has seen until now.
  public var record: Record { seen.withLockedValue { $0 } }

  /// Runs a server while `body` runs. Its address is `127.0.0.1`, or another of this host.
  public static func serving<Result>(
    _ behaviour: SMTPPeerBehaviour, at address: String = "127.0.0.1",
    _ body: (SMTPPeer) async throws -> Result
  ) async throws -> Result {
    let peer = try await start(behaviour, at: address)
    do {
      let result = try await body(peer)
      await peer.stop()
      return result
    } catch {
      await peer.stop()
      throw error
    }
  }

  private static func start(
    _ behaviour: SMTPPeerBehaviour, at address: String
  ) async throws -> SMTPPeer {
    let seen = NIOLockedValueBox(Record())
    let children = NIOLockedValueBox<[any Channel]>([])
    var configuration = behaviour.tls
    configuration?.sslContextCallback = { values, promise in
      seen.withLockedValue { $0.serverNames.append(values.serverHostname) }
      promise.succeed(.noChanges)
    }
    let context = try configuration.map { try NIOSSLContext(configuration: $0) }
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        children.withLockedValue { $0.append(channel) }
        return channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            SMTPPeerHandler(behaviour, context, seen))
        }
      }
      .bind(host: address, port: 0).get()
    return SMTPPeer(channel, seen, children)
  }

  private func stop() async {
    _ = try? await channel.close()
    for child in children.withLockedValue({ $0 }) { child.close(promise: nil) }
  }
}
