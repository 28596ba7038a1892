import Daemon
package import Logging
import Synchronization

/// A connection to NATS that never gives up: it connects, and connects again, for as long as it is open.
///
/// No call blocks. Messages go out in the order of the calls, by one thread; what cannot be written is refused or
/// reported, never kept without a bound.
package final class NATSConnection: Sendable {
    let link: Link
    let sweeping = Mailbox<Bool>()
    let sweeps = Pulse()

    /// Begins to connect; `connected()` waits for it.
    package init(_ options: NATSOptions, logger: Logger) {
        self.link = Link(options: options, logger: logger)
        let link = self.link
        startThread(named: "nats-link") { link.run() }
        let (sweeping, sweeps) = (self.sweeping, self.sweeps)
        startThread(named: "nats-deadlines") { Self.sweep(link.inbox, whenever: sweeping, beating: sweeps) }
        if options.usesTLS || options.credentialsPath != nil {
            warnOfOldClientLibrary(logger)
        }
    }

    deinit {
        self.sweeping.post(false)
    }

    /// Waits for the first connection; without end, unless the task is cancelled.
    package func connected() async throws(CancellationError) {
        let arrival = Arrival()
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                arrival.wait(continuation)
                self.link.whenConnected { arrival.happened() }
            }
        } onCancel: {
            arrival.happened()
        }
        if !self.link.hasBeenConnected.load(ordering: .acquiring) {
            throw CancellationError()
        }
    }

    /// Whether the connection stands, as far as this side has noticed.
    package var isConnected: Bool { self.link.isConnected.load(ordering: .acquiring) }
    /// The server's `max_payload` in bytes: headers and payload together.
    package var maximumPayload: Int { self.link.maximumPayload.load(ordering: .acquiring) }
    /// Whether this side has closed it.
    var isClosed: Bool { self.link.isFinished }
    /// How often the connection has come back.
    package var reconnects: Int { self.link.reconnects.load(ordering: .relaxed) }
    /// How many messages have been lost because too many were waiting to be delivered.
    package var dropped: Int { self.link.dropped.load(ordering: .relaxed) }
    /// An element each time that the connection has come back, from now on, once the server knows every subscription
    /// again; one for all that have not been taken.
    package var returns: AsyncStream<Void> { self.link.returns.stream() }
    /// The servers' hosts and ports, for logs and status lines.
    package var hosts: String { self.link.options.hosts }

    // MARK: Publishing

    /// Publishes with core NATS: no answer, and no word if the message is lost on the way.
    package func publish(_ message: OutgoingMessage) {
        self.link.write(message, number: nil)
    }

    /// Publishes with a reply subject of the caller's.
    package func publish(_ message: OutgoingMessage, reply: String) {
        self.link.forward(message, reply: reply)
    }

    /// Publishes messages to JetStream all at once and calls back when each has its answer, in their order.
    ///
    /// The callback comes exactly once, from any thread, `timeout` plus 0.1 s after the call at the latest.
    package func store(
        _ messages: [OutgoingMessage], timeout: Duration,
        completion: @escaping @Sendable ([Result<PubAck, NATSError>]) -> Void
    ) {
        guard !messages.isEmpty else { return completion([]) }
        let batch = AckBatch(count: messages.count, completion: completion)
        let handlers = messages.indices.map { index -> ReplyInbox.Handler in
            { reply in batch.settle(index, reply.flatMap { message in PubAck.read(Array(message.payload)) }) }
        }
        guard let first = self.expect(handlers, timeout: timeout) else {
            return completion(messages.map { _ in .failure(NATSError(.closed, "the connection to NATS is closed")) })
        }
        self.link.write(messages, from: first)
    }

    /// Publishes messages to JetStream all at once and waits until each has its answer, in their order.
    package func store(_ messages: [OutgoingMessage], timeout: Duration) async -> [Result<PubAck, NATSError>] {
        await withCheckedContinuation { continuation in
            self.store(messages, timeout: timeout) { continuation.resume(returning: $0) }
        }
    }

    /// Sends a request and waits for the first answer.
    ///
    /// - Throws: `NATSError` with code `noResponders`, `timeout`, `disconnected`, `overloaded` or `closed`.
    package func request(_ message: OutgoingMessage, timeout: Duration) async throws(NATSError) -> NATSMessage {
        let result = await withCheckedContinuation { continuation in
            self.request(message, timeout: timeout) { continuation.resume(returning: $0) }
        }
        return try result.get()
    }

    private func request(
        _ message: OutgoingMessage, timeout: Duration,
        completion: @escaping @Sendable (Result<NATSMessage, NATSError>) -> Void
    ) {
        let handler: ReplyInbox.Handler = { reply in completion(reply.map { $0.copied() }) }
        guard let number = self.expect([handler], timeout: timeout) else {
            return completion(.failure(NATSError(.closed, "the connection to NATS is closed")))
        }
        self.link.write(message, number: number)
    }

    /// Sends a message to ourselves through the server, which takes what was written before it first.
    ///
    /// Calls back once, from any thread: success says that the server has everything published so far and knows every
    /// subscription made so far.
    package func roundTrip(
        timeout: Duration, completion: @escaping @Sendable (Result<Void, NATSError>) -> Void
    ) {
        guard let number = self.expect([{ reply in completion(reply.map { _ in () }) }], timeout: timeout) else {
            return completion(.failure(NATSError(.closed, "the connection to NATS is closed")))
        }
        self.link.write(OutgoingMessage(subject: self.link.inbox.prefix + String(number), payload: []), number: number)
    }

    /// Sends a message to ourselves through the server, which takes what was written before it first.
    package func roundTrip(timeout: Duration) async throws(NATSError) {
        let result = await withCheckedContinuation { continuation in
            self.roundTrip(timeout: timeout) { continuation.resume(returning: $0) }
        }
        try result.get()
    }

    /// Registers waiters for answers; `nil` where the connection has been closed.
    func expect(_ handlers: [ReplyInbox.Handler], timeout: Duration) -> UInt64? {
        let deadline = ContinuousClock.now + timeout
        let number = self.link.inbox.expect(handlers, by: deadline)
        if self.link.inbox.needsSweep(by: deadline) {
            self.sweeping.post(true)
        }
        return number
    }

    // MARK: Subscribing

    /// Subscribes now and after every reconnect; `handler` is called for one message after another, on a thread that
    /// other subscriptions share, and must return at once.
    package func subscribe(
        _ subject: String, queueGroup: String? = nil, handler: @escaping @Sendable (NATSMessage) -> Void
    ) -> NATSSubscription {
        let subscription = NATSSubscription(subject: subject, queueGroup: queueGroup) { handler($0.copied()) }
        self.add(subscription)
        return subscription
    }

    /// Subscribes, now and after every reconnect, to requests that say all by their subject; those without a reply
    /// subject are passed over.
    ///
    /// - Parameters:
    ///   - refused: called each time that the server does not permit it, from any thread; must return at once.
    ///   - handler: called with the reply subject of one request after another, on a thread that other subscriptions
    ///     share; must return at once.
    package func subscribe(
        _ subject: String, refused: @escaping @Sendable () -> Void,
        answering handler: @escaping @Sendable (_ reply: String) -> Void
    ) -> NATSSubscription {
        let subscription = NATSSubscription(subject: subject, queueGroup: nil, refused: refused) { message in
            if let reply = message.reply { handler(reply) }
        }
        self.add(subscription)
        return subscription
    }

    /// Subscribes now and after every reconnect.
    func add(_ subscription: NATSSubscription) {
        self.link.mailbox.post(.subscribe(subscription))
    }

    /// Takes no new message and returns once `handler` has had the last one; at the deadline in any case: without a
    /// server that answers, the client library does not say when that was.
    package func drain(_ subscription: NATSSubscription, by deadline: ContinuousClock.Instant) async {
        let ended = Arrival()
        subscription.whenEnded { ended.happened() }
        self.link.mailbox.post(.drain(subscription))
        await withDiscardingTaskGroup { group in
            group.addTask {
                try? await Task.sleep(until: deadline)
                ended.happened()
            }
            await withCheckedContinuation { ended.wait($0) }
            group.cancelAll()
        }
    }

    /// Drains a subscription, also on behalf of a task that has been cancelled; within a limit, and without waiting for
    /// a server that is away.
    func settle(_ subscription: NATSSubscription, within limit: Duration) async {
        let ended = Arrival()
        subscription.whenEnded { ended.happened() }
        guard self.expect([{ _ in ended.happened() }], timeout: limit) != nil else { return }
        self.link.mailbox.post(.drain(subscription))
        await withCheckedContinuation { ended.wait($0) }
    }

    /// Writes what is left, within `flush`, and closes; every wait ends with `closed`. Once more returns when the first
    /// does.
    package func close(flush: Duration = .seconds(2)) async {
        await withCheckedContinuation { continuation in
            self.link.close(flushMilliseconds: flush.inMilliseconds) { continuation.resume() }
        }
    }

    /// Ends waits whose time is over, within 50 ms; sleeps until there may be one, without end while nobody waits.
    private static func sweep(_ inbox: ReplyInbox, whenever signals: Mailbox<Bool>, beating pulse: Pulse) {
        while true {
            pulse.beat()
            let next = inbox.sweep(at: .now, pause: .milliseconds(50))
            if signals.take(waitingAtMost: next.map { max(.zero, $0 - .now) }).contains(false) { return }
        }
    }
}
