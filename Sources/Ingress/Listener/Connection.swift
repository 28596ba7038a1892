import NIOCore
import NIOHTTP1

/// One client: reads its requests one after another, has webhooks received, writes the answers in order.
///
/// A request is in work at a time; while it is, one read of what the client sends on is taken and no more.
final class Connection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

    enum State {
        /// Between requests, or within a head. Can transition to `body`, `discarding`, `closing`.
        case idle
        /// A webhook's body is being read. Can transition to `idle`, `inWork`, `closing`.
        case body
        /// The answer is written, the rest of the request is not read yet. Can transition to `idle`, `closing`.
        case discarding
        /// A webhook is at the receiver. Can transition to `idle`, `closing`.
        case inWork
        /// The last answer is written. What comes is swallowed.
        case closing
        /// The channel is gone.
        case closed
    }

    /// What the decoder and the channel tell, in order.
    enum Event {
        case part(HTTPServerRequestPart)
        /// No HTTP, or more of it than is borne; nothing after it can be read.
        case malformed(Answer)
        /// The client sends no more; it may still read.
        case inputEnded
    }

    /// So many events are kept while a request is in work: when there are more, its answer is the last.
    static let maxWaitingEvents = 64
    /// A body that is not wanted is read to its end when it is this small, so that the connection can be kept.
    static let maxDiscardedBytes = 64 << 10

    let loop: LoopConnections
    /// What the request at hand is judged by; those of the latest where there is none.
    var rules: WebhookRules
    var context: ChannelHandlerContext?
    var state = State.idle
    /// The first byte's time of the request that is being read or answered.
    var requestStart: NIODeadline?
    var kind = RequestOutcome.Kind.other
    var closesAfterAnswer = false
    var body: IncomingBody?
    /// Counts requests: tells a late grant or verdict from one that is awaited.
    var number: UInt64 = 0
    /// The request at the receiver and the bytes it holds; outlives the channel.
    var work: (number: UInt64, heldBytes: Int)?
    var waiting = CircularBuffer<Event>()
    var bytesCameDuringWork = false
    var inputHasEnded = false
    var needsFlush = false
    private var isHandling = false
    private var swallowed = 0
    /// Whether a request was answered on this connection.
    var hasServed = false

    // Kept by LoopConnections and its queues.
    var standing: LoopConnections.Standing?
    var standingSince = NIODeadline.now()
    /// Whether a request was answered since then, which begins a new wait for the next.
    var hasServedSincePlaced = false
    var queue: ConnectionQueue?
    weak var previousInQueue: Connection?
    var nextInQueue: Connection?

    init(loop: LoopConnections) {
        self.loop = loop
        self.rules = loop.rules
    }

    var resources: ListenerResources { self.loop.resources }
    var limits: ListenerConfiguration { self.loop.resources.configuration }

    /// Since when its peer has kept us waiting.
    var waitingSince: NIODeadline { self.requestStart ?? self.standingSince }

    // MARK: From the channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.channelIsGone()
    }

    func channelActive(context: ChannelHandlerContext) {
        self.loop.add(self)
        self.settle()
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.channelIsGone()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.take(.part(Self.unwrapInboundIn(data)))
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        self.settle()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        self.settle()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case ChannelEvent.inputClosed? = event as? ChannelEvent else { return }
        self.inputHasEnded = true
        self.take(.inputEnded)
        self.settle()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error as? HTTPParserError {
        case .some(.headerOverflow): self.take(.malformed(.headersTooLarge))
        case .some(.invalidVersion): self.take(.malformed(.versionNotSupported))
        case .some: self.take(.malformed(.badRequest))
        case nil: self.cut()
        }
        self.settle()
    }

    /// Tells of bytes before they are decoded; false when they are not to be.
    func admits(_ count: Int) -> Bool {
        switch self.state {
        case .closing, .closed:
            self.swallowed += count
            // Enough for a body of the allowed size that was refused; not for ever.
            if self.swallowed > 2 * self.rules.maxBodyBytes { self.cut() }
            return false
        case .inWork:
            self.bytesCameDuringWork = true
        case .idle, .body, .discarding:
            if self.requestStart == nil { self.requestStart = .now() }
        }
        return true
    }

    // MARK: Order

    /// Handles an event, or keeps it until the request in work is answered.
    private func take(_ event: Event) {
        switch self.state {
        case .closing, .closed: break
        case .inWork where self.waiting.count < Self.maxWaitingEvents: self.waiting.append(event)
        case .inWork: self.closesAfterAnswer = true
        case .idle, .body, .discarding: self.handling { self.handle(event) }
        }
    }

    /// Goes on with what came while a request was in work.
    func resume() {
        guard !self.isHandling else { return }
        self.handling {
            while self.state != .inWork, let event = self.waiting.popFirst() { self.handle(event) }
        }
        self.settle()
    }

    private func handling(_ work: () -> Void) {
        let wasHandling = self.isHandling
        self.isHandling = true
        defer { self.isHandling = wasHandling }
        work()
    }

    /// Writes out, files the connection under what it does now, and reads on if that is wanted.
    func settle() {
        guard let context = self.context, self.state != .closed, self.standing != nil else { return }
        self.askForShare()
        if self.needsFlush {
            self.needsFlush = false
            context.flush()
        }
        self.loop.place(self, self.currentStanding(isWritable: context.channel.isWritable))
        if self.wantsToRead(isWritable: context.channel.isWritable) { context.read() }
    }

    private func currentStanding(isWritable: Bool) -> LoopConnections.Standing {
        switch self.state {
        case .closing, .closed: .closing
        case .inWork: .working
        case .body, .discarding: .reading
        case .idle where self.requestStart != nil || !isWritable: .reading
        case .idle: self.hasServed ? .idle : .fresh
        }
    }

    private func wantsToRead(isWritable: Bool) -> Bool {
        switch self.state {
        case .closed: false
        case .closing: !self.inputHasEnded
        // A client that does not read its answers is not read from either.
        case .idle, .discarding: isWritable && !self.inputHasEnded
        case .body: !(self.body?.isWaiting ?? false) && !self.inputHasEnded
        case .inWork: !self.bytesCameDuringWork && !self.inputHasEnded
        }
    }

    /// Lets go of all but a webhook at the receiver, whose bytes are still held there.
    func channelIsGone() {
        guard self.state != .closed else { return }
        self.state = .closed
        self.waiting.removeAll()
        self.abandonBody()
        self.loop.remove(self)
        self.context = nil
    }
}
