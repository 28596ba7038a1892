import NIOCore
import NIOHTTP1

/// Gathers a request's body, has its signature checked, and answers.
final class WebhookHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let checker: BodyChecker
    private var signature = ""
    private var body = ByteBuffer()

    init(checker: BodyChecker) {
        self.checker = checker
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch self.unwrapInboundIn(data) {
        case .head(let head):
            self.signature = head.headers.first(name: "X-Hub-Signature-256") ?? ""
            self.body.clear()
        case .body(var part):
            self.body.writeBuffer(&part)
        case .end:
            let isSigned = self.checker.accepts(self.body.readableBytesView, signature: self.signature)
            let head = HTTPResponseHead(
                version: .http1_1, status: isSigned ? .ok : .unauthorized, headers: ["Content-Length": "0"])
            context.write(self.wrapOutboundOut(.head(head)), promise: nil)
            context.writeAndFlush(self.wrapOutboundOut(.end(nil)), promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
