import NATSClient
import TestSupport

/// Stores jobs one after another at a steady rate, each until its PubAck has come.
struct JobLoad: Sendable {
    /// A job that the stream has taken.
    struct Stored: Hashable, Sendable {
        let job: ChaosJob
        /// Its place in the stream.
        let sequence: UInt64
    }

    private let jobs: [ChaosJob]
    /// Jobs a second.
    private let rate: Int
    private let connection: NATSConnection
    private let record = Watched<[Stored]>([])

    init(_ jobs: [ChaosJob], rate: Int, over connection: NATSConnection) {
        self.jobs = jobs
        self.rate = rate
        self.connection = connection
    }

    var stored: [Stored] { self.record.current }

    var isDone: Bool { self.record.read { $0.count } == self.jobs.count }

    /// Returns when all are stored, or the task is cancelled.
    func run() async {
        let origin = ContinuousClock.now
        for (index, job) in self.jobs.enumerated() {
            try? await Task.sleep(until: origin + .seconds(1) * index / self.rate)
            // What got no answer is published again under its message ID, as a careful bot does.
            while !Task.isCancelled {
                if let ack = try? await self.connection.store([job.message], timeout: .seconds(2))[0].get() {
                    self.record.update { $0.append(Stored(job: job, sequence: ack.sequence)) }
                    break
                }
                try? await Task.sleep(for: .milliseconds(50))
            }
        }
    }
}
