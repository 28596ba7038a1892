package import CoreMetrics

extension Timer {
    /// Observes a duration; what is negative counts as nothing.
    package func observe(_ duration: Duration) {
        // The library's own way of doing this would bring Foundation along.
        let (seconds, attoseconds) = duration.components
        self.recordNanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}
