import Addressing
import Logging
import NATSClient
import Synchronization
import TraceContext

/// The queue lane of one account: contends for its lease, and sends its jobs while it holds that.
final class QueueLane: Sendable {
    /// How the lane stands, for readiness and metrics.
    struct Standing: Hashable, Sendable {
        /// Whether this worker holds the lane.
        var isHolder = false
        /// Jobs held in memory.
        var held = 0
        /// Whether nothing more is pulled until held jobs are done.
        var isFull = false
        /// Whether this worker pulls from the lane's consumer, and would know of its end.
        var isPulling = false
    }

    private let sender: AccountSender
    private let services: QueueServices
    private let lease: Lease
    private let notes: NoteBook
    private let settled: SettledRecord
    private let tenancy = Mutex<HeldLane?>(nil)

    init(_ sender: AccountSender, services: QueueServices, worker: WorkerID) {
        self.sender = sender
        self.services = services
        let account = sender.account.name
        self.lease = Lease(
            of: account, worker: worker, connection: services.connection, logger: services.logger)
        self.notes = NoteBook(of: account, connection: services.connection)
        self.settled = SettledRecord(connection: services.connection, logger: services.logger)
    }

    var standing: Standing {
        self.tenancy.withLock { $0 }?.standing ?? Standing()
    }

    /// Serves the lane whenever this worker holds its lease; returns after `stop()`, when nothing of it is left.
    func run() async {
        guard await self.services.streams.usable() else { return }
        await withDiscardingTaskGroup { group in
            group.addTask { await self.settled.run() }
            await self.lease.run { await self.hold($0) }
            group.cancelAll()
        }
    }

    private func hold(_ tenure: Tenure) async {
        self.services.logger.info("holding the queue lane")
        let lane = HeldLane(
            self.sender, tenure: tenure, notes: self.notes, settled: self.settled, services: self.services)
        self.tenancy.withLock { $0 = lane }
        await lane.run()
        self.tenancy.withLock { $0 = nil }
        self.services.logger.info("the queue lane is given up")
    }

    /// Takes no more jobs, and gives the lane to another worker as soon as those in flight are settled.
    func stop() {
        self.lease.stop()
    }
}

/// What the queue lane of an account works with.
struct QueueServices: Sendable {
    let connection: NATSConnection
    let streams: QueueStreams
    let events: EventPublisher
    /// How many jobs may be held (`EGRESS_MAX_HELD`).
    let maximumHeld: Int
    /// Of NATS, while jobs are being settled.
    let complaints: Complaints
    let traces: Traces
    let logger: Logger
}
