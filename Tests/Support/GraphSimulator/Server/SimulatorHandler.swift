import NIOCore
import NIOHTTP1

/// Reads requests off one connection and answers them, well or ill.
final class SimulatorHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// Larger bodies are refused; Meta's own limit is far below.
    private static let bodyLimit = 16 << 20

    private let simulator: GraphSimulator
    private var connection = 0
    private var head: HTTPRequestHead?
    private var body = ByteBuffer()
    /// Whether a request to Graph is judged and not yet answered.
    private var isAnswering = false

    init(simulator: GraphSimulator) {
        self.simulator = simulator
    }

    func channelActive(context: ChannelHandlerContext) {
        self.connection = self.simulator.connectionOpened()
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.answered()
        self.simulator.connectionClosed()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch self.unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            self.body.clear()
            if head.headers.first(name: "Expect")?.lowercased() == "100-continue" {
                context.writeAndFlush(
                    self.wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
            }
        case .body(let part):
            guard self.body.readableBytes + part.readableBytes <= Self.bodyLimit else {
                context.close(promise: nil)
                return
            }
            if self.body.readableBytes == 0 {
                self.body = part
            } else {
                self.body.writeImmutableBuffer(part)
            }
        case .end:
            guard let head = self.head else { return }
            self.head = nil
            self.handle(head, context)
        }
    }

    private func handle(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let request = IncomingRequest(
            connection: self.connection, method: head.method.rawValue, target: head.uri, headers: head.headers,
            body: Array(self.body.readableBytesView))
        let writer = AnswerWriter(isKeepAlive: head.isKeepAlive, isForHead: head.method == .HEAD)
        guard !request.target.hasPrefix(ControlRoutes.prefix) else {
            let loop = context.eventLoop.assumeIsolated()
            ControlRoutes.answer(to: request, of: self.simulator, on: context.eventLoop).assumeIsolated()
                .whenSuccess { answer in loop.execute { writer.write(answer, to: context) } }
            return
        }
        let reaction = self.simulator.react(to: request)
        self.isAnswering = true
        guard reaction.delay > .zero else {
            self.carryOut(reaction, writer, context)
            return
        }
        context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(reaction.delay)) {
            guard context.channel.isActive else { return }
            self.carryOut(reaction, writer, context)
        }
    }

    private func carryOut(_ reaction: Reaction, _ writer: AnswerWriter, _ context: ChannelHandlerContext) {
        switch reaction.disturbance {
        case .hang: return
        case .reset: writer.reset(context)
        case .close: context.close(promise: nil)
        case .half: writer.writeHalf(of: reaction.answer, to: context)
        case .slow(let time):
            writer.writeSlowly(reaction.answer, over: time, to: context) { self.answered() }
            return
        case .none, .htmlBadGateway, .emptyUnavailable, .noJSON: writer.write(reaction.answer, to: context)
        }
        self.answered()
    }

    private func answered() {
        guard self.isAnswering else { return }
        self.isAnswering = false
        self.simulator.answered()
    }
}
