internal import NIOCore

/// Listens below the TLS handler for the ServerHello, and passes everything on.
final class ServerHelloTap: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private(set) var reader = ServerHelloReader()

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if !reader.isDone { reader.append(unwrapInboundIn(data).readableBytesView) }
    context.fireChannelRead(data)
  }
}
