/// Every metric that the gateway shows: the one table behind help texts, bounds of buckets and `docs/metrics.md`.
package enum MetricFamilies {
    /// Whatever a process counts has its name here.
    package static let all = ingress + egress + supervisor + nats + process

    /// What both ingress and egress show.
    package static let shared = nats + process

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    /// The family of a name; nil where none is declared.
    static func named(_ name: String) -> MetricFamily? { Self.byName[name] }
}
