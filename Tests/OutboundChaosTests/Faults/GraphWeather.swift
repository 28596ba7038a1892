import GraphSimulator
import TestSupport

/// How Graph fails, from moment to moment: a third of an account's calls, each moment in another way.
struct GraphWeather: Sendable {
    /// The share of calls that fail.
    static let share = 1.0 / 3

    private static let errors = [
        131000, 131000, 131000, 131016, 131016, 131016, 131056, 131056, 131056, 130429,
    ]
    private static let disturbances: [SimulatorFaults.Disturbance] = [
        .hang, .reset, .close, .half, .htmlBadGateway, .emptyUnavailable, .noJSON, .hang, .reset, .close, .half,
        .htmlBadGateway, .emptyUnavailable, .slow(.milliseconds(800)),
    ]

    private var generator: SeededGenerator

    init(seed: Seed) {
        self.generator = seed.generator
    }

    /// The next moment's faults.
    mutating func next() -> SimulatorFaults {
        var faults = SimulatorFaults()
        faults.latency = .zero ... .milliseconds(Int.random(in: 5...400, using: &self.generator))
        if Int.random(in: 0..<4, using: &self.generator) == 0 { faults.retryAfter = "1" }
        if Bool.random(using: &self.generator) {
            faults.errorRate = Self.share
            faults.error = .standard(Self.errors.randomElement(using: &self.generator) ?? 131000)
        } else {
            faults.disturbance = Self.disturbances.randomElement(using: &self.generator) ?? .hang
            faults.disturbanceRate = Self.share
            // 'OK' in whatever words means accepted: Graph does not say it of what it has not taken.
            let isTaken = Int.random(in: 0..<4, using: &self.generator) > 0
            faults.acceptsDisturbed = isTaken || faults.disturbance == .noJSON
        }
        return faults
    }

    /// The app is at its limit: every call is refused, for the account waits up to a minute after the first.
    static let appLimit = SimulatorFaults.with {
        $0.errorRate = 1
        $0.error = .standard(4)
    }

    /// When statuses come after a message accepted in the next moment.
    mutating func nextStatuses() -> StatusPlan {
        let sent = Int.random(in: 0..<4, using: &self.generator) == 0 ? 50...8000 : 20...500
        return StatusPlan(
            sent: .milliseconds(Int.random(in: sent, using: &self.generator)), delivered: .milliseconds(700), read: nil)
    }

    /// Makes the weather until the task is cancelled; then all is well.
    mutating func run(on graph: GraphSimulator, accounts: [ChaosAccount]) async {
        let limited = accounts.randomElement(using: &self.generator)
        var untilLimit = Int.random(in: 40...90, using: &self.generator)
        while !Task.isCancelled {
            graph.setStatuses(self.nextStatuses())
            for account in accounts {
                let faults = self.next()
                let isLimit = untilLimit == 0 && account == limited
                graph.setFaults(isLimit ? Self.appLimit : faults, of: account.phoneNumberID)
            }
            untilLimit -= 1
            try? await Task.sleep(for: .milliseconds(Int.random(in: 100...300, using: &self.generator)))
        }
        graph.clearFaults()
    }
}
