import CoreMetrics
import Testing

@testable import Prometheus

@Suite struct HistogramTests {
    private static func lines(_ values: [Double], bounds: [Double] = [0.5, 1, 2]) -> [String] {
        let histogram = HistogramSeries(bounds: bounds)
        for value in values { histogram.record(value) }
        var exposition = Exposition()
        histogram.write("h", LabelText([("x", "1")]), to: &exposition)
        return String(decoding: exposition.bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test func `Each bucket holds what is not above its bound, and all that those below it hold`() {
        #expect(
            Self.lines([0.25, 0.5, 0.75, 1, 2.5, 100]) == [
                #"h_bucket{x="1",le="0.5"} 2"#, #"h_bucket{x="1",le="1"} 4"#, #"h_bucket{x="1",le="2"} 4"#,
                #"h_bucket{x="1",le="+Inf"} 6"#, #"h_sum{x="1"} 105"#, #"h_count{x="1"} 6"#,
            ])
    }

    @Test func `Without an observation all is 0`() {
        #expect(Self.lines([]).allSatisfy { $0.hasSuffix(" 0") } && Self.lines([]).count == 6)
    }

    @Test func `What is no number is not observed`() {
        #expect(Self.lines([.nan]) == Self.lines([]))
        #expect(Self.lines([.infinity])[3] == #"h_bucket{x="1",le="+Inf"} 1"#)
    }

    @Test(arguments: [(0, 0), (-5, 0), (2_500_000, 0.0025), (Int64.max, 9_223_372_036.854775807)])
    func `A timer's nanoseconds are seconds, and none is below 0`(nanoseconds: Int64, seconds: Double) {
        let histogram = HistogramSeries(bounds: [1])
        histogram.recordNanoseconds(nanoseconds)
        #expect(histogram.reading.sum == seconds)
    }

    @Test func `A declared timer has the bounds that are declared for it`() {
        let registry = PrometheusRegistry()
        _ = MetricFamilies.egressGraphSeconds.timer(["shop"], in: registry)
        let bounds = String(decoding: registry.text(), as: UTF8.self).split(separator: "\n").compactMap { line in
            line.split(separator: "le=\"").dropFirst().first.map { String($0.prefix { $0 != "\"" }) }
        }
        #expect(
            bounds == ["0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "10", "15", "30", "+Inf"])
    }
}
