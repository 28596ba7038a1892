import Addressing
import Daemon
import Glibc
import Settings

/// What `/status` says and `status` prints: the supervisor and its workers for a reader.
struct SupervisorStatus: Hashable {
    /// What tells it from whatever else may answer at an address.
    static let service = "whatsapp-supervisor"

    struct Worker: Hashable {
        var name: String
        var component: String
        /// Those it sends for; the ingress takes the webhooks of all.
        var accounts: [String]
        var pid: Int?
        /// A word of `WorkerState`, or of another version's.
        var state: String
        var isReady: Bool
        /// Seconds since its process was started.
        var uptime: Int?
        var restarts: Int
        /// How it ended the last time.
        var lastExit: String?
        /// Nil where it did not say.
        var inFlight: Int?
        /// Why it is not ready, or not well; nil when there is nothing to say.
        var reason: String?
    }

    /// How many of the workers can serve.
    enum Readiness {
        case all, some, none
    }

    var version: String
    var pid: Int
    /// Such as `1/2`.
    var shard: String
    /// Seconds since the start.
    var uptime: Int
    /// What systemd is told.
    var text: String
    var isReady: Bool
    var workers: [Worker]

    /// Of no workers all are ready, unless the supervisor is only just starting, or done.
    var readiness: Readiness {
        if self.workers.isEmpty { return self.isReady ? .all : .none }
        let ready = self.workers.count(where: \.isReady)
        return ready == self.workers.count ? .all : ready > 0 ? .some : .none
    }
}

extension SupervisorStatus {
    /// As it is now.
    init(_ scrape: WorkerScrape, at now: ContinuousClock.Instant) {
        let snapshot = scrape.snapshot
        self.init(
            version: Version.text, pid: Int(getpid()), shard: "\(snapshot.shard)",
            uptime: Self.seconds(now - snapshot.startedAt), text: snapshot.status,
            isReady: snapshot.readiness.isReady,
            workers: snapshot.counted.map { worker in
                Worker(
                    name: worker.name, component: worker.component.rawValue,
                    accounts: (worker.component == .ingress ? snapshot.accounts : worker.accounts).map(\.value),
                    pid: worker.process.map { Int($0.pid) }, state: worker.state.rawValue, isReady: worker.isReady,
                    uptime: worker.process.map { Self.seconds(now - $0.startedAt) }, restarts: worker.restarts,
                    lastExit: worker.lastEnd.map { "\($0)" }, inFlight: scrape.inFlight(worker),
                    reason: worker.state == .ready ? nil : worker.reason)
            })
    }

    private static func seconds(_ duration: Duration) -> Int { max(0, Int(duration.components.seconds)) }
}
