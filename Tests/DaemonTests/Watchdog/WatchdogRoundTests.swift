import Testing

@testable import Daemon

@Suite struct WatchdogRoundTests {
    /// A look of a round whose time-out is 9 s: when, what loops show, and what is to come of it.
    struct Look: Sendable {
        let second: Double
        let loops: [(String, WorkingLoop.State)]
        var patience = Duration.zero
        let isAlive: Bool
        var stuck: [String] = []
        var recovered: [String] = []
    }

    struct Scenario: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let looks: [Look]
    }

    static let scenarios = [
        Scenario(
            testDescription: "no loop: the process works",
            looks: [Look(second: 0, loops: [], isAlive: true), Look(second: 3, loops: [], isAlive: true)]),
        Scenario(
            testDescription: "a loop is given until the next look to come round for the first time",
            looks: [
                Look(second: 0, loops: [("a", .beats(0))], isAlive: true),
                Look(second: 3, loops: [("a", .beats(0))], isAlive: false),
                Look(second: 3.75, loops: [("a", .beats(1))], isAlive: true),
            ]),
        Scenario(
            testDescription: "every loop has to move between two signs of life",
            looks: [
                Look(second: 0, loops: [("a", .beats(1)), ("b", .beats(1))], isAlive: true),
                Look(second: 3, loops: [("a", .beats(2)), ("b", .beats(2))], isAlive: true),
                Look(second: 6, loops: [("a", .beats(3)), ("b", .beats(2))], isAlive: false),
                Look(second: 6.75, loops: [("a", .beats(3)), ("b", .beats(2))], isAlive: false),
                Look(second: 7.5, loops: [("a", .beats(3)), ("b", .beats(9))], isAlive: true),
            ]),
        Scenario(
            testDescription:
                "a loop that stands for more than half of the time-out is named, once, and again when it goes on",
            looks: [
                Look(second: 0, loops: [("a", .beats(1))], isAlive: true),
                Look(second: 3, loops: [("a", .beats(1))], isAlive: false),
                Look(second: 4.5, loops: [("a", .beats(1))], isAlive: false),
                Look(second: 4.6, loops: [("a", .beats(1))], isAlive: false, stuck: ["a"]),
                Look(second: 6, loops: [("a", .beats(1))], isAlive: false),
                Look(second: 7, loops: [("a", .beats(2))], isAlive: true, recovered: ["a"]),
                Look(second: 10, loops: [("a", .beats(2))], isAlive: false),
                Look(second: 12, loops: [("a", .beats(2))], isAlive: false, stuck: ["a"]),
            ]),
        Scenario(
            testDescription: "what is excused keeps nothing back, however long",
            looks: [
                Look(second: 0, loops: [("a", .excused)], isAlive: true),
                Look(second: 3, loops: [("a", .excused)], isAlive: true),
                Look(second: 6, loops: [("a", .beats(5))], isAlive: true),
                Look(second: 9, loops: [("a", .beats(5))], isAlive: false),
                Look(second: 12, loops: [("a", .excused)], isAlive: true),
                Look(second: 15, loops: [("a", .beats(5))], isAlive: true),
            ]),
        Scenario(
            testDescription: "a loop with patience is given it, and is not named before",
            looks: [
                Look(second: 0, loops: [("a", .beats(1))], patience: .seconds(8), isAlive: true),
                Look(second: 3, loops: [("a", .beats(1))], patience: .seconds(8), isAlive: true),
                Look(second: 6, loops: [("a", .beats(1))], patience: .seconds(8), isAlive: true),
                Look(second: 9, loops: [("a", .beats(1))], patience: .seconds(8), isAlive: false, stuck: ["a"]),
            ]),
        Scenario(
            testDescription: "a pause of the whole process is nobody's fault",
            looks: [
                Look(second: 0, loops: [("a", .beats(1))], isAlive: true),
                Look(second: 100, loops: [("a", .beats(1))], isAlive: true),
                Look(second: 103, loops: [("a", .beats(1))], isAlive: false),
                Look(second: 105, loops: [("a", .beats(1))], isAlive: false, stuck: ["a"]),
            ]),
        Scenario(
            testDescription: "a loop that comes later is not blamed for the time before",
            looks: [
                Look(second: 0, loops: [("a", .beats(1))], isAlive: true),
                Look(second: 3, loops: [("a", .beats(2)), ("b", .beats(0))], isAlive: true),
                Look(second: 6, loops: [("a", .beats(3)), ("b", .beats(0))], isAlive: false),
            ]),
    ]

    @Test(arguments: scenarios)
    func `A sign of life is given when every loop has come round since the last one`(scenario: Scenario) {
        var round = WatchdogRound(timeout: .seconds(9))
        let start = ContinuousClock.now
        for look in scenario.looks {
            let verdict = round.look(
                at: look.loops.map { WatchdogRound.Reading($0.0, patience: look.patience, $0.1) },
                now: start + .seconds(look.second))
            #expect(verdict.isAlive == look.isAlive, "at \(look.second) s")
            #expect(verdict.stuck.map(\.name) == look.stuck, "at \(look.second) s")
            #expect(verdict.recovered.map(\.name) == look.recovered, "at \(look.second) s")
        }
    }

    @Test func `How long a loop has stood is told`() {
        var round = WatchdogRound(timeout: .seconds(9))
        let start = ContinuousClock.now
        for second in [0.0, 3.0] { _ = round.look(at: [.init("a", .beats(1))], now: start + .seconds(second)) }
        #expect(round.look(at: [.init("a", .beats(1))], now: start + .seconds(5)).stuck.first?.time == .seconds(5))
        #expect(round.look(at: [.init("a", .beats(2))], now: start + .seconds(8)).recovered.first?.time == .seconds(8))
    }

    @Test func `Signs of life come three times within a time-out`() {
        let round = WatchdogRound(timeout: .seconds(9))
        #expect(round.interval == .seconds(3) && round.shortInterval == .milliseconds(750))
    }
}
