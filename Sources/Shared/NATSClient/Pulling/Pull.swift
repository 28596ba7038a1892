import Daemon
import Synchronization

/// Keeps pulling from a consumer, in batches, and passes on what comes.
package final class Pull: Sendable {
    private let connection: NATSConnection
    private let stream: String
    private let consumer: String
    private let room: @Sendable () -> Int
    private let deliver: @Sendable (Delivery) -> Void
    private let flow = Mutex(PullFlow())
    /// What the reply subject of each request begins with, the dot included; its number follows.
    private let inbox = ReplyInbox.newPrefix()
    private let looks: AsyncStream<Void>
    private let look: AsyncStream<Void>.Continuation
    private let isOver = Atomic<Bool>(false)

    /// A pull that begins with `run()`.
    ///
    /// - Parameters:
    ///   - room: how many more messages may come, of those that `deliver` has not been given; asked on any thread.
    ///   - deliver: is given one message after another, on a thread that subscriptions share; must return at once.
    package init(
        _ connection: NATSConnection, stream: String, consumer: String, room: @escaping @Sendable () -> Int,
        deliver: @escaping @Sendable (Delivery) -> Void
    ) {
        self.connection = connection
        self.stream = stream
        self.consumer = consumer
        self.room = room
        self.deliver = deliver
        (self.looks, self.look) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Says that `room` may answer more than it did; from any thread, at little cost.
    package func roomHasGrown() {
        self.follow(self.flow.withLock { $0.roomHasGrown() })
    }

    /// Pulls until the task is cancelled, through every reconnect; called once.
    ///
    /// From the cancellation on nothing is asked for; returns when what the server has sent until then has been passed
    /// on, within 0.5 s, or 1.5 s where a server that is away leaves two questions open.
    ///
    /// - Throws: `NATSError` with code `refused` where the consumer or its stream is gone, `closed` where the connection
    ///   has been closed.
    package func run() async throws(NATSError) {
        let subscription = NATSSubscription(
            subject: self.inbox + "*", queueGroup: nil,
            connectionCameBack: {
                self.follow(self.flow.withLock { $0.connectionCameBack() })
                self.look.yield()
            },
            deliver: { self.received($0) })
        subscription.whenEnded { [look] in _ = look.yield() }
        self.connection.add(subscription)
        self.follow(.measure)
        let outcome = await withTaskCancellationHandler {
            await self.keepTime()
        } onCancel: {
            self.flow.withLock { $0.end() }
        }
        self.flow.withLock { $0.end() }
        await self.connection.settle(subscription, within: .milliseconds(500))
        self.isOver.store(true, ordering: .releasing)
        try outcome.get()
    }

    /// Called for one message after another, on a thread that subscriptions share.
    private func received(_ message: ReceivedMessage) {
        if let delivery = Delivery(message) {
            guard !self.isOver.load(ordering: .acquiring) else { return }
            self.deliver(delivery)
            self.follow(self.flow.withLock { $0.arrived() })
        } else if let number = message.lastSubjectNumber, let code = message.header("Status") {
            let status = PullStatus(code: code, description: message.header("Description") ?? "")
            self.follow(self.flow.withLock { $0.ended(number, status, at: .now) })
        }
    }

    private func follow(_ next: PullFlow.Next) {
        var next = next
        while true {
            switch next {
            case .nothing:
                return
            case .measure:
                // Not under the lock: the caller may hold one of its own, and say that there is room under it.
                let room = self.room()
                next = self.flow.withLock { $0.measured(room: room, at: .now) }
            case .ask(let request):
                return self.send(request)
            case .look:
                self.look.yield()
                return
            }
        }
    }

    private func send(_ request: PullFlow.Request) {
        // Messages may be large: a batch must fit what a subscription may have pending, and two must always fit a batch.
        let bytes = max(16 * 1024 * 1024, 2 * self.connection.maximumPayload)
        let now = ContinuousClock.now
        // What idle consumers of one process wait for ends together.
        let expiry = TimeGrid.ofProcess.last(by: now + PullFlow.expiry) - now
        let body = #"{"batch":\#(request.batch),"expires":\#(expiry.nanoseconds),"max_bytes":\#(bytes)}"#
        self.connection.publish(
            OutgoingMessage(
                subject: "$JS.API.CONSUMER.MSG.NEXT.\(self.stream).\(self.consumer)", payload: Array(body.utf8)),
            reply: self.inbox + String(request.number))
    }

    /// Sees to what no message brings about: the end of a pause, silence, a consumer that is gone.
    private func keepTime() async -> Result<Void, NATSError> {
        await withDiscardingTaskGroup { group in
            defer { group.cancelAll() }
            var looks = self.looks.makeAsyncIterator()
            var alarm = ContinuousClock.now
            while !self.connection.isClosed {
                let now = ContinuousClock.now
                self.follow(self.flow.withLock { $0.due(at: now) })
                let (standing, deadline) = self.flow.withLock { ($0.standing, $0.deadline) }
                switch standing {
                case .running:
                    break
                case .consumerGone(let reason):
                    return .failure(self.isGone(reason))
                case .isConsumerThere:
                    if let error = await self.lookForConsumer() { return .failure(error) }
                    continue
                }
                // Others ask without word to this task: it looks once in a while in any case.
                let latest = now + PullFlow.expiry + PullFlow.patience
                let next = min(deadline ?? latest, latest)
                if alarm <= now || next < alarm {
                    alarm = next
                    group.addTask {
                        try? await Task.sleep(until: next, clock: .continuous)
                        self.look.yield()
                    }
                }
                guard await looks.next() != nil else { return .success(()) }
            }
            return .failure(NATSError(.closed, "the connection to NATS is closed"))
        }
    }

    /// - Returns: an error where the consumer certainly is gone.
    private func lookForConsumer() async -> NATSError? {
        do throws(NATSError) {
            let jetStream = JetStream(self.connection, timeout: .seconds(1))
            if try await jetStream.consumer(named: self.consumer, of: self.stream) == nil {
                return self.isGone("not found")
            }
        } catch {
            if error.jetStreamCode == APIError.streamNotFound { return error }
        }
        self.flow.withLock { $0.consumerFound() }
        return nil
    }

    private func isGone(_ reason: String) -> NATSError {
        NATSError(
            .refused, "consumer \(self.consumer) of stream \(self.stream): \(reason)",
            jetStreamCode: APIError.consumerNotFound)
    }
}
