import NIOCore
import NIOHTTP1

/// One client: one request, one answer, and the end.
final class AdminConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

    private let pages: AdminPages
    private let connections: AdminConnections
    private var context: ChannelHandlerContext?
    private var alarm: Scheduled<Void>?
    /// Whether the request's head has come.
    private var hasAsked = false
    private var isAnswered = false
    private var isWritten = false
    private var inputHasEnded = false

    init(pages: AdminPages, connections: AdminConnections) {
        self.pages = pages
        self.connections = connections
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func channelActive(context: ChannelHandlerContext) {
        self.setAlarm(in: self.connections.limits.requestTime) { $0.answer(.requestTimeout) }
        self.connections.add(self)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.isGone()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.isGone()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !self.hasAsked, !self.isAnswered, case .head(let head) = Self.unwrapInboundIn(data) else { return }
        self.hasAsked = true
        switch self.pages.reply(to: head) {
        case .now(let answer):
            self.answer(answer)
        case .later(let page):
            // Before the page is asked for: it may be there at once.
            self.setAlarm(in: self.connections.limits.pageTime) { $0.answer(.pageTimeout) }
            guard !self.connections.make(page, for: self, on: context.eventLoop) else { return }
            self.answer(.tooManyPages)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case ChannelEvent.inputClosed? = event as? ChannelEvent else { return }
        self.inputHasEnded = true
        // Who has not asked will not any more.
        if (!self.hasAsked && !self.isAnswered) || self.isWritten { self.cut() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // What comes behind the request does not matter.
        if self.hasAsked, error is HTTPParserError { return }
        switch error as? HTTPParserError {
        case .some(.headerOverflow): self.answer(.headersTooLarge)
        case .some: self.answer(.badRequest)
        case nil: self.cut()
        }
    }

    /// Closes at once.
    func cut() {
        guard let context = self.context else { return }
        self.isGone()
        context.close(promise: nil)
    }

    /// Answers the request, unless it has been answered.
    func answer(_ answer: AdminAnswer) {
        guard let context = self.context, !self.isAnswered else { return }
        self.isAnswered = true
        self.setAlarm(in: self.connections.limits.writeTime) { $0.cut() }
        let written = context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        written.futureResult.whenComplete { result in
            if case .success = result { bound.value.linger() } else { bound.value.cut() }
        }
        context.writeAndFlush(Self.wrapOutboundOut(answer.bytes), promise: written)
    }

    /// Ends this side of the connection alone, and swallows what still comes.
    ///
    /// Closing both with bytes unread would send a reset, which may destroy the answer before the client has read it.
    private func linger() {
        self.isWritten = true
        guard let context = self.context, !self.inputHasEnded else { return self.cut() }
        context.close(mode: .output, promise: nil)
        self.setAlarm(in: self.connections.limits.lingerTime) { $0.cut() }
    }

    private func setAlarm(in time: TimeAmount, _ act: @escaping @Sendable (AdminConnection) -> Void) {
        guard let context = self.context else { return }
        self.alarm?.cancel()
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        self.alarm = context.eventLoop.scheduleTask(in: time) { act(bound.value) }
    }

    private func isGone() {
        self.context = nil
        self.alarm?.cancel()
        self.alarm = nil
        self.connections.remove(self)
    }
}
