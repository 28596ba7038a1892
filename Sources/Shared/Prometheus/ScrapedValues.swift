/// Values that are known at the moment of a scrape alone, gathered by those who know them.
package struct ScrapedValues {
    /// By the family's name and the labels.
    private(set) var samples: [String: [LabelText: Double]] = [:]
    private(set) var types: [String: SeriesType] = [:]

    /// Says what a gauge stands at, or what a counter that is kept elsewhere has come to.
    ///
    /// - Parameters:
    ///   - family: no histogram.
    ///   - value: once more for the same labels: the last one counts.
    ///   - labels: one value for each of the family's labels, in their order.
    package mutating func set(_ family: MetricFamily, to value: Double, labels: [String] = []) {
        self.types[family.name] = family.kind == .counter ? .counter : .gauge
        self.samples[family.name, default: [:]][LabelText(family.dimensions(labels))] = value
    }

    /// Sets a gauge to 1 where something is so, else to 0.
    package mutating func set(_ family: MetricFamily, holds: Bool, labels: [String] = []) {
        self.set(family, to: holds ? 1 : 0, labels: labels)
    }
}
