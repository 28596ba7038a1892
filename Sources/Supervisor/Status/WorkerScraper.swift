import Daemon
import Prometheus
import Synchronization

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

/// How workers are asked, again and again.
struct WorkerAsking {
    private let limits: AskingRound.Limits
    private var failures: [WorkerScrape.Failure: Int] = [:]
    /// Those that used up their time the last time; they are asked last, lest they take it from others.
    private var slow: Set<WorkerID> = []

    init(within limits: AskingRound.Limits) {
        self.limits = limits
    }

    /// Asks each worker that has a process; blocks for as long as the limits say.
    mutating func ask(_ board: SnapshotBoard) -> WorkerScrape {
        let begin = ContinuousClock.now
        let workers = board.current.serving
        let running = workers.filter { $0.process != nil }
        let inTurn = running.filter { !self.slow.contains($0.id) } + running.filter { self.slow.contains($0.id) }
        let pages = AskingRound.ask(
            inTurn.map { SocketAddress(unix: $0.adminSocket.path) }, for: "/metrics", within: self.limits)
        self.slow = []
        var found: [WorkerID: Result<ScrapedExposition, WorkerScrape.Failure>] = [:]
        for (worker, page) in zip(inTurn, pages) {
            found[worker.id] = Self.read(page ?? .failed(.timeout), of: worker)
            if page == .failed(.timeout) { self.slow.insert(worker.id) }
        }
        let results = workers.map { (worker: $0, metrics: found[$0.id] ?? .failure(.notRunning)) }
        for case .failure(let failure) in results.map(\.metrics) { self.failures[failure, default: 0] += 1 }
        return WorkerScrape(
            snapshot: board.current, workers: results, time: .now - begin, failures: self.failures)
    }

    private static func read(
        _ page: AskedPage, of worker: WorkerSnapshot
    ) -> Result<ScrapedExposition, WorkerScrape.Failure> {
        switch page {
        case .failed(let failure): return .failure(WorkerScrape.Failure(failure))
        case .answered(200, let body):
            do throws(ExpositionError) {
                return .success(try ScrapedExposition(reading: body, adding: (WorkerScraper.label, worker.name)))
            } catch {
                return .failure(.malformed)
            }
        case .answered: return .failure(.malformed)
        }
    }
}
