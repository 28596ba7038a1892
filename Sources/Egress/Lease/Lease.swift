import Addressing
import Daemon
import Logging
import NATSClient
import Settings
import Synchronization

/// One account's lease: contends for it, holds it, gives it back.
///
/// A process has one of these for an account, so that a record with its worker's name is its own.
final class Lease: Sendable {
    struct State {
        var workers: LiveWorkers
        /// While it contends.
        var contest: Contest?
        /// While it holds the lease.
        var tenure: Tenure?
        var isStopping = false
        var lastHandOver: ContinuousClock.Instant?
        /// What was found wrong with the bucket last.
        var problem: LeaseProblem?
        var random = SystemRandomNumberGenerator()
    }

    /// A lease just claimed.
    struct Claimed: Sendable {
        let holding: Holding
        let isHandedOver: Bool
    }

    let account: AccountName
    let worker: WorkerID
    let clock: SendClock
    /// When refreshes are written, so that those of many accounts come together.
    let grid: TimeGrid?
    let logger: Logger
    let bucket: LeaseBucket
    let connection: NATSConnection
    /// Rings when there is something to do before its time.
    let bell = Bell()
    let state: Mutex<State>
    /// `whatsapp.<name>.lease`.
    let presenceSubject: String

    /// - Parameter worker: the same for all leases of a process.
    init(
        of account: AccountName, worker: WorkerID, connection: NATSConnection, logger: Logger,
        clock: SendClock = .continuous, grid: TimeGrid? = .ofProcess
    ) {
        self.account = account
        self.worker = worker
        self.connection = connection
        self.clock = clock
        self.grid = grid
        self.logger = logger
        self.bucket = LeaseBucket(of: account, connection: connection)
        self.presenceSubject = OutboundSubjects(of: account).lease
        self.state = Mutex(State(workers: LiveWorkers(of: account, besides: worker)))
    }

    /// Makes the bucket that all accounts share, if it is missing.
    static func makeBucket(on connection: NATSConnection, _ streams: StreamSettings) async throws(NATSError) {
        try await LeaseBucket.make(on: connection, streams)
    }

    /// What is wrong with the bucket, for readiness; `nil` where leases can be held.
    static func problem(on connection: NATSConnection) async throws(NATSError) -> LeaseProblem? {
        try await LeaseBucket.problem(on: connection)
    }

    /// Contends until `stop()`; calls `hold` each time that the lease is held, and refreshes it while `hold` runs.
    ///
    /// `hold` must return soon after its tenure has ended. Then, unless it is lost, the lease is released: to the
    /// worker that it is handed over to, or else to the live one that the account prefers. When `hold` returns by
    /// itself the lease is released too, and this worker contends again a second later.
    func run(_ hold: @Sendable (Tenure) async -> Void) async {
        let subscriptions = self.subscribe()
        await withTaskCancellationHandler {
            while let claimed = await self.contend() {
                await self.serve(claimed, hold)
            }
        } onCancel: {
            self.stop()
        }
        self.announce(leaving: true)
        let deadline = ContinuousClock.now + .milliseconds(500)
        await withDiscardingTaskGroup { group in
            for subscription in subscriptions {
                group.addTask { await self.connection.drain(subscription, by: deadline) }
            }
        }
    }

    /// Ends the tenure, if there is one, and the contest: `run` returns when `hold` has and the release is written, or
    /// could not be written for 1 s.
    func stop() {
        let tenure = self.state.withLock { state in
            state.isStopping = true
            return state.tenure
        }
        tenure?.end(.stopped)
        self.bell.ring()
    }

    /// What a look at the bucket has last found wrong with it; `nil` where that was nothing. It is not logged here: all
    /// accounts share the bucket.
    var problem: LeaseProblem? { self.state.withLock { $0.problem } }

    var isStopping: Bool { self.state.withLock { $0.isStopping } }

    // MARK: One tenure

    private func serve(_ claimed: Claimed, _ hold: @Sendable (Tenure) async -> Void) async {
        let tenure = Tenure(writeBy: claimed.holding.writeBy, clock: self.clock)
        let isStopping = self.state.withLock { state in
            state.tenure = tenure
            return state.isStopping
        }
        defer { self.state.withLock { $0.tenure = nil } }
        guard !isStopping else { return await self.release(claimed.holding, .released(next: self.successor)) }

        self.logger.debug("this worker holds the queue lane's lease", metadata: ["worker": "\(self.worker)"])
        async let kept = self.keep(tenure, claimed)
        await hold(tenure)
        let end = tenure.close()
        self.bell.ring()
        let holding = await kept
        switch tenure.end ?? .stopped {
        case .lost:
            self.logger.warning(
                "the queue lane's lease is lost, and another worker takes the lane; where that recurs, see to NATS",
                metadata: ["worker": "\(self.worker)"])
        case .handOver(let next):
            await self.release(holding, .handedOver(to: next))
        case .stopped:
            await self.release(holding, .released(next: self.successor))
        }
        if end == nil { await self.pause(.seconds(1)) }
    }

    private var successor: WorkerID? { self.state.withLock { $0.workers.successor(at: self.clock.now()) } }

    /// Waits, unless it is told to stop.
    private func pause(_ duration: Duration) async {
        let end = self.clock.now() + duration
        while !self.isStopping, self.clock.now() < end {
            await self.bell.wait(until: end, on: self.clock)
        }
    }
}
