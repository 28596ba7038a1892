import NATSClient
import Settings
import Synchronization

/// The streams and buckets of the queue lane: made where they are missing, checked where they are not.
final class QueueStreams: Sendable {
    static let jobs = "WHATSAPP_OUT"
    static let deadLetters = "WHATSAPP_DEAD"
    /// What a dead letter may have beside the job that it was: headers of ours.
    static let roomForHeaders = 8 * 1024

    /// Lanes that are being taken over at once. nats-server answers a connection's questions one after another, and takes
    /// its time to make a consumer: the refreshes of hundreds of leases must not wait behind hundreds of those.
    let takeOvers = Turnstile(width: 4)

    private let connection: NATSConnection
    private let settings: StreamSettings
    private let state = Mutex(State())

    private struct State {
        var problems: [String]?
        /// How often NATS had come back when all was found in order.
        var seenAt: Int?
        var goodLook: GoodLook?
        var waiting: [CheckedContinuation<Bool, Never>] = []
        var isStopped = false
    }

    init(connection: NATSConnection, settings: StreamSettings) {
        self.connection = connection
        self.settings = settings
    }

    /// Whether what it makes does not outlive nats-server.
    var areInMemory: Bool { self.settings.storage == .memory }

    /// Looks at the streams and buckets, and makes what is missing; every 6 s, sooner where something was amiss or NATS
    /// was away.
    ///
    /// - Returns: everything that keeps the lane from being served.
    /// - Throws: `NATSError` where that cannot be told now.
    func check() async throws(NATSError) -> [String] {
        let reconnects = self.connection.reconnects
        if self.state.withLock({ $0.goodLook?.isFresh(after: reconnects, at: .now) }) == true { return [] }
        let jetStream = JetStream(self.connection, timeout: .seconds(2))
        var problems: [String] = []
        for wanted in [self.jobStream, self.deadLetterStream] {
            problems += try await self.problems(of: wanted, jetStream)
        }
        if problems.isEmpty, self.state.withLock({ $0.seenAt }) != reconnects {
            try await IdempotencyStore.makeBucket(on: self.connection, self.settings)
            try await NoteBook.makeBucket(on: self.connection, self.settings)
            try await Lease.makeBucket(on: self.connection, self.settings)
        }
        if problems.isEmpty, let problem = try await Lease.problem(on: self.connection) { problems = ["\(problem)"] }
        self.note(problems, seenAt: reconnects)
        return problems
    }

    /// Waits until the lane can be served; answers false where `stop()` comes before that.
    func usable() async -> Bool {
        await withCheckedContinuation { continuation in
            let isUsable = self.state.withLock { state -> Bool? in
                if state.problems == [] { return true }
                if state.isStopped { return false }
                state.waiting.append(continuation)
                return nil
            }
            if let isUsable { continuation.resume(returning: isUsable) }
        }
    }

    /// Nobody waits any longer.
    func stop() {
        self.state.withLock { $0.isStopped = true }
        self.release(isUsable: false)
    }

    private func release(isUsable: Bool) {
        let waiting = self.state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume(returning: isUsable) }
    }

    private func note(_ problems: [String], seenAt reconnects: Int) {
        self.state.withLock { state in
            state.problems = problems
            state.seenAt = problems.isEmpty ? reconnects : nil
            state.goodLook = problems.isEmpty ? GoodLook(after: reconnects, at: .now) : nil
        }
        if problems.isEmpty { self.release(isUsable: true) }
    }

    // MARK: What is wanted

    private var jobStream: StreamConfiguration {
        StreamConfiguration(
            name: Self.jobs, subjects: ["whatsapp.*.queue.*"], retention: .workQueue, storage: self.storage,
            replicas: self.settings.replicas, maximumBytes: self.settings.maxBytes,
            dedupeWindow: self.settings.dedupeWindow,
            maximumMessageBytes: self.connection.maximumPayload - Self.roomForHeaders)
    }

    private var deadLetterStream: StreamConfiguration {
        StreamConfiguration(
            name: Self.deadLetters, subjects: ["whatsapp.*.dead.*"], retention: .limits, storage: self.storage,
            replicas: self.settings.replicas, maximumBytes: self.settings.maxBytes,
            dedupeWindow: self.settings.dedupeWindow)
    }

    private var storage: StreamConfiguration.Storage { self.settings.storage == .memory ? .memory : .file }

    private func problems(of wanted: StreamConfiguration, _ jetStream: JetStream) async throws(NATSError) -> [String] {
        do throws(NATSError) {
            let problems = try await jetStream.streamMadeIfMissing(wanted)
                .problems(for: wanted, minimumDedupeWindow: .zero)
            return problems
        } catch  where error.code == .refused {
            let rivals = (try? await jetStream.streams(covering: wanted.subjects[0])) ?? []
            let names = rivals.filter { $0 != wanted.name }
            return ["stream \(wanted.name): \(error)"]
                + names.map { "stream \($0) holds subjects of \(wanted.name)" }
        }
    }
}
