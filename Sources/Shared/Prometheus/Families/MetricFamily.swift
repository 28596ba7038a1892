/// A metric as it is declared: all series of one name.
package struct MetricFamily: Sendable {
    /// The type that the text format gives it.
    package enum Kind: Hashable, Sendable {
        case counter, gauge
        /// - Parameter bounds: upper bounds of the buckets, included, ascending; seconds for a timer. `+Inf` is added.
        case histogram(bounds: [Double])
    }

    package let name: String
    package let kind: Kind
    /// The names of the labels that every series has.
    package let labels: [String]
    /// What it counts or measures, in one sentence.
    package let help: String

    /// - Parameter help: without a full stop.
    package init(_ name: String, _ kind: Kind, labels: [String] = [], _ help: String) {
        self.name = name
        self.kind = kind
        self.labels = labels
        self.help = help
    }

    /// The bounds of a histogram's buckets; nil for another kind.
    var bounds: [Double]? {
        guard case .histogram(let bounds) = self.kind else { return nil }
        return bounds
    }

    /// A series' dimensions.
    ///
    /// - Parameter values: one for each label, in their order.
    func dimensions(_ values: [String]) -> [(String, String)] {
        precondition(values.count == self.labels.count, "\(self.name) has the labels \(self.labels)")
        return Array(zip(self.labels, values))
    }
}
