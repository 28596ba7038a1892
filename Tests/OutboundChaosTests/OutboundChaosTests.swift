import Foundation
import TestSupport
import Testing

/// Every job is sent once, in its recipient's order, or is dead with its reason, whatever is killed, stopped or away.
///
/// `CHAOS_SEED` draws the jobs and faults of a round again, `CHAOS_ROUNDS` makes rounds long ones and says how many
/// (`make chaos`), unless `CHAOS_LENGTH` is `short`; `CHAOS_LOGS` names a folder for the logs of rounds in which
/// something went wrong.
@Suite(.serialized, .enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct OutboundChaosTests {
    private static let rounds = variable("CHAOS_ROUNDS").flatMap(Int.init)

    @Test(.enabled(if: rounds == nil, "CHAOS_ROUNDS asks for long rounds"), .timeLimit(.minutes(7)))
    func `Every job is accepted once or dead, through each fault`() async throws {
        try await Self.run(Self.firstSeed, .short)
    }

    @Test(.enabled(if: rounds != nil, "make chaos runs long rounds"))
    func `Every job is accepted once or dead, round after round`() async throws {
        let rounds = try #require(Self.rounds)
        let length = Self.variable("CHAOS_LENGTH") == "short" ? OutboundRound.Length.short : .long
        var seed = Self.firstSeed
        var generator = seed.generator
        for round in 1...max(1, rounds) {
            Self.print("round \(round) of \(rounds)")
            do {
                try await Self.run(seed, length)
            } catch {
                Issue.record("the round with CHAOS_SEED=\(seed) came to no end: \(error)")
            }
            seed = Seed(generator.next())
        }
    }

    private static let firstSeed =
        variable("CHAOS_SEED").flatMap { UInt64($0) }.map { Seed($0) }
        ?? Seed(UInt64.random(in: .min ... .max))

    private static func run(_ seed: Seed, _ length: OutboundRound.Length) async throws {
        self.print("CHAOS_SEED=\(seed) draws the same faults (\(length.jobs) jobs)")
        if await !GatewayHost.mayHaveNames() { self.print(GatewayHost.sameName) }
        let report = try await OutboundRound(seed: seed, length: length).run()
        self.print("\(report)")
        self.check(report)
    }

    private static func check(_ report: OutboundReport) {
        for finding in JobAudit.Finding.allCases {
            let ids = report.audit.findings[finding] ?? []
            #expect(ids.isEmpty, "CHAOS_SEED=\(report.seed): \(finding.rawValue)")
        }
        #expect(report.left == 0, "CHAOS_SEED=\(report.seed)")
        #expect(report.taken == report.stored, "CHAOS_SEED=\(report.seed)")
        #expect(report.audit.outcomes["accepted", default: 0] > 0, "CHAOS_SEED=\(report.seed)")
    }

    private static func print(_ text: String) {
        FileHandle.standardError.write(Data("\(text)\n".utf8))
    }

    private static func variable(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name]
    }
}
