import TestSupport

/// Something bad that happens to a worker, a supervisor or nats-server.
enum HostFault: Hashable, Sendable, CustomStringConvertible {
    /// SIGKILL of a worker.
    case workerKilled
    /// SIGSTOP of a worker, and SIGCONT after a time.
    case workerStopped(for: Duration)
    /// SIGTERM of a worker, whose place the supervisor fills again.
    case workerDrained
    /// SIGKILL of a supervisor, and another start after a time.
    case supervisorKilled(for: Duration)
    /// SIGTERM of a supervisor, and another start when it is gone.
    case supervisorDrained
    /// SIGKILL of nats-server, and another start over the same store.
    case natsKilled(for: Duration)

    var description: String {
        switch self {
        case .workerKilled: "SIGKILL of a worker"
        case .workerStopped(let hold): "SIGSTOP of a worker for \(hold.rounded)"
        case .workerDrained: "SIGTERM of a worker"
        case .supervisorKilled(let hold): "SIGKILL of a supervisor, away for \(hold.rounded)"
        case .supervisorDrained: "SIGTERM of a supervisor"
        case .natsKilled(let hold): "SIGKILL of nats-server, down for \(hold.rounded)"
        }
    }
}

/// Which faults come one after another, in which order, to whom: drawn from the seed, without end.
struct HostFaultPlan: Sendable {
    struct Step: Hashable, Sendable {
        /// The time since the step before began.
        let calm: Duration
        let fault: HostFault
        /// Whose lane it is about.
        let account: ChaosAccount
        /// Whether it meets who holds the lane; else any host.
        let isForHolder: Bool
        /// Which host it meets otherwise.
        let host: Int
    }

    private var generator: SeededGenerator
    private var coming: [HostFault] = []

    init(seed: Seed) {
        self.generator = SeededGenerator(seed: seed.value ^ 0x0B07_FA17)
    }

    /// All kinds come before any comes again.
    mutating func next() -> Step {
        if self.coming.isEmpty {
            self.coming = [
                .workerKilled, .workerKilled, .workerDrained, .supervisorDrained,
                .workerStopped(for: self.milliseconds(1000...4000)),
                .workerStopped(for: self.milliseconds(4500...8000)),
                .supervisorKilled(for: self.milliseconds(100...2000)),
                .natsKilled(for: self.milliseconds(100...2500)),
            ].shuffled(using: &self.generator)
        }
        return Step(
            calm: self.milliseconds(1500...5000), fault: self.coming.removeLast(),
            account: ChaosAccount.all.randomElement(using: &self.generator) ?? ChaosAccount.all[0],
            isForHolder: Int.random(in: 0..<4, using: &self.generator) > 0,
            host: Int.random(in: 0..<2, using: &self.generator))
    }

    private mutating func milliseconds(_ range: ClosedRange<Int>) -> Duration {
        .milliseconds(Int.random(in: range, using: &self.generator))
    }
}
