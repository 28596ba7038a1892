import Foundation
import TestSupport
import Testing

@testable import Prometheus

@Suite struct ProcessFiguresTests {
    private static func metrics(_ figures: ProcessFigures) -> MetricsText {
        let registry = PrometheusRegistry()
        registry.collect { figures.read(into: &$0) }
        return MetricsText(registry.text())
    }

    @Test func `The figures are those of this process`() throws {
        let figures = ProcessFigures()
        let metrics = Self.metrics(figures)
        let start = try #require(metrics["process_start_time_seconds"])
        let now = Date().timeIntervalSince1970
        #expect(start < now && start > now - 86_400)
        #expect(try #require(metrics["process_resident_memory_bytes"]) > 1_000_000)
        #expect(try #require(metrics["process_cpu_seconds_total"]) > 0)
        let open = try #require(metrics["process_open_fds"])
        #expect(open >= 3)
        #expect(try #require(metrics["process_max_fds"]) >= open)
        #expect(
            try #require(metrics["process_virtual_memory_bytes"])
                > #require(metrics["process_resident_memory_bytes"]))
        #expect(Self.metrics(figures)["process_start_time_seconds"] == start)
    }

    @Test func `The descriptor that looks is not counted`() throws {
        let folder = try TemporaryFolder()
        try folder.write("", to: "a")
        try folder.write("", to: "b")
        // Of /proc/self/fd the look itself is an entry.
        #expect(SystemFile.entries(folder.path) == 1)
        #expect(SystemFile.entries("/nowhere") == nil && SystemFile.text("/nowhere") == "")
    }
}
