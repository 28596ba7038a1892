import CoreMetrics
import TestSupport
import Testing

@testable import Prometheus

@Suite struct ExpositionTests {
    @Test(arguments: [
        ("", ""), ("plain", "plain"), (#"a"b"#, #"a\"b"#), (#"a\b"#, #"a\\b"#), ("a\nb", #"a\nb"#),
        ("a\r\nb", "a\r\\nb"), (#"\""#, #"\\\""#), ("日本 🎉", "日本 🎉"), ("}{=,", "}{=,"), ("e\u{301}\"", "e\u{301}\\\""),
    ])
    func `Values of labels are escaped`(value: String, escaped: String) {
        #expect(LabelText([("x", value)]).text == "x=\"\(escaped)\"")
    }

    @Test func `Help texts are escaped, quotes are not`() {
        var exposition = Exposition()
        exposition.family("a", type: "gauge", help: "one\\two\nthree \"four\"")
        #expect(
            String(decoding: exposition.bytes, as: UTF8.self)
                == "# HELP a one\\\\two\\nthree \"four\"\n# TYPE a gauge\n")
    }

    @Test(arguments: [
        (0, "0"), (-0.0, "0"), (3, "3"), (-1, "-1"), (0.25, "0.25"), (1e-7, "1e-07"), (1e300, "1e+300"),
        (9_007_199_254_740_991, "9007199254740991"), (Double.infinity, "+Inf"), (-Double.infinity, "-Inf"),
        (Double.nan, "NaN"),
    ])
    func `Values are written as Prometheus reads them`(value: Double, text: String) {
        #expect(Exposition.number(value) == text)
    }

    @Test(arguments: [
        ("whatsapp_a:b_total", "whatsapp_a:b_total"), ("a.b-c d", "a_b_c_d"), ("9a", "_9a"), ("", "_"), ("ä", "_"),
    ])
    func `Names of metrics are made into such as are allowed`(name: String, allowed: String) {
        #expect(MetricName.family(name) == allowed)
    }

    @Test(arguments: [
        ("account", "account"), ("a:b", "a_b"), ("__name__", "_name__"), ("le", "le_"), ("1", "_1"), ("", "_"),
        ("__", "_"),
    ])
    func `Names of labels are made into such as are allowed`(name: String, allowed: String) {
        #expect(MetricName.label(name) == allowed)
    }

    @Test func `Of labels with one name the first counts`() {
        #expect(LabelText([("a.b", "1"), ("a_b", "2")]).text == #"a_b="1""#)
    }

    @Test(.enabled(if: Promtool.isAvailable, "\(Promtool.absence)"))
    func `promtool takes whatever a program may say`() async throws {
        let registry = PrometheusRegistry()
        let strange = ["", "a\"b\\c\nd", "日本 🎉", "}{ ,=", String(repeating: "x", count: 10_000)]
        for (index, text) in strange.enumerated() {
            let labels = [("le", text), (text, "\(index)"), ("__name__", text)]
            Counter(label: "strange_total", dimensions: labels, factory: registry).increment()
            Timer(label: "strange_seconds", dimensions: labels, factory: registry).recordSeconds(index)
        }
        Meter(label: "strange_level", factory: registry).set(Double.nan)
        #expect(try await Promtool.problems(of: registry.text()) == "")
    }

    @Test(.enabled(if: Promtool.isAvailable, "\(Promtool.absence)"))
    func `promtool finds nothing wrong with what is declared, and does find what is wrong`() async throws {
        let registry = PrometheusRegistry()
        for family in MetricFamilies.all {
            let values = family.labels.map { _ in "value" }
            switch family.kind {
            case .counter: _ = family.counter(values, in: registry)
            case .gauge: registry.collect { $0.set(family, to: 1, labels: values) }
            case .histogram: family.timer(values, in: registry).recordMilliseconds(3)
            }
        }
        let text = registry.text()
        #expect(MetricsText(text).families.count == MetricFamilies.all.count)
        #expect(try await Promtool.problems(of: text) == "")
        #expect(try await Promtool.problems(of: Array("a{x=\"1\n".utf8)) != "")
    }
}
