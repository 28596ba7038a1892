import NIOCore
import NIOHTTP1

/// One attempt to post one webhook.
struct WebhookPost: Sendable {
    let body: [UInt8]
    let signature: String
    let promise: EventLoopPromise<WebhookAnswer>
}

/// What the ingress answered.
struct WebhookAnswer: Sendable {
    let status: Int
    /// Whether the connection may carry another webhook.
    let isReusable: Bool
}

/// Writes webhooks to a connection, one after another, and reads the answers.
final class WebhookExchange: ChannelDuplexHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundIn = WebhookPost
    typealias OutboundOut = HTTPClientRequestPart

    private let target: WebhookTarget
    private var current: EventLoopPromise<WebhookAnswer>?
    private var head: HTTPResponseHead?

    init(target: WebhookTarget) {
        self.target = target
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let post = self.unwrapOutboundIn(data)
        self.current = post.promise
        let headers: HTTPHeaders = [
            "Host": "\(self.target.host):\(self.target.port)", "User-Agent": "facebookexternalua", "Accept": "*/*",
            "Content-Type": "application/json", "X-Hub-Signature-256": post.signature,
            "Content-Length": "\(post.body.count)",
        ]
        let head = HTTPRequestHead(version: .http1_1, method: .POST, uri: self.target.target, headers: headers)
        context.write(self.wrapOutboundOut(.head(head)), promise: nil)
        context.write(self.wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: post.body)))), promise: nil)
        context.write(self.wrapOutboundOut(.end(nil)), promise: promise)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch self.unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body: break
        case .end:
            guard let head, head.status.code >= 200 else { return }
            self.head = nil
            self.takeCurrent()?.succeed(WebhookAnswer(status: Int(head.status.code), isReusable: head.isKeepAlive))
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.takeCurrent()?.fail(ChannelError.eof)
        context.fireChannelInactive()
    }

    /// Before it is completed: whoever hears of the answer may write the next webhook to this connection at once.
    private func takeCurrent() -> EventLoopPromise<WebhookAnswer>? {
        defer { self.current = nil }
        return self.current
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
