import NATSClient
import NATSTestSupport
import TestSupport
import Testing

@testable import Egress

@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct LeaseTests {
    @Test func `Of several workers one holds the lease, and the others do not`() async throws {
        try await NATSServer.running { server in
            try await LeaseUnderTest.running(WorkerID.ranked(4), on: server) { leases in
                try await eventually("a holder") { leases.contains { $0.isHolding } }
                // Refreshes come each second: whoever took one for a free lease would show itself.
                try await Task.sleep(for: .seconds(6))
                #expect(leases.count { $0.isHolding } == 1)
                #expect(leases.reduce(0) { $0 + $1.tenures.current.count } == 1)
            }
        }
    }

    @Test func `When a holder falls silent another takes over within 5 s, and not while the first may write`()
        async throws
    {
        try await NATSServer.running { server in
            try await LeaseUnderTest.running(WorkerID.ranked(3), on: server) { leases in
                let first = try await leases.firstHolder()
                try await Task.sleep(for: .milliseconds(.random(in: 1000...2000)))
                let silenced = ContinuousClock.now
                await leases[first].silence()
                let next = try await leases.firstHolder(besides: first)
                let takenOver = try await leases[next].held().began
                print("taken over \(takenOver - silenced) after the silence began")
                #expect(takenOver - silenced < .seconds(5))
                #expect(try await leases[first].end() == .lost)
                #expect(try await leases[first].held().tenure.writeBy < takenOver)
            }
        }
    }

    @Test func `A worker that stops hands its lease to another in less than a second, and waits for hold`()
        async throws
    {
        try await NATSServer.running { server in
            try await LeaseUnderTest.running(WorkerID.ranked(3), on: server) { leases in
                let first = try await leases.firstHolder()
                let stopped = ContinuousClock.now
                leases[first].lease.stop()
                let next = try await leases.firstHolder(besides: first)
                let takenOver = try await leases[next].held().began
                print("taken over \(takenOver - stopped) after the stop")
                #expect(takenOver - stopped < .seconds(1))
                #expect(try await leases[first].end() == .stopped)
                #expect(try await leases[first].held().tenure.writeBy < takenOver)
            }
        }
    }
}

extension [LeaseUnderTest] {
    /// Waits until one of them holds the lease.
    func firstHolder(besides other: Int? = nil) async throws -> Int {
        try await eventuallySome("a holder") { self.indices.first { $0 != other && self[$0].isHolding } }
    }
}
