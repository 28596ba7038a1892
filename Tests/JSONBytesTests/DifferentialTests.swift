import Foundation
import JSONBytes
import TestSupport
import Testing

/// Mutated webhooks, judged by this house's validator and by Foundation's `JSONSerialization`.
///
/// `FUZZ_INPUTS` says how many (4,000 when unset), `FUZZ_SEED` repeats a run.
@Suite struct DifferentialTests {
    private static let inputs = ProcessInfo.processInfo.environment["FUZZ_INPUTS"].flatMap(Int.init) ?? 4000
    private static let batchSize = 500

    @Test func `Foundation and this house agree on mutated webhooks`() async throws {
        let seed = Seed.forTest(from: "FUZZ_SEED")
        let corpus = try WebhookMutator.Corpus(fixtures: Self.fixtures())
        let batches = (Self.inputs + Self.batchSize - 1) / Self.batchSize
        var tally = Tally()
        try await withThrowingTaskGroup(of: Tally.self) { group in
            var started = 0
            while started < min(batches, ProcessInfo.processInfo.activeProcessorCount) {
                let batch = started
                group.addTask { Self.run(seed.part(batch), of: corpus) }
                started += 1
            }
            while let finished = try await group.next() {
                tally.add(finished)
                guard tally.disagreements.count < 10, started < batches else { continue }
                let batch = started
                group.addTask { Self.run(seed.part(batch), of: corpus) }
                started += 1
            }
        }
        print("accepted \(tally.accepted), refused \(tally.refused)")
        for disagreement in tally.disagreements.prefix(10) {
            Issue.record("FUZZ_SEED=\(seed): \(disagreement)")
        }
        // A mutator that spoils every text, or none, would test little.
        #expect(tally.accepted > Self.inputs / 20)
        #expect(tally.refused > Self.inputs / 20)
    }

    /// The unmutated fixtures themselves, before anything is mutated.
    @Test func `Foundation and this house agree on every fixture`() throws {
        for fixture in try Self.fixtures() {
            #expect(Verdict(on: fixture) == .accepted)
        }
    }

    private static func run(_ seed: Seed, of corpus: WebhookMutator.Corpus) -> Tally {
        var mutator = WebhookMutator(corpus: corpus, seed: seed)
        var tally = Tally()
        for _ in 0..<Self.batchSize {
            switch Verdict(on: mutator.next()) {
            case .accepted: tally.accepted += 1
            case .refused: tally.refused += 1
            case .disagreement(let what): tally.disagreements.append(what)
            }
        }
        return tally
    }

    private struct Tally: Sendable {
        var accepted = 0
        var refused = 0
        var disagreements: [String] = []

        mutating func add(_ other: Tally) {
            self.accepted += other.accepted
            self.refused += other.refused
            self.disagreements += other.disagreements
        }
    }

    private static func fixtures() throws -> [[UInt8]] {
        try FixtureFolder.names(in: "inbound")
            .filter { $0.hasSuffix(".json") && !$0.hasSuffix(".expect.json") }
            .map { try FixtureFolder.bytes("inbound/\($0)") }
    }
}
