package import CoreMetrics

extension MetricFamily {
    /// One series of a counter, to be made once and kept.
    ///
    /// - Parameter values: one for each label, in their order.
    package func counter(_ values: [String] = [], in factory: any MetricsFactory) -> Counter {
        Counter(label: self.name, dimensions: self.dimensions(values), factory: factory)
    }

    /// One series of a histogram of seconds, to be made once and kept.
    ///
    /// - Parameter values: one for each label, in their order.
    package func timer(_ values: [String] = [], in factory: any MetricsFactory) -> Timer {
        Timer(label: self.name, dimensions: self.dimensions(values), factory: factory)
    }
}
