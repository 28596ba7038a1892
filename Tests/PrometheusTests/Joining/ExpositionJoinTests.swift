import CoreMetrics
import Testing

@testable import Prometheus

@Suite struct ExpositionJoinTests {
    private static func exposition(_ text: String, of worker: String?) throws(ExpositionError) -> ScrapedExposition {
        try ScrapedExposition(reading: Array(text.utf8), adding: worker.map { ("worker", $0) })
    }

    @Test func `A family of several processes stands there once, with the samples of all below it`() throws {
        var join = ExpositionJoin()
        let text = "# HELP x What it is\n# TYPE x gauge\nx{account=\"a\"} 1\n# TYPE z counter\nz 1\n"
        join.add(try Self.exposition("# HELP x What it is\n# TYPE x gauge\nx 0\n", of: nil))
        for worker in ["one", "two"] { #expect(join.add(try Self.exposition(text, of: worker)) == []) }
        let expected = """
            # HELP x What it is
            # TYPE x gauge
            x 0
            x{worker="one",account="a"} 1
            x{worker="two",account="a"} 1
            # TYPE z counter
            z{worker="one"} 1
            z{worker="two"} 1

            """
        #expect(String(decoding: join.text, as: UTF8.self) == expected)
    }

    @Test func `A family that contradicts what was there before is left out, the rest of its process is not`() throws {
        var join = ExpositionJoin()
        join.add(try Self.exposition("# TYPE x gauge\nx 1\n# TYPE h histogram\nh_bucket{le=\"+Inf\"} 1\n", of: "one"))
        let left = join.add(
            try Self.exposition("# TYPE x counter\nx 2\nh_sum 3\ny 4\n", of: "two"))
        #expect(left == ["x", "h_sum"])
        let text = String(decoding: join.text, as: UTF8.self)
        #expect(text.contains("y{worker=\"two\"} 4\n"))
        #expect(!text.contains("x{worker=\"two\"}") && !text.contains("h_sum{worker=\"two\"}"))
    }

    @Test func `Names that are reserved no other process can have`() throws {
        var join = ExpositionJoin()
        join.add(try Self.exposition("own_ready{worker=\"two\"} 0\n", of: nil))
        let left = join.add(
            try Self.exposition("own_ready{a=\"1\"} 1\nown_forged 1\nx 1\n", of: "two"), without: "own_")
        #expect(left == ["own_ready", "own_forged"])
        #expect(
            String(decoding: join.text, as: UTF8.self)
                == "# TYPE own_ready untyped\nown_ready{worker=\"two\"} 0\n# TYPE x untyped\nx{worker=\"two\"} 1\n")
    }

    @Test func `What is joined can be read again`() throws {
        let registry = PrometheusRegistry()
        registry.collect { values in
            for account in ["a", "b\"\\\n"] { values.set(MetricFamilies.egressHeld, to: 3, labels: [account]) }
        }
        MetricFamilies.egressGraphSeconds.timer(["a"], in: registry).recordSeconds(0.3)
        var join = ExpositionJoin()
        for worker in ["egress-a", "egress-a#2"] {
            join.add(try ScrapedExposition(reading: registry.text(), adding: ("worker", worker)))
        }
        let again = try ScrapedExposition(reading: join.text, adding: nil)
        #expect(again.total(of: "whatsapp_egress_held") == 12)
        var second = ExpositionJoin()
        second.add(again)
        #expect(second.text == join.text)
    }
}
