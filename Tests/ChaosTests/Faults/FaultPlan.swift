import TestSupport

/// Which faults a round has, in which order, for how long, and what lies between them: drawn from its seed.
struct FaultPlan: Hashable, Sendable {
    /// How much a round takes on.
    enum Length: Hashable, Sendable {
        /// Every fault once, for as short a time as shows it.
        case short
        /// Longer ones, such as a pause in which the client library gives a stopped server up.
        case long
    }

    struct Step: Hashable, Sendable {
        /// Undisturbed time before the fault.
        let calm: Duration
        let fault: Fault
    }

    let steps: [Step]

    /// - Parameter hasSmallDisk: whether the store's disk can be made full.
    init(seed: Seed, length: Length, hasSmallDisk: Bool) {
        var generator = SeededGenerator(seed: seed.value ^ 0x00FA_0175)
        func between(_ short: ClosedRange<Int>, _ long: ClosedRange<Int>) -> Duration {
            .milliseconds(Int.random(in: length == .short ? short : long, using: &generator))
        }
        // No more than four restarts of the ingress: the fifth within a minute makes the supervisor wait for long.
        var faults: [Fault] = [
            .ingressKilled, .ingressTerminated, .ingressTerminated,
            .natsKilled(for: between(300...1000, 300...4000)),
            // Above INGRESS_ACK_TIMEOUT_MS, so that requests run into it.
            .natsPaused(for: between(1500...2500, 1500...9000)),
            .streamFull(for: between(500...1000, 500...3000)),
            .jetStreamOff(for: between(500...1500, 500...5000)),
        ]
        if hasSmallDisk { faults.append(.diskFull(for: between(500...1000, 500...3000))) }
        if length == .long {
            faults += [.bothKilled(for: between(300...1000, 300...4000)), .natsKilled(for: .milliseconds(50))]
        }
        faults.shuffle(using: &generator)
        self.steps = faults.map { Step(calm: between(200...600, 200...2000), fault: $0) }
    }
}
