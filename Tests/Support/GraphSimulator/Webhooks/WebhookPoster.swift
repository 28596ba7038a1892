import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization
import TestSupport

/// Posts webhooks over a few kept connections, and again when they are not answered 200.
final class WebhookPoster: Sendable {
    /// What an attempt came to: the status of the answer; nil when there was none.
    typealias Status = Int?

    private struct Job: Sendable {
        let body: [UInt8]
        let signature: String
        var failures = 0
        /// Gets the first attempt's status.
        let firstStatus: EventLoopPromise<Status>?
    }

    private struct State: Sendable {
        var waiting: [Job] = []
        var firstWaiting = 0
        var idle: [any Channel] = []
        var busy = 0
        var isStopped = false
    }

    static let connectionLimit = 16
    static let pendingLimit = 200_000

    let target: WebhookTarget
    private let loop: any EventLoop
    private let state = Mutex(State())
    private let count: @Sendable ((inout WebhookStats) -> Void) -> Void

    /// - Parameter count: changes the counters of whoever keeps them.
    init(
        target: WebhookTarget, loop: any EventLoop, count: @escaping @Sendable ((inout WebhookStats) -> Void) -> Void
    ) {
        self.target = target
        self.loop = loop
        self.count = count
    }

    /// Signs a body and posts it as soon as a connection is free.
    ///
    /// - Returns: the first attempt's status.
    @discardableResult
    func post(_ body: [UInt8]) -> EventLoopFuture<Status> {
        let promise = self.loop.makePromise(of: Status.self)
        let signature = WebhookSignature.headerValue(of: body, secret: self.target.appSecret)
        self.count { $0.pending += 1 }
        self.enqueue(Job(body: body, signature: signature, firstStatus: promise))
        return promise.futureResult
    }

    /// Posts a body after a time.
    func post(after delay: Duration, _ body: @escaping @Sendable () -> [UInt8]) {
        self.loop.scheduleTask(in: TimeAmount(delay)) { _ = self.post(body()) }
    }

    /// Closes what is open; what waits is given up.
    func stop() {
        let (idle, waiting) = self.state.withLock { state in
            state.isStopped = true
            defer {
                state.idle = []
                state.waiting = []
                state.firstWaiting = 0
            }
            return (state.idle, Array(state.waiting[state.firstWaiting...]))
        }
        for channel in idle { channel.close(promise: nil) }
        for job in waiting { self.giveUp(job) }
    }

    private func enqueue(_ job: Job) {
        let isRefused = self.state.withLock { state in
            if state.isStopped || state.waiting.count - state.firstWaiting >= Self.pendingLimit { return true }
            state.waiting.append(job)
            return false
        }
        if isRefused { self.giveUp(job) } else { self.startNext() }
    }

    private func startNext() {
        let next = self.state.withLock { state -> (Job, (any Channel)?)? in
            guard !state.isStopped, state.firstWaiting < state.waiting.count, state.busy < Self.connectionLimit else {
                return nil
            }
            let job = state.waiting[state.firstWaiting]
            state.firstWaiting += 1
            if state.firstWaiting > 256, state.firstWaiting > state.waiting.count / 2 {
                state.waiting.removeFirst(state.firstWaiting)
                state.firstWaiting = 0
            }
            state.busy += 1
            return (job, state.idle.popLast())
        }
        guard let (job, channel) = next else { return }
        self.count {
            $0.posted += 1
            if job.failures > 0 { $0.retried += 1 }
        }
        let connected = channel.map { self.loop.makeSucceededFuture($0) } ?? self.connect()
        connected.whenFailure { _ in self.finished(job, status: nil, channel: nil) }
        connected.whenSuccess { channel in
            let promise = self.loop.makePromise(of: WebhookAnswer.self)
            let post = WebhookPost(body: job.body, signature: job.signature, promise: promise)
            let overdue = self.loop.scheduleTask(in: TimeAmount(self.target.retries.timeout)) {
                channel.close(promise: nil)
            }
            channel.writeAndFlush(post).cascadeFailure(to: promise)
            promise.futureResult.whenComplete { result in
                overdue.cancel()
                switch result {
                case .success(let answer):
                    self.finished(job, status: answer.status, channel: answer.isReusable ? channel : nil)
                    if !answer.isReusable { channel.close(promise: nil) }
                case .failure:
                    channel.close(promise: nil)
                    self.finished(job, status: nil, channel: nil)
                }
            }
        }
    }

    private func finished(_ job: Job, status: Status, channel: (any Channel)?) {
        self.state.withLock { state in
            state.busy -= 1
            if let channel, channel.isActive, !state.isStopped { state.idle.append(channel) }
        }
        job.firstStatus.map { if job.failures == 0 { $0.succeed(status) } }
        if status == 200 {
            self.count {
                $0.delivered += 1
                $0.pending -= 1
            }
        } else {
            var job = job
            job.failures += 1
            if let wait = self.target.retries.wait(after: job.failures) {
                self.loop.scheduleTask(in: TimeAmount(wait)) { [job] in self.enqueue(job) }
            } else {
                self.giveUp(job)
            }
        }
        self.startNext()
    }

    private func giveUp(_ job: Job) {
        if job.failures == 0 { job.firstStatus?.succeed(nil) }
        self.count {
            $0.givenUp += 1
            $0.pending -= 1
        }
    }

    private func connect() -> EventLoopFuture<any Channel> {
        let target = self.target
        return ClientBootstrap(group: self.loop)
            .connectTimeout(.seconds(2))
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(WebhookExchange(target: target))
                }
            }
            .connect(host: target.host, port: target.port)
    }
}
