import Addressing
import Prometheus
import TestSupport
import Testing

@testable import Egress

@Suite struct OrphanCountTests {
    private static func samples(_ orphans: [String: Int], served: [String] = []) -> [String: Double] {
        let (registry, count) = (PrometheusRegistry(), OrphanCount())
        registry.collect { count.read(into: &$0, served: served.compactMap { AccountName($0) }) }
        count.found(["earlier": 7])
        count.found(orphans)
        return MetricsText(registry.text()).samples.reduce(into: [:]) { samples, sample in
            samples[sample.key.split(separator: "\"", omittingEmptySubsequences: false)[1].description] = sample.value
        }
    }

    @Test func `Orphans are told by account, and what is served with 0`() {
        #expect(Self.samples(["desk": 3, "shop": 1], served: ["mine", "shop"]) == ["desk": 3, "mine": 0, "shop": 1])
        #expect(Self.samples([:], served: ["mine"]) == ["mine": 0])
    }

    @Test func `What is no account's name is told without one`() {
        #expect(Self.samples(["whatsapp.A B.queue.x": 3, "event": 4, "desk": 1]) == ["": 7, "desk": 1])
    }

    @Test func `Of more accounts than are told by name, those with most jobs are`() {
        let orphans = Dictionary(uniqueKeysWithValues: (1...250).map { ("account_\($0)", $0) })
        let samples = Self.samples(orphans)
        #expect(samples.count == 101 && samples["account_250"] == 250 && samples["account_151"] == 151)
        #expect(samples[""] == Double((1...150).reduce(0, +)))
    }
}
