internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// An HTTPS server on loopback that answers every request as it is told, badly where it is told so.
///
/// It speaks no HTTP of its own: what it sends is written out octet by octet, so that it can send
/// what no server library would.
public struct PolicyHost: Sendable {
  /// What becomes of a connection once a request is there.
  public enum Answer: Sendable {
    /// These octets, then the end.
    case octets([UInt8])
    /// These octets, then silence.
    case octetsThenSilence([UInt8])
    /// A head, then chunks of a kibibyte for as long as anybody listens.
    case endlessChunks
    /// A head, then one octet in so many milliseconds.
    case drip(milliseconds: Int64)
  }

  /// The newest TLS that it speaks.
  public enum Version: Sendable { case tls11, tls13 }

  private let channel: any Channel
  /// Where it listens, on 127.0.0.1.
  public let port: UInt16

  /// - Parameter chain: certificates, the server's first.
  public init(
    chain: [LabCertificate], version: Version = .tls13, answer: Answer
  ) async throws {
    let context = try Self.context(chain, version)
    channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandlers([
            NIOSSLServerHandler(context: context), PolicyHostHandler(answer),
          ])
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    port = UInt16(channel.localAddress?.port ?? 0)
  }

  public func stop() async { try? await channel.close() }

  private static func context(
    _ chain: [LabCertificate], _ version: Version
  ) throws -> NIOSSLContext {
    let certificates = try chain.map {
      NIOSSLCertificateSource.certificate(try NIOSSLCertificate(bytes: $0.der, format: .der))
    }
    let key = try NIOSSLPrivateKey(bytes: Array(chain[0].privateKeyPEM.utf8), format: .pem)
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: certificates, privateKey: .privateKey(key))
    if version == .tls11 {
      configuration.minimumTLSVersion = .tlsv1
      configuration.maximumTLSVersion = .tlsv11
    }
    return try NIOSSLContext(configuration: configuration)
  }

  /// A whole answer with its `Content-Length`.
  public static func answer(
    _ status: String, _ body: [UInt8], fields: [String] = ["Content-Type: text/plain"]
  ) -> Answer {
    let head = ["HTTP/1.1 \(status)"] + fields + ["Content-Length: \(body.count)", "", ""]
    return .octets(Array(head.joined(separator: "\r\n").utf8) + body)
  }
}

/// Waits for the end of a request's head, then does as it was told.
private final class PolicyHostHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let answer: PolicyHost.Answer
  private var request: [UInt8] = []
  private var hasAnswered = false

  init(_ answer: PolicyHost.Answer) { self.answer = answer }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    request.append(contentsOf: unwrapInboundIn(data).readableBytesView)
    guard !hasAnswered, request.suffix(4) == Array("\r\n\r\n".utf8)[...] else { return }
    hasAnswered = true
    let chunked =
      "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
    switch answer {
    case .octets(let octets):
      write(octets, context).assumeIsolated().whenComplete { _ in context.close(promise: nil) }
    case .octetsThenSilence(let octets): _ = write(octets, context)
    case .endlessChunks:
      _ = write(Array(chunked.utf8), context)
      flood(context)
    case .drip(let milliseconds):
      _ = write(Array(chunked.utf8), context)
      drip(milliseconds, context)
    }
  }

  private func write(_ octets: [UInt8], _ context: ChannelHandlerContext) -> EventLoopFuture<Void> {
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: octets)))
  }

  private func flood(_ context: ChannelHandlerContext) {
    let chunk = Array("400\r\n".utf8) + Array(repeating: 0x61, count: 1024) + Array("\r\n".utf8)
    write(chunk, context).assumeIsolated().whenSuccess { self.flood(context) }
  }

  private func drip(_ milliseconds: Int64, _ context: ChannelHandlerContext) {
    write(Array("1\r\na\r\n".utf8), context).assumeIsolated().whenSuccess {
      context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(milliseconds)) {
        self.drip(milliseconds, context)
      }
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
