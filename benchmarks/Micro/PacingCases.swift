@testable import Egress

/// One send's way through the schedule: offered, started, finished; beside none, and beside many that wait.
enum PacingCases {
    static func all() throws -> [MicroCase] {
        try [0, 1000, 20_000].map { try Self.pacing("pace-\($0)", waiting: $0) }
    }

    private static func pacing(_ name: String, waiting count: Int) throws -> MicroCase {
        var random = SystemRandomNumberGenerator()
        var now = ContinuousClock.now
        var schedule = SendSchedule(SendLimits(inFlight: 1, ratePerSecond: 1_000_000), at: now)
        var number = 0
        func offer() {
            number += 1
            _ = schedule.offer(SendOffer(lane: .queue, pair: "4477\(10_000_000 + number % 1_000_000)"), at: now)
        }
        for _ in 0..<count { offer() }
        return try MicroCase(name) {
            now += .microseconds(100)
            offer()
            guard let ticket = schedule.next(at: now).starts.first else { throw MicroError("nothing is started") }
            use(schedule.finished(ticket, .done, at: now, using: &random))
        }
    }
}
