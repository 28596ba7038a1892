/// A loop whose standstill stops the work of the process, as the watchdog knows it.
package struct WorkingLoop: Sendable {
    /// What a loop tells of itself.
    package enum State: Hashable, Sendable {
        /// How often it has come round.
        case beats(UInt64)
        /// It rests, has ended, or waits for what is not in this process: nothing can be said against it.
        case excused
    }

    /// For the log, such as `graph-calls`.
    package let name: String
    /// How long it may stand still through no fault of its own.
    package let patience: Duration
    /// Has it come round soon, also where it has nothing to do; returns at once.
    package let poke: @Sendable () -> Void
    package let state: @Sendable () -> State

    package init(
        _ name: String, patience: Duration = .zero, state: @escaping @Sendable () -> State,
        poke: @escaping @Sendable () -> Void = {}
    ) {
        self.name = name
        self.patience = patience
        self.state = state
        self.poke = poke
    }
}
