import Prometheus
import Settings
import TestSupport
import Testing

@testable import Supervisor

@Suite(.serialized) struct WorkerScraperTests {
    private static func text(_ value: Int, account: String = "a") -> FakeWorkers.Manner {
        .answers(
            FakeWorkers.answer(
                "# TYPE whatsapp_egress_in_flight gauge\nwhatsapp_egress_in_flight{account=\"\(account)\"} \(value)\n"))
    }

    /// Asks workers, of which the first names a socket each, and returns what there is of it.
    private static func scrape(
        _ manners: [FakeWorkers.Manner], and more: [WorkerSnapshot] = []
    ) async throws -> (scrape: WorkerScrape, text: String) {
        let fakes = try FakeWorkers(manners)
        let board = Self.board(fakes, and: more)
        let scraper = try WorkerScraper.start(board)
        let scrape = await scraper.scrape()
        scraper.stop()
        let metrics = SupervisorMetrics(PrometheusRegistry())
        return withExtendedLifetime(fakes) { (scrape, String(decoding: metrics.text(of: scrape), as: UTF8.self)) }
    }

    private static func board(_ fakes: FakeWorkers, and more: [WorkerSnapshot] = []) -> SnapshotBoard {
        var snapshot = SupervisorSnapshot(of: Shard(index: 1, count: 1), at: .now)
        snapshot.workers =
            fakes.sockets.enumerated().map { WorkerSnapshot.test($0 + 1, "egress-\($0 + 1)", at: $1) } + more
        return SnapshotBoard(snapshot)
    }

    @Test func `What all workers show stands below one head, each sample with its worker's name`() async throws {
        let (scrape, text) = try await Self.scrape([Self.text(1), Self.text(2)])
        #expect(
            text.contains(
                """
                # TYPE whatsapp_egress_in_flight gauge
                whatsapp_egress_in_flight{worker="egress-1",account="a"} 1
                whatsapp_egress_in_flight{worker="egress-2",account="a"} 2

                """))
        #expect(scrape.snapshot.workers.map { scrape.inFlight($0) } == [1, 2])
    }

    @Test func `Those that do not answer are named and counted, and the rest is there in time`() async throws {
        let down = WorkerSnapshot.test(9, "egress-9", .down, isRunning: false)
        let (scrape, text) = try await Self.scrape(
            [
                Self.text(1), .silent, .answers(FakeWorkers.answer("x 1")),
                .answers(FakeWorkers.answer("", status: 503)),
            ],
            and: [down])
        #expect(scrape.time < .milliseconds(1500))
        #expect(text.contains("whatsapp_egress_in_flight{worker=\"egress-1\",account=\"a\"} 1\n"))
        for (worker, success) in [(1, 1), (2, 0), (3, 0), (4, 0), (9, 0)] {
            #expect(
                text.contains("whatsapp_supervisor_worker_scrape_success{worker=\"egress-\(worker)\"} \(success)\n"))
        }
        for (reason, count) in [("timeout", 1), ("malformed", 2), ("not_running", 1), ("too_large", 0)] {
            #expect(
                text.contains(
                    "whatsapp_supervisor_worker_scrape_failures_total{reason=\"\(reason)\"} \(count)\n"))
        }
    }

    @Test func `A worker cannot speak for the supervisor, nor for another worker`() async throws {
        let liar = FakeWorkers.Manner.answers(
            FakeWorkers.answer(
                """
                # TYPE whatsapp_supervisor_workers counter
                whatsapp_supervisor_workers{state="ready"} 99
                whatsapp_supervisor_worker_ready{of="egress-2"} 0
                # TYPE whatsapp_egress_in_flight counter
                whatsapp_egress_in_flight 7

                """))
        let forger = FakeWorkers.Manner.answers(FakeWorkers.answer("up{worker=\"egress-1\"} 0\n"))
        let (_, text) = try await Self.scrape([Self.text(1), liar, forger])
        #expect(text.contains("whatsapp_supervisor_workers{state=\"ready\"} 3\n"))
        #expect(!text.contains("} 99\n") && !text.contains("} 7\n") && !text.contains("up{"))
        #expect(text.contains("whatsapp_supervisor_worker_scrape_success{worker=\"egress-3\"} 0\n"))
        #expect(throws: Never.self) { try ScrapedExposition(reading: Array(text.utf8), adding: nil) }
    }

    @Test func `One that used up all the time is asked last the next time`() throws {
        let fakes = try FakeWorkers([.silent, Self.text(1), Self.text(2)])
        var limits = AskingRound.Limits()
        (limits.atOnce, limits.each, limits.all) = (1, .milliseconds(300), .milliseconds(300))
        var asking = WorkerAsking(within: limits)
        let board = Self.board(fakes)
        #expect(asking.ask(board).workers.map { $0.metrics.failure } == [.timeout, .timeout, .timeout])
        #expect(asking.ask(board).workers.map { $0.metrics.failure } == [.timeout, nil, nil])
        withExtendedLifetime(fakes) {}
    }

    @Test func `Many who ask at once are answered by few rounds`() async throws {
        let fakes = try FakeWorkers([.silent])
        let scraper = try WorkerScraper.start(Self.board(fakes))
        let failures = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<50 { group.addTask { await scraper.scrape().failures[.timeout] ?? 0 } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        scraper.stop()
        // One for those who came before it began, one for those who came while it went on; more where they came late.
        #expect(failures.count == 50 && failures.max() ?? 50 < 10)
        withExtendedLifetime(fakes) {}
    }
}

extension Result where Failure == WorkerScrape.Failure {
    /// Nil where there is none.
    fileprivate var failure: Failure? { if case .failure(let failure) = self { failure } else { nil } }
}
