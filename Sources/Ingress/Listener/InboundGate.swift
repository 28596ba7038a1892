import NIOCore

/// Stands before the HTTP decoder: tells the connection that bytes came, and lets none through after its last answer.
final class InboundGate: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let connection: Connection

    init(_ connection: Connection) {
        self.connection = connection
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = Self.unwrapInboundIn(data)
        guard self.connection.admits(bytes.readableBytes) else { return }
        context.fireChannelRead(data)
    }
}
