import Foundation
import TestSupport
import Testing

/// Nothing that was answered 200 is lost and nothing is stored twice, whatever is killed, stopped, full or away.
///
/// `CHAOS_SEED` repeats a round; `CHAOS_ROUNDS` makes rounds long ones, and says how many (`make chaos`).
@Suite(.serialized, .enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct ChaosTests {
    private static let rounds = variable("CHAOS_ROUNDS").flatMap(Int.init)

    @Test(.enabled(if: rounds == nil, "CHAOS_ROUNDS asks for long rounds"), .timeLimit(.minutes(5)))
    func `Every webhook answered 200 is stored once, through each fault`() async throws {
        try await Self.run(Self.firstSeed, .short)
    }

    @Test(.enabled(if: rounds != nil, "make chaos runs long rounds"))
    func `Every webhook answered 200 is stored once, round after round`() async throws {
        let rounds = try #require(Self.rounds)
        var seed = Self.firstSeed
        var generator = seed.generator
        for round in 1...max(1, rounds) {
            Self.print("round \(round) of \(rounds)")
            do {
                try await Self.run(seed, .long)
            } catch {
                Issue.record("the round with CHAOS_SEED=\(seed) came to no end: \(error)")
            }
            seed = Seed(generator.next())
        }
    }

    private static let firstSeed =
        variable("CHAOS_SEED").flatMap { UInt64($0) }.map { Seed($0) }
        ?? Seed(UInt64.random(in: .min ... .max))

    private static func run(_ seed: Seed, _ length: FaultPlan.Length) async throws {
        let command = length == .short ? "make test" : "CHAOS_ROUNDS=1 make chaos"
        self.print("CHAOS_SEED=\(seed) repeats this round (\(command))")
        let report = try await ChaosRound(seed: seed, length: length).run()
        self.print("\(report)")
        if geteuid() != 0 { self.print(SmallDisk.absence) }
        self.check(report)
    }

    private static func check(_ report: ChaosReport) {
        let audit = report.audit
        let seed = report.seed
        #expect(audit.lost.isEmpty, "CHAOS_SEED=\(seed)")
        #expect(audit.twice.isEmpty, "CHAOS_SEED=\(seed)")
        #expect(audit.altered.isEmpty, "CHAOS_SEED=\(seed)")
        #expect(audit.strange.isEmpty, "CHAOS_SEED=\(seed)")
        #expect(audit.disordered.isEmpty, "CHAOS_SEED=\(seed)")
        #expect(report.record.violations.isEmpty, "CHAOS_SEED=\(seed)")
        #expect(report.record.accepted.count == report.record.webhooks.count, "CHAOS_SEED=\(seed)")
        #expect(report.record.repeats > 0, "CHAOS_SEED=\(seed)")
        for fault in report.faults {
            #expect(fault.isInTime, "CHAOS_SEED=\(seed): \(fault)")
            #expect(fault.isPrompt, "CHAOS_SEED=\(seed): \(fault)")
            #expect(fault.isSeamless, "CHAOS_SEED=\(seed): \(fault)")
        }
    }

    private static func print(_ text: String) {
        FileHandle.standardError.write(Data("\(text)\n".utf8))
    }

    private static func variable(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name]
    }
}
