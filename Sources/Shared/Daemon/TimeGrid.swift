/// Instants a fixed time apart, for what a process does again and again: much that is due at one instant costs one
/// awakening, where each at an instant of its own would cost one each.
package struct TimeGrid: Hashable, Sendable {
    /// This process' own; those of several processes lie apart by chance.
    package static let ofProcess = TimeGrid(from: .now, spacing: .milliseconds(125))

    private let origin: ContinuousClock.Instant
    private let spacing: Duration

    /// - Parameter spacing: from one instant to the next, greater than zero.
    package init(from origin: ContinuousClock.Instant, spacing: Duration) {
        self.origin = origin
        self.spacing = spacing
    }

    /// The latest of its instants that is not after this one; less than the spacing before it.
    package func last(by instant: ContinuousClock.Instant) -> ContinuousClock.Instant {
        let steps = ((instant - self.origin) / self.spacing).rounded(.down)
        let found = self.origin + self.spacing * Int(steps)
        // The quotient is a rounded one.
        return found > instant ? found - self.spacing : found
    }
}
