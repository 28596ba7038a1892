import Daemon
import Foundation
import Prometheus
import Settings
import TestSupport
import Testing

@testable import Supervisor

/// A thousand workers' metrics at once; the figures are printed.
@Suite(.serialized) struct ManyScrapesTests {
    private static let count = 1000

    /// About what an egress with one account shows.
    private static func page(_ worker: Int) -> [UInt8] {
        let registry = PrometheusRegistry()
        registry.collect { values in
            for family in MetricFamilies.egress where family.labels == ["account"] && family.kind == .gauge {
                values.set(family, to: Double(worker), labels: ["account_\(worker)"])
            }
            for outcome in [
                "sent", "refused", "invalid", "unavailable", "unknown", "overloaded", "running", "repeated",
            ] {
                for action in ["sendMessage", "sendImage", "markRead"] {
                    values.set(
                        MetricFamilies.egressSends, to: 1,
                        labels: ["account_\(worker)", action, "request", outcome])
                }
            }
        }
        let text = registry.text()
        return Array("HTTP/1.1 200 OK\r\nContent-Length: \(text.count)\r\n\r\n".utf8) + text
    }

    @Test(arguments: [0, 100, 1000])
    func `A scrape of a thousand workers is bounded, however many of them are stopped`(stopped: Int) async throws {
        // The fakes' own: the supervisor asks 128 at once.
        _ = DescriptorLimit.connections(wanted: 3 * Self.count)
        let fakes = try FakeWorkers(
            (0..<Self.count).map { $0 < stopped ? .stopped : .answers(Self.page($0)) })
        var snapshot = SupervisorSnapshot(of: Shard(index: 1, count: 1), at: .now)
        snapshot.workers = fakes.sockets.enumerated().map { WorkerSnapshot.test($0 + 1, "egress-\($0 + 1)", at: $1) }
        let scraper = try WorkerScraper.start(SnapshotBoard(snapshot))
        let metrics = SupervisorMetrics(PrometheusRegistry())
        var (isBounded, isWhole) = (false, false)
        // Whatever else this machine does at the moment, it does not do all the time.
        for _ in 0..<3 where !(isBounded && isWhole) {
            let scrape = await scraper.scrape()
            let begin = ContinuousClock.now
            let text = metrics.text(of: scrape)
            let joined = ContinuousClock.now - begin
            let figures = "asked and read \(scrape.time), joined \(joined), \(text.count) bytes"
            let line = "\(Self.count) workers, \(stopped) stopped: \(figures)"
            FileHandle.standardError.write(Data("measured: \(line)\n".utf8))
            let missing = scrape.workers.count { if case .failure = $0.metrics { true } else { false } }
            isWhole = missing == stopped
            // Two seconds, and the reading of what has come.
            isBounded = scrape.time < .seconds(4)
        }
        scraper.stop()
        #expect(isBounded && isWhole)
        withExtendedLifetime(fakes) {}
    }
}
