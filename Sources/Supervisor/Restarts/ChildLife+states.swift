/// What a child's life can be, and what can happen to it.
extension ChildLife {
    enum State: Hashable {
        /// Never started. Can transition to `running`, `held` or `gone`.
        case idle
        /// Spawned; ready since then, or not (yet). Can transition to `stuck`, `waiting`, `held`, `down`, `draining` or
        /// `gone`.
        case running(readySince: ContinuousClock.Instant?)
        /// Without a sign of life for too long: it was sent SIGABRT, and is to be killed at that time; nil: it was
        /// killed. Can transition to `waiting`, `held`, `down`, `draining`, `killed` or `gone`.
        case stuck(until: ContinuousClock.Instant?)
        /// Ended, and to be started again at that time. Can transition to `running`, `held` or `gone`.
        case waiting(until: ContinuousClock.Instant)
        /// Ended, while another is about to take its place. Can transition to `running` or `gone`.
        case held
        /// Ended with exit status 78: another try cannot help. Can transition to `running`, `held` or `gone`.
        case down
        /// Told to stop, and to be killed at that time. Can transition to `killed` or `gone`.
        case draining(until: ContinuousClock.Instant)
        /// Killed, and not yet ended. Can transition to `gone`.
        case killed
        /// Ended for good.
        case gone
    }

    /// What a reload has to do with the child.
    enum Standing: Hashable {
        /// Nothing: its place is its own, and it is started again as often as it ends.
        case sole
        /// It is to take the place of others, and has one try.
        case newcomer
        /// Its place is to be taken by a newcomer; should it end now, it is not started again before that has failed.
        case predecessor
    }

    enum Event: Hashable {
        /// The child is to be started for the first time.
        case begin
        /// The child says that it can serve.
        case ready
        /// The child says that it cannot serve for now.
        case notReady
        /// The child shows that it works.
        case alive
        /// The child has ended, or could not be spawned.
        case ended(ChildEnd)
        /// The time is `deadline` or later.
        case due
        /// The supervisor was paused for a while, and cannot say what its children did.
        case resumed
        /// The configuration was read anew: what was waited for may have come.
        case renew
        /// A newcomer is started for the child's place.
        case challenged
        /// The place is the child's own: as a newcomer it has won it, as a predecessor it keeps it.
        case confirmed
        /// The child is to stop for good.
        case drain
    }

    enum Action: Hashable {
        case none
        /// Spawn the child now.
        case spawn
        /// Nothing yet: the child is spawned again after this time.
        case restart(after: Duration)
        /// Nothing: the child stays down.
        case stayDown
        /// Nothing yet: the child waits for how the newcomer in its place does.
        case hold
        /// Nothing: a newcomer that ends has lost its try.
        case giveUp
        /// Send SIGABRT.
        case abort
        /// Send SIGTERM.
        case terminate
        /// Send SIGKILL.
        case kill
    }
}
