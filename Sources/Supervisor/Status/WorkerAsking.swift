import Prometheus

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
