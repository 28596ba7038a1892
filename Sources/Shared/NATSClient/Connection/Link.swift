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
        /// At this time at the latest, with those who wait for the end. Can transition to `closed`.
        case closing(by: ContinuousClock.Instant, [@Sendable () -> Void])
        case closed
    }

    /// How many bytes may wait for the thread; a server that stops reading fills this, and no more.
    static let maximumQueuedBytes = 64 * 1024 * 1024

    let options: NATSOptions
    let logger: Logger
    let inbox = ReplyInbox()
    let commands: CommandQueue
    let watch: SocketWatch
    let isConnected = Atomic<Bool>(false)
    let hasBeenConnected = Atomic<Bool>(false)
    /// `max_payload` of the server, in bytes; NATS' default until the first connection.
    let maximumPayload = Atomic<Int>(1024 * 1024)
    let reconnects = Atomic<Int>(0)
    let returns = Returns()
    let dropped = Atomic<Int>(0)
    /// The thread's.
    let pulse = Pulse()
    /// What it calls for each message.
    let deliveries = CallPulse()
    private let queuedBytes = Atomic<Int>(0)
    private let isClosed = Atomic<Bool>(false)
    private let arrivals = Mutex<[@Sendable () -> Void]>([])
    private let ending = Mutex(Ending.none)

    init(options: NATSOptions, logger: Logger) {
        self.options = options
        self.logger = logger
        self.commands = CommandQueue()
        self.watch = SocketWatch(ringing: self.commands)
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
    ///
    /// - Parameter quietly: whether they may wait for what rings next.
    func write(_ messages: [OutgoingMessage], from first: UInt64, quietly: Bool = false) {
        let size = messages.reduce(0) { $0 + $1.payload.count }
        let numbers = first..<(first + UInt64(messages.count))
        if let refusal = self.refusal(size: size) {
            for number in numbers {
                self.inbox.fail(number, refusal)
            }
            return
        }
        self.commands.post(contentsOf: zip(messages, numbers).lazy.map { .publish($0, number: $1) }, quietly: quietly)
    }

    /// Hands messages over in one piece, to be written without an answer.
    func write(_ messages: [OutgoingMessage], quietly: Bool = false) {
        let size = messages.reduce(0) { $0 + $1.payload.count }
        guard self.refusal(size: size) == nil else { return }
        self.commands.post(contentsOf: messages.lazy.map { .publish($0, number: nil) }, quietly: quietly)
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
                case .none: ending = .closing(by: .now + .milliseconds(flushMilliseconds), [done])
                case .closing(let deadline, let waiting): ending = .closing(by: deadline, waiting + [done])
                case .closed: break
                }
            }
            return ending
        }
        switch before {
        case .none: self.commands.post(.close)
        case .closing: break
        case .closed: done()
        }
    }

    private func post(size: Int, _ command: Command, refused: (NATSError) -> Void) {
        if let refusal = self.refusal(size: size) {
            refused(refusal)
        } else {
            self.commands.post(command)
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

    // MARK: From its thread

    /// When it has to be closed, whatever has not been written.
    var closesBy: ContinuousClock.Instant? {
        self.ending.withLock { ending in
            guard case .closing(let deadline, _) = ending else { return nil }
            return deadline
        }
    }

    /// A message is no longer among those that wait for the thread.
    func took(_ message: OutgoingMessage) {
        self.queuedBytes.wrappingSubtract(message.payload.count, ordering: .relaxed)
    }

    /// The server has taken a connection.
    func connected() {
        self.isConnected.store(true, ordering: .releasing)
        // The client library has given an earlier connection up: this one comes in its place.
        if self.hasBeenConnected.exchange(true, ordering: .acquiringAndReleasing) {
            self.reconnects.add(1, ordering: .relaxed)
        }
        self.announceArrival()
    }

    /// Nothing is taken any more, and every wait ends.
    func finish() {
        self.isClosed.store(true, ordering: .releasing)
        self.isConnected.store(false, ordering: .releasing)
        self.inbox.failAll(NATSError(.closed, "the connection to NATS is closed"), closing: true)
        self.announceArrival()
    }

    /// The connection is closed, and the thread is at its end.
    func ended() {
        let waiting = self.ending.withLock { ending in
            defer { ending = .closed }
            guard case .closing(_, let waiting) = ending else { return [@Sendable () -> Void]() }
            return waiting
        }
        for done in waiting {
            done()
        }
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
}
