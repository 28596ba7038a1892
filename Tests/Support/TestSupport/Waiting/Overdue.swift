/// What was waited for did not come in time.
package struct Overdue: Error, Hashable, CustomStringConvertible {
    /// What was waited for, and whatever helps to see why it did not come.
    package let what: String
    package let limit: Duration

    package init(_ what: String, limit: Duration) {
        self.what = what
        self.limit = limit
    }

    package var description: String { "not within \(self.limit): \(self.what)" }
}
