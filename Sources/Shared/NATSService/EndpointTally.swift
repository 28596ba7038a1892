import Synchronization

/// What an endpoint has done so far; any thread may record, nobody waits for another.
package final class EndpointTally: Sendable {
    private let requests = Atomic<Int>(0)
    private let errors = Atomic<Int>(0)
    private let nanoseconds = Atomic<Int>(0)
    private let lastError = Mutex("")

    package init() {}

    /// Counts one request that has been answered.
    ///
    /// - Parameters:
    ///   - processing: from its receipt to its answer.
    ///   - error: why it failed, as `<code>:<description>`, in words of ours alone: everyone who may ask for statistics
    ///     reads it; nil where it did not fail.
    package func record(processing: Duration, error: @autoclosure () -> String? = nil) {
        self.requests.wrappingAdd(1, ordering: .relaxed)
        self.nanoseconds.wrappingAdd(max(0, Int(processing / .nanoseconds(1))), ordering: .relaxed)
        guard let error = error() else { return }
        self.errors.wrappingAdd(1, ordering: .relaxed)
        self.lastError.withLock { $0 = error }
    }

    var counts: Counts {
        Counts(
            requests: self.requests.load(ordering: .relaxed), errors: self.errors.load(ordering: .relaxed),
            lastError: self.lastError.withLock { $0 }, nanoseconds: self.nanoseconds.load(ordering: .relaxed))
    }

    /// A look at a tally.
    struct Counts: Hashable, Sendable {
        let requests: Int
        let errors: Int
        /// Empty where there has been none.
        let lastError: String
        /// The time that all requests took together.
        let nanoseconds: Int

        /// Nanoseconds, rounded down; 0 before the first request.
        var average: Int { self.requests == 0 ? 0 : self.nanoseconds / self.requests }
    }
}
