import Daemon

/// Asks all workers for their metrics when somebody wants to know, on a thread of its own.
///
/// Whoever comes while they are being asked gets what comes of that: so many scrapes cost no more than one, and none
/// takes longer than its bound.
final class WorkerScraper: Sendable {
    /// What the label of a worker's samples is called.
    static let label = "worker"

    private typealias Waiting = CheckedContinuation<WorkerScrape, Never>

    private let board: SnapshotBoard
    private let limits: AskingRound.Limits
    private let monitor = Monitor()
    // `nonisolated(unsafe)`: touched under the monitor's lock alone.
    private nonisolated(unsafe) var waiting: [Waiting] = []
    private nonisolated(unsafe) var isStopped = false

    private init(_ board: SnapshotBoard, within limits: AskingRound.Limits) {
        self.board = board
        self.limits = limits
    }

    /// Starts the thread, which lives until `stop`.
    ///
    /// - Throws: `ThreadError` when there is none to be had.
    static func start(
        _ board: SnapshotBoard, within limits: AskingRound.Limits = AskingRound.Limits()
    ) throws(ThreadError) -> WorkerScraper {
        let scraper = WorkerScraper(board, within: limits)
        _ = try BlockingThread(named: "scraper") { scraper.work() }
        return scraper
    }

    /// What the workers show now.
    func scrape() async -> WorkerScrape {
        await withCheckedContinuation { continuation in
            self.monitor.lock()
            self.waiting.append(continuation)
            self.monitor.wake()
            self.monitor.unlock()
        }
    }

    /// Ends the thread once nobody waits.
    func stop() {
        self.monitor.lock()
        self.isStopped = true
        self.monitor.wake()
        self.monitor.unlock()
    }

    private func work() {
        var asking = WorkerAsking(within: self.limits)
        while true {
            self.monitor.lock()
            self.monitor.sleep(while: { self.waiting.isEmpty && !self.isStopped })
            let isDone = self.waiting.isEmpty
            self.monitor.unlock()
            if isDone { return }
            let scrape = asking.ask(self.board)
            self.monitor.lock()
            let waiting = self.waiting
            self.waiting = []
            self.monitor.unlock()
            for continuation in waiting { continuation.resume(returning: scrape) }
        }
    }
}
