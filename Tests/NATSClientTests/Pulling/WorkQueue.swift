import NATSClient
import NATSTestSupport
import TestSupport

/// A work queue `JOBS` over `jobs.*`, with the durable consumer `worker` over `jobs.a`.
struct WorkQueue {
    let server: NATSServer
    let connection: NATSConnection
    let jetStream: JetStream

    static func with(ackWait: Duration = .seconds(30), _ body: (WorkQueue) async throws -> Void) async throws {
        try await NATSServer.running(.with { $0.maxPayload = 2 * 1024 * 1024 }) { server in
            try await withConnection(to: server) { connection in
                let queue = WorkQueue(server: server, connection: connection, jetStream: JetStream(connection))
                _ = try await queue.jetStream.streamMadeIfMissing(
                    StreamConfiguration(
                        name: "JOBS", subjects: ["jobs.*"], retention: .workQueue, storage: .file, replicas: 1,
                        dedupeWindow: .seconds(60)))
                try await queue.makeConsumer(ackWait: ackWait)
                try await body(queue)
            }
        }
    }

    func makeConsumer(ackWait: Duration = .seconds(30)) async throws {
        _ = try await self.jetStream.makeConsumer(
            ConsumerConfiguration(durableName: "worker", filterSubject: "jobs.a", ackWait: ackWait), on: "JOBS")
    }

    /// Stores as many jobs, the first with this number as its payload.
    func store(_ count: Int, from first: Int = 1) async throws {
        let jobs = (first..<first + count).map { OutgoingMessage(subject: "jobs.a", payload: Array("\($0)".utf8)) }
        _ = try await self.connection.store(jobs, timeout: .seconds(30)).map { try $0.get() }
    }

    func consumer() async throws -> ConsumerInfo? {
        try await self.jetStream.consumer(named: "worker", of: "JOBS")
    }

    /// How many jobs are stored.
    func count() async throws -> Int {
        try await messageCount(of: "JOBS", on: self.connection)
    }
}

/// A pull whose deliveries a test can wait for.
final class WatchedPull: Sendable {
    let deliveries: Watched<[Delivery]>
    let pull: Pull

    /// - Parameter room: how many deliveries are wanted in all; changed with `grow(to:)`.
    init(_ queue: WorkQueue, room: Int = 100_000) {
        let wanted = Watched(room)
        let deliveries = Watched<[Delivery]>([])
        self.wanted = wanted
        self.deliveries = deliveries
        self.pull = Pull(
            queue.connection, stream: "JOBS", consumer: "worker",
            room: { wanted.current - deliveries.read { $0.count } },
            deliver: { delivery in deliveries.update { $0.append(delivery) } })
    }

    private let wanted: Watched<Int>

    func grow(to room: Int) {
        self.wanted.update { $0 = room }
        self.pull.roomHasGrown()
    }

    /// The payloads as numbers, once there are so many.
    func numbers(_ count: Int, within limit: Duration = .seconds(20)) async throws -> [Int] {
        try await self.first(count, within: limit).map {
            Int(String(decoding: $0.message.payload, as: UTF8.self)) ?? -1
        }
    }

    func first(_ count: Int, within limit: Duration = .seconds(20)) async throws -> [Delivery] {
        try await self.deliveries.first(
            within: limit, what: "\(count) deliveries, not \(self.deliveries.read { $0.count })"
        ) { $0.count >= count ? $0 : nil }
    }

    /// Runs the pull for as long as the closure takes, and ends it by cancelling its task.
    func running(_ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.pull.run() }
            try await body()
            group.cancelAll()
            try await group.waitForAll()
        }
    }
}
