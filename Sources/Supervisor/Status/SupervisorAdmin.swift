import Admin
import Daemon
import Logging
import Prometheus
import Settings

/// The supervisor's admin endpoint: health, readiness, metrics and status, beside the loop that does the work.
///
/// What it shows is on the board, or asked of the workers themselves; nothing here can hold up the loop, and no thread
/// of its own takes signals or starts processes.
final class SupervisorAdmin: Sendable {
    private let stops: AsyncStream<Void>
    private let stopping: AsyncStream<Void>.Continuation
    private let monitor = Monitor()
    // `nonisolated(unsafe)`: touched under the monitor's lock alone.
    private nonisolated(unsafe) var hasEnded = false

    private init() {
        (self.stops, self.stopping) = AsyncStream.makeStream()
    }

    /// Begins to serve, and returns before it does; where the address cannot be had, that is an error in the log, and
    /// nothing more.
    ///
    /// To be called once the signals are blocked, which the threads inherit.
    ///
    /// - Parameter directory: where to leave a note of the address for `status`; nil for nowhere.
    static func start(
        at address: AdminAddress, showing board: SnapshotBoard, notingIn directory: String?, logger: Logger
    ) -> SupervisorAdmin? {
        guard address != .off else { return nil }
        let scraper: WorkerScraper
        do throws(ThreadError) {
            scraper = try WorkerScraper.start(board)
        } catch {
            logger.error("no admin endpoint: \(error); restart the supervisor")
            return nil
        }
        let admin = SupervisorAdmin()
        let pages = Self.pages(of: board, scraper)
        // The root of every other task: nothing can be its parent, and `stop` waits for it.
        Task.detached {
            if let server = await AdminServer.start(
                at: address, setting: Variables.supervisorAdmin.name, showing: pages, logger: logger)
            {
                let note = directory.flatMap { AdminNote(of: address, in: $0) }
                await admin.serve(server)
                withExtendedLifetime(note) {}
            }
            scraper.stop()
            admin.end()
        }
        return admin
    }

    /// Gives the address up; returns when that is done, or after a second.
    func stop() {
        self.stopping.finish()
        self.monitor.lock()
        self.monitor.sleep(atMost: .seconds(1)) { !self.hasEnded }
        self.monitor.unlock()
    }

    private func serve(_ server: AdminServer) async {
        await withDiscardingTaskGroup { group in
            group.addTask { await server.run() }
            for await _ in self.stops {}
            await server.close()
            group.cancelAll()
        }
    }

    private func end() {
        self.monitor.lock()
        self.hasEnded = true
        self.monitor.wake()
        self.monitor.unlock()
    }

    private static func pages(of board: SnapshotBoard, _ scraper: WorkerScraper) -> AdminPages {
        let metrics = SupervisorMetrics(MetricsOutput.bootstrap())
        return AdminPages(
            readiness: { board.current.readiness },
            pages: [
                .metrics { metrics.text(of: await scraper.scrape()) },
                AdminPage("/status") {
                    let status = SupervisorStatus(await scraper.scrape(), at: .now)
                    return AdminAnswer(
                        200, contentType: "application/json", body: status.json + [UInt8(ascii: "\n")])
                },
            ])
    }
}
