import Allocations
import Glibc

/// One part of a hot path, ready to be done over and over.
struct MicroCase {
    private static let rounds = 15
    /// How long a round is to take: short enough to fit between two turns of other processes, as often as not.
    private static let nanosecondsOfRound = 10_000_000.0

    let name: String
    private let work: () throws -> Void

    /// - Parameter work: what is measured; done once before, for what is made only at the first time.
    init(_ name: String, _ work: @escaping () throws -> Void) rethrows {
        self.name = name
        self.work = work
        try work()
    }

    func measure() throws -> MicroFigures {
        let once = try self.nanoseconds(ofEach: 20)
        let count = max(20, Int(Self.nanosecondsOfRound / max(1, once)))
        let before = allocations_so_far()
        try self.repeated(count)
        let allocations = Double(allocations_so_far() - before) / Double(count)
        let rounds = try (0..<Self.rounds).map { _ in try self.nanoseconds(ofEach: count) }
        return MicroFigures(name: self.name, rounds: rounds, allocations: allocations)
    }

    /// Processor time of this thread alone: others on the machine count as little as they can.
    private func nanoseconds(ofEach count: Int) throws -> Double {
        let began = Self.processorTime()
        try self.repeated(count)
        return Double(Self.processorTime() - began) / Double(count)
    }

    private func repeated(_ count: Int) throws {
        for _ in 0..<count { try self.work() }
    }

    private static func processorTime() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}

/// What one case came to.
struct MicroFigures {
    let name: String
    /// Nanoseconds of processor time for each time it was done, one figure a round.
    let rounds: [Double]
    /// Allocations for each time it was done.
    let allocations: Double

    var json: String {
        let rounds = self.rounds.map { String(Int($0.rounded())) }.joined(separator: ",")
        let allocations = (self.allocations * 100).rounded() / 100
        return #"{"case":"\#(self.name)","ns":[\#(rounds)],"allocations":\#(allocations)}"#
    }
}

/// Has the optimizer believe that a value is needed.
@inline(never)
@_optimize(none)
func use<Value>(_ value: Value) {}
