package import Logging
import Synchronization

/// Tells the service manager again and again that the process works, for as long as all its working loops do.
///
/// A thread of its own looks at them: what stands still in the process cannot stop it, and it stops nothing. Where no
/// manager watches there is no thread, and nothing is looked at.
package final class Watchdog: Sendable {
    private let timeout: Duration?
    private let notifier: Notifier
    private let logger: Logger
    private let loops: Mutex<[WorkingLoop]>
    private let pool = Pulse()
    private let poolPokes: AsyncStream<Void>
    private let pokePool: AsyncStream<Void>.Continuation
    private let monitor = Monitor()
    private let hasEnded = Atomic<Bool>(false)

    /// - Parameter timeout: after how long without a sign of life the manager acts; nil: it does not watch.
    package init(notifier: Notifier, timeout: Duration? = Notifier.watchdogTimeout, logger: Logger) {
        self.timeout = timeout
        self.notifier = notifier
        self.logger = logger
        (self.poolPokes, self.pokePool) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        let (pool, pokePool) = (self.pool, self.pokePool)
        self.loops = Mutex([WorkingLoop("task-pool", state: { pool.state }, poke: { pokePool.yield() })])
    }

    /// From now on the process works only while these loops do, too.
    package func watch(_ loops: [WorkingLoop]) {
        self.loops.withLock { $0 += loops }
    }

    /// Gives signs of life while the body runs; the body's tasks show that the pool of tasks works.
    package func guarding<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
        guard let timeout = self.timeout else { return try await body() }
        startThread(named: "watchdog") { self.run(timeout: timeout) }
        defer { self.end() }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for await _ in self.poolPokes { self.pool.beat() }
            }
            defer { group.cancelAll() }
            return try await body()
        }
    }

    private func run(timeout: Duration) {
        var round = WatchdogRound(timeout: timeout)
        while !self.hasEnded.load(ordering: .acquiring) {
            let loops = self.loops.withLock { $0 }
            let readings = loops.map { WatchdogRound.Reading($0.name, patience: $0.patience, $0.state()) }
            let verdict = round.look(at: readings, now: .now)
            if verdict.isAlive { self.notifier.keepAlive() }
            self.tell(verdict, timeout: timeout)
            for (loop, reading) in zip(loops, readings) where reading.state != .excused { loop.poke() }
            self.monitor.lock()
            self.monitor.sleep(atMost: verdict.isAlive ? round.interval : round.shortInterval) {
                !self.hasEnded.load(ordering: .acquiring)
            }
            self.monitor.unlock()
        }
    }

    private func tell(_ verdict: WatchdogRound.Verdict, timeout: Duration) {
        for loop in verdict.stuck {
            self.logger.error(
                """
                a working loop stands still, and the process is started anew if it does not go on; where the machine \
                is overloaded, relieve it
                """,
                metadata: ["loop": "\(loop.name)", "for": "\(loop.time.inSeconds)", "watchdog": "\(timeout.inSeconds)"])
        }
        for loop in verdict.recovered {
            self.logger.notice(
                "a working loop goes on", metadata: ["loop": "\(loop.name)", "stood": "\(loop.time.inSeconds)"])
        }
    }

    private func end() {
        self.monitor.lock()
        self.hasEnded.store(true, ordering: .releasing)
        self.monitor.wake()
        self.monitor.unlock()
    }
}

extension Duration {
    /// Such as `5.2 s`.
    fileprivate var inSeconds: String {
        let tenths = Int((self / .milliseconds(100)).rounded())
        return "\(tenths / 10).\(tenths % 10) s"
    }
}
