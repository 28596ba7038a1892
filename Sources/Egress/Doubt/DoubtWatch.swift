import Addressing
import Logging
import NATSClient
import Synchronization

/// Tells whether messages whose answer was lost have been sent, by the status webhooks that carry their callback value.
///
/// Where a stream keeps the account's status webhooks they are read from it, from the time of the message's in-flight
/// note on, and only while something is in doubt. Without one, core NATS has to be listened to all the time.
final class DoubtWatch: Sendable {
    /// What is known of a message.
    enum Finding: Hashable, Sendable {
        case sent
        /// No status has come in time.
        case unknown
        /// The lane is another's to care for now.
        case cancelled
    }

    private struct State {
        var search = CallbackSearch()
        var continuations: [CallbackSearch.Waiter: CheckedContinuation<Finding, Never>] = [:]
        /// Since when status webhooks are being read without a break.
        var readingSince: ContinuousClock.Instant?
        /// Who reads them, to be told of changes too.
        var reader: AsyncStream<Void>.Continuation?
        var hasGivenUp = false
    }

    /// How long a status webhook is waited for.
    static let patience = Duration.seconds(60)
    /// How long statuses must have been read without a break before their silence means something.
    private static let settling = Duration.seconds(5)

    private let connection: NATSConnection
    private let subject: String
    private let clock: SendClock
    private let logger: Logger
    private let state = Mutex(State())
    private let changes: AsyncStream<Void>
    private let feed: AsyncStream<Void>.Continuation

    init(of account: AccountName, connection: NATSConnection, clock: SendClock = .continuous, logger: Logger) {
        self.connection = connection
        self.subject = InboundSubjects(of: account).status
        self.clock = clock
        self.logger = logger
        (self.changes, self.feed) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Waits for a status webhook with one of the callback values.
    ///
    /// - Parameter since: the server's time at which the earliest in-flight note was stored.
    func find(_ callbacks: [OwnCallback], since: StreamTime) async -> Finding {
        await withTaskGroup(of: Finding.self) { group in
            group.addTask { await self.meet(callbacks, since: since) }
            group.addTask { await self.losePatience() }
            let first = await group.next() ?? .cancelled
            group.cancelAll()
            return first
        }
    }

    /// Reads status webhooks whenever something is in doubt; until the task is cancelled.
    func run() async {
        var listening: NATSSubscription?
        // What is in doubt later may have its status before: where nothing is stored it has to be heard as it comes.
        if await self.stream() == .nothing { listening = self.listen() }
        for await _ in self.changes {
            while !Task.isCancelled, let from = self.state.withLock({ $0.search.neededFrom }) {
                switch await self.stream() {
                case .nothing: listening = self.listen()
                case .stream(let name): await self.read(name, from: from)
                case .unknown: await self.clock.sleep(self.clock.now() + .seconds(1))
                }
            }
        }
        if let listening { await self.connection.drain(listening, by: .now + .seconds(1)) }
    }

    /// Ends every search, and those that begin later: the lane is another's.
    func giveUp() {
        let waiting = self.state.withLock { state in
            state.hasGivenUp = true
            let waiting = state.continuations
            state.continuations = [:]
            for waiter in waiting.keys { state.search.remove(waiter) }
            return waiting.values
        }
        for continuation in waiting { continuation.resume(returning: .cancelled) }
        self.noteChange()
    }

    // MARK: Waiting

    private func meet(_ callbacks: [OwnCallback], since: StreamTime) async -> Finding {
        let number = Mutex<CallbackSearch.Waiter?>(nil)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let finding = self.state.withLock { state -> Finding? in
                    guard !state.hasGivenUp else { return .cancelled }
                    guard case .waits(let waiter) = state.search.add(callbacks, since: since) else { return .sent }
                    state.continuations[waiter] = continuation
                    number.withLock { $0 = waiter }
                    return nil
                }
                if let finding { return continuation.resume(returning: finding) }
                self.noteChange()
                if Task.isCancelled { self.forget(number.withLock { $0 }) }
            }
        } onCancel: {
            self.forget(number.withLock { $0 })
        }
    }

    private func forget(_ waiter: CallbackSearch.Waiter?) {
        guard let waiter else { return }
        let continuation = self.state.withLock { state in
            state.search.remove(waiter)
            return state.continuations.removeValue(forKey: waiter)
        }
        continuation?.resume(returning: .cancelled)
        self.noteChange()
    }

    /// Waits for as long as a status may take, and longer while nobody could have heard of it.
    private func losePatience() async -> Finding {
        await self.clock.sleep(self.clock.now() + Self.patience)
        while !Task.isCancelled {
            let since = self.state.withLock { $0.readingSince }
            if let since, self.connection.isConnected, since + Self.settling <= self.clock.now() { return .unknown }
            await self.clock.sleep(self.clock.now() + .seconds(1))
        }
        return .cancelled
    }

    // MARK: Reading

    private func saw(_ payload: [UInt8]) {
        guard let callback = OwnCallback(ofStatus: payload) else { return }
        let continuations = self.state.withLock { state in
            state.search.meet(callback).compactMap { state.continuations.removeValue(forKey: $0) }
        }
        for continuation in continuations { continuation.resume(returning: .sent) }
        if !continuations.isEmpty { self.noteChange() }
    }

    /// What keeps the status webhooks.
    private enum Store: Hashable {
        case stream(String)
        case nothing
        /// Nobody can tell now.
        case unknown
    }

    private func stream() async -> Store {
        do throws(NATSError) {
            let names = try await JetStream(self.connection).streams(covering: self.subject)
            return names.first.map { .stream($0) } ?? .nothing
        } catch {
            return .unknown
        }
    }

    private func listen() -> NATSSubscription {
        let subscription = self.connection.subscribe(self.subject) { self.saw($0.payload) }
        self.state.withLock { state in
            state.search.reads(.live)
            state.readingSince = self.clock.now()
        }
        return subscription
    }

    /// Reads the stream from a time on until nobody waits any more, or somebody needs to know of an earlier time.
    private func read(_ stream: String, from time: StreamTime) async {
        do throws(NATSError) {
            let jetStream = JetStream(self.connection)
            let consumer = try await jetStream.makeConsumer(
                ConsumerConfiguration(
                    durableName: nil, filterSubject: self.subject, ackPolicy: .none, start: .at(time - .seconds(1)),
                    inactiveThreshold: .seconds(30), isInMemory: true, replicas: 1),
                on: stream)
            let pull = Pull(self.connection, stream: stream, consumer: consumer.name, room: { 500 }) { delivery in
                self.saw(delivery.message.payload)
            }
            self.begin(from: time)
            defer { self.end() }
            try await self.pull(pull)
            _ = try await jetStream.deleteConsumer(named: consumer.name, of: stream)
        } catch {
            self.logger.warning(
                "status webhooks cannot be read, which is tried again; see to nats-server and the stream WHATSAPP_IN",
                metadata: ["error": "\(error)"])
            await self.clock.sleep(self.clock.now() + .seconds(1))
        }
    }

    private func begin(from time: StreamTime) {
        self.state.withLock { state in
            state.search.reads(.from(time))
            state.readingSince = self.clock.now()
        }
    }

    private func end() {
        self.state.withLock { state in
            state.search.reads(.none)
            state.readingSince = nil
        }
    }

    private func pull(_ pull: Pull) async throws(NATSError) {
        let result = await withTaskGroup(of: Result<Void, NATSError>.self) { group in
            group.addTask {
                do throws(NATSError) {
                    try await pull.run()
                    return .success(())
                } catch {
                    return .failure(error)
                }
            }
            group.addTask {
                await self.untilDone()
                return .success(())
            }
            let first = await group.next() ?? .success(())
            group.cancelAll()
            return first
        }
        try result.get()
    }

    /// Returns when nobody waits any more, or somebody needs to know of an earlier time.
    private func untilDone() async {
        let (changes, feed) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        self.state.withLock { $0.reader = feed }
        feed.yield()
        for await _ in changes {
            let isDone = self.state.withLock { $0.search.isIdle || $0.search.neededFrom != nil }
            if isDone { break }
        }
        self.state.withLock { $0.reader = nil }
    }

    private func noteChange() {
        self.feed.yield()
        self.state.withLock { $0.reader }?.yield()
    }
}
