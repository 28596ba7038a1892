import CNATS
import Daemon
import Glibc
import Logging
import Synchronization

/// The one thread that owns the connection: it connects, subscribes and writes, so that nobody else ever waits for a
/// socket. cnats holds its lock while it writes; a stopped nats-server would otherwise block whoever asks for a status.
final class Link: Sendable {
    private enum Ending {
        /// Nobody has closed it. Can transition to `closing`.
        case none
        /// With those who wait for the end. Can transition to `closed`.
        case closing([@Sendable () -> Void])
        case closed
    }

    /// How many bytes may wait for the thread; a server that stops reading fills this, and no more.
    static let maximumQueuedBytes = 64 * 1024 * 1024

    let options: NATSOptions
    let logger: Logger
    let inbox = ReplyInbox()
    let mailbox = Mailbox<Command>()
    let isConnected = Atomic<Bool>(false)
    let hasBeenConnected = Atomic<Bool>(false)
    /// `max_payload` of the server, in bytes; NATS' default until the first connection.
    let maximumPayload = Atomic<Int>(1024 * 1024)
    let reconnects = Atomic<Int>(0)
    let returns = Returns()
    let dropped = Atomic<Int>(0)
    /// The thread's.
    let pulse = Pulse()
    /// That of the client library's thread that delivers messages.
    let deliveries = CallPulse()
    private let queuedBytes = Atomic<Int>(0)
    private let isClosed = Atomic<Bool>(false)
    private let arrivals = Mutex<[@Sendable () -> Void]>([])
    private let ending = Mutex(Ending.none)

    init(options: NATSOptions, logger: Logger) {
        self.options = options
        self.logger = logger
    }

    // MARK: From any thread

    /// Whether the connection has been closed for good.
    var isFinished: Bool { self.isClosed.load(ordering: .acquiring) }

    /// Hands a message over to be written; a refusal is told to the waiter of `number`.
    func write(_ message: OutgoingMessage, number: UInt64?) {
        self.post(size: message.payload.count, .publish(message, number: number)) { error in
            if let number {
                self.inbox.fail(number, error)
            }
        }
    }

    /// Hands messages with successive numbers over in one piece, so that they stay together on the connection.
    func write(_ messages: [OutgoingMessage], from first: UInt64) {
        let size = messages.reduce(0) { $0 + $1.payload.count }
        let numbers = first..<(first + UInt64(messages.count))
        if let refusal = self.refusal(size: size) {
            for number in numbers {
                self.inbox.fail(number, refusal)
            }
            return
        }
        self.mailbox.post(contentsOf: zip(messages, numbers).map { .publish($0, number: $1) })
    }

    /// Hands messages over in one piece, to be written without an answer.
    func write(_ messages: [OutgoingMessage]) {
        let size = messages.reduce(0) { $0 + $1.payload.count }
        guard self.refusal(size: size) == nil else { return }
        self.mailbox.post(contentsOf: messages.map { .publish($0, number: nil) })
    }

    func forward(_ message: OutgoingMessage, reply: String) {
        self.post(size: message.payload.count, .forward(message, reply: reply)) { _ in }
    }

    /// Calls back at the first connection, or at once if that has been.
    func whenConnected(_ callback: @escaping @Sendable () -> Void) {
        self.arrivals.withLock { $0.append(callback) }
        if self.hasBeenConnected.load(ordering: .acquiring) || self.isFinished {
            self.announceArrival()
        }
    }

    /// Closes, and calls back when that is done; at once where it has been.
    func close(flushMilliseconds: Int, done: @escaping @Sendable () -> Void) {
        let before = self.ending.withLock { ending in
            defer {
                switch ending {
                case .none: ending = .closing([done])
                case .closing(let waiting): ending = .closing(waiting + [done])
                case .closed: break
                }
            }
            return ending
        }
        switch before {
        case .none: self.mailbox.post(.close(flushMilliseconds: flushMilliseconds))
        case .closing: break
        case .closed: done()
        }
    }

    private func post(size: Int, _ command: Command, refused: (NATSError) -> Void) {
        if let refusal = self.refusal(size: size) {
            refused(refusal)
        } else {
            self.mailbox.post(command)
        }
    }

    private func refusal(size: Int) -> NATSError? {
        if self.isClosed.load(ordering: .relaxed) {
            return NATSError(.closed, "the connection to NATS is closed")
        }
        if self.queuedBytes.wrappingAdd(size, ordering: .relaxed).newValue > Self.maximumQueuedBytes {
            self.queuedBytes.wrappingSubtract(size, ordering: .relaxed)
            return NATSError(.overloaded, "more than \(Self.maximumQueuedBytes) bytes wait to be written to NATS")
        }
        return nil
    }

    private func announceArrival() {
        let callbacks = self.arrivals.withLock { arrivals in
            defer { arrivals = [] }
            return arrivals
        }
        for callback in callbacks {
            callback()
        }
    }

    // MARK: The thread

    /// Works until the connection is closed for good.
    func run() {
        var registry: [NATSSubscription] = []
        var session: LinkSession?
        var attempt = 0
        var refusals = RefusalBudget()
        while true {
            self.pulse.beat()
            if session == nil {
                // A name that cannot be resolved, or servers that do not answer, take their time.
                switch self.pulse.excused({ LinkSession.open(self, subscriptions: registry) }) {
                case .success(let opened):
                    session = opened
                    attempt = 0
                    self.connected()
                    self.cameBack(registry)
                case .failure(let error):
                    attempt += 1
                    self.logFailure(error, attempt: attempt)
                }
            }
            // While there is no session the queue is still worked off, so that every publish is refused at once.
            var batch = self.mailbox.take(waitingAtMost: session == nil ? Self.pause(before: attempt) : nil)[...]
            while let command = batch.popFirst() {
                switch command {
                case .publish(let message, let number):
                    self.queuedBytes.wrappingSubtract(message.payload.count, ordering: .relaxed)
                    let reply = number.map { self.inbox.prefix + String($0) }
                    if let error = Self.publish(message, reply: reply, on: session), let number {
                        self.inbox.fail(number, error)
                    }
                case .forward(let message, let reply):
                    self.queuedBytes.wrappingSubtract(message.payload.count, ordering: .relaxed)
                    _ = Self.publish(message, reply: reply, on: session)
                case .subscribe(let subscription):
                    registry.append(subscription)
                    if let error = session?.subscribe(subscription) {
                        self.logger.error(
                            "subscribing failed, and nothing comes of this subject; see to nats-server, then restart",
                            metadata: ["error": "\(error)"])
                    }
                case .drain(let subscription):
                    registry.removeAll { $0 === subscription }
                    if session?.drain(subscription) != true {
                        subscription.ended()
                    }
                case .subscriptionEnded(let seat):
                    session?.ended(seat)
                case .reconnected:
                    session.map { self.maximumPayload.store($0.maximumPayload, ordering: .releasing) }
                    self.cameBack(registry)
                case .notPermitted(let words):
                    self.tellRefusal(words, of: registry, within: &refusals)
                case .connectionClosed:
                    // The session waits for what may have come in the same batch.
                    self.mailbox.putBack(batch)
                    batch = []
                    session?.abandon()
                    session = nil
                case .poke:
                    break
                case .close(let flushMilliseconds):
                    self.mailbox.putBack(batch)
                    session?.flush(milliseconds: flushMilliseconds)
                    self.finish(registry)
                    session?.close()
                    self.ended()
                    return
                }
            }
            // cnats keeps the first message of an outage for later, whatever its buffer: do not wait for its answer.
            if let session, !session.isConnected {
                self.inbox.failAll(NATSError(.disconnected, "the connection to NATS broke"))
            }
        }
    }

    private static func publish(_ message: OutgoingMessage, reply: String?, on session: LinkSession?) -> NATSError? {
        guard let session else { return NATSError(.disconnected, "not connected to NATS") }
        return session.publish(message, reply: reply)
    }

    private func connected() {
        self.isConnected.store(true, ordering: .releasing)
        // The client library has given an earlier connection up: this one comes in its place.
        if self.hasBeenConnected.exchange(true, ordering: .acquiringAndReleasing) {
            self.reconnects.add(1, ordering: .relaxed)
        }
        self.announceArrival()
    }

    /// The server knows every subscription again, or for the first time.
    private func cameBack(_ registry: [NATSSubscription]) {
        registry.forEach { $0.connectionCameBack?() }
        if self.reconnects.load(ordering: .relaxed) > 0 { self.returns.tell() }
    }

    /// Some subscriptions can be done without: who made them says what that means.
    private func tellRefusal(_ words: String, of registry: [NATSSubscription], within budget: inout RefusalBudget) {
        let refused = registry.first { $0.refused != nil && words.contains("\"\($0.subject)\"") }
        if let tell = refused?.refused {
            tell()
        } else if budget.allows(at: .now) {
            self.logger.error(
                "NATS does not permit what this process has to do; docs/operations.md says what its user needs",
                metadata: ["error": "\(words)"])
        }
    }

    private func finish(_ registry: [NATSSubscription]) {
        self.isClosed.store(true, ordering: .releasing)
        self.isConnected.store(false, ordering: .releasing)
        self.inbox.failAll(NATSError(.closed, "the connection to NATS is closed"), closing: true)
        for subscription in registry {
            subscription.ended()
        }
        self.announceArrival()
    }

    private func ended() {
        let waiting = self.ending.withLock { ending in
            defer { ending = .closed }
            guard case .closing(let waiting) = ending else { return [@Sendable () -> Void]() }
            return waiting
        }
        for done in waiting {
            done()
        }
    }

    /// The first five failures, then every sixtieth: a log that says it is still trying, and does not fill the disk.
    private func logFailure(_ error: NATSError, attempt: Int) {
        guard attempt <= 5 || attempt % 60 == 0 else { return }
        self.logger.warning(
            "NATS cannot be reached, which is tried again; start it, or correct NATS_URL",
            metadata: ["host": "\(self.options.hosts)", "error": "\(error)", "attempt": "\(attempt)"])
    }

    /// 100 ms, 200 ms, 400 ms, then half a second: the first webhook after an outage should not wait.
    private static func pause(before attempt: Int) -> Duration {
        .milliseconds(min(500, 50 << min(attempt, 4)))
    }
}
