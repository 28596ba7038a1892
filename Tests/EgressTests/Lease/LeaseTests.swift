import NATSClient
import NATSTestSupport
import Settings
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

    @Test func `A lease survives a restart of nats-server, or goes on to one worker`() async throws {
        try await NATSServer.running { server in
            try await LeaseUnderTest.running(WorkerID.ranked(3), on: server) { leases in
                _ = try await leases.firstHolder()
                try await server.restart()
                try await eventually("a holder") { leases.contains { $0.isHolding && $0.connection.isConnected } }
                try await server.kill()
                // Too long for any lease to be kept.
                try await eventually("no holder") { !leases.contains { $0.isHolding } }
                try await server.restart()
                _ = try await leases.firstHolder()
                #expect(leases.count { $0.isHolding } == 1)
                #expect(leases.haveNeverOverlapped)
            }
        }
    }

    @Test func `A holder hands over to the worker that the account prefers, and not back`() async throws {
        try await NATSServer.running { server in
            let workers = WorkerID.ranked(3)
            // Half a minute in eight seconds; the server's term only seems longer.
            let clock = SendClock.fast(4)
            try await LeaseUnderTest.running([workers[2]], on: server, clock: clock) { first in
                let begin = clock.now()
                try await first[0].held()
                try await LeaseUnderTest.running([workers[0], workers[1]], on: server, clock: clock) { others in
                    try await others[0].held(within: .seconds(20))
                    print("handed over \(clock.now() - begin) after the better one came")
                    #expect(clock.now() - begin < .seconds(32))
                    #expect(try await first[0].end() == .handOver(to: workers[0]))
                    #expect(others[1].tenures.current.isEmpty)
                    // When it goes, the next best gets it.
                    others[0].lease.stop()
                    try await others[1].held()
                    #expect(first[0].tenures.current.count == 1)
                }
            }
        }
    }

    @Test(
        arguments: [
            (Duration.seconds(60), StreamConfiguration.Storage.file, LeaseProblem.age(.seconds(60))),
            (.seconds(1), .file, .age(.seconds(1))), (nil, .file, .age(nil)),
            (.seconds(4), .memory, .storage("memory")),
        ] as [(Duration?, StreamConfiguration.Storage, LeaseProblem)])
    func `With a bucket that will not do nobody holds a lease, and the reason names it`(
        age: Duration?, storage: StreamConfiguration.Storage, problem: LeaseProblem
    ) async throws {
        try await NATSServer.running { server in
            try await withConnection(to: server) { connection in
                try await KeyValueBucket("WHATSAPP_LEASE", connection: connection)
                    .makeIfMissing(maximumAge: age, storage: storage, replicas: 1)
                #expect(try await Lease.problem(on: connection) == problem)
                #expect("\(problem)".contains("WHATSAPP_LEASE"))
            }
            try await LeaseUnderTest.running(WorkerID.ranked(1), on: server) { leases in
                try await eventually("the problem") { leases[0].lease.problem == problem }
                #expect(leases[0].tenures.current.isEmpty)
            }
        }
    }

    @Test func `A term of 2 s will do`() async throws {
        try await NATSServer.running { server in
            try await withConnection(to: server) { connection in
                #expect(try await Lease.problem(on: connection) == .missing)
                try await KeyValueBucket("WHATSAPP_LEASE", connection: connection)
                    .makeIfMissing(maximumAge: .seconds(2), storage: .file, replicas: 1)
                #expect(try await Lease.problem(on: connection) == nil)
            }
            try await LeaseUnderTest.running(WorkerID.ranked(2), on: server) { leases in
                let first = try await leases.firstHolder()
                let before = try await leases[first].held().tenure.writeBy
                try await eventually("refreshes") { leases[first].tenures.current[0].tenure.writeBy > before }
                #expect(before - ContinuousClock.now < .seconds(1))
                await leases[first].silence()
                _ = try await leases.firstHolder(besides: first)
                #expect(leases.haveNeverOverlapped)
            }
        }
    }

    @Test func `Nonsense on the lease's subjects changes nothing`() async throws {
        try await NATSServer.running { server in
            try await LeaseUnderTest.running(WorkerID.ranked(2), on: server) { leases in
                let holder = try await leases.firstHolder()
                let nonsense: [[UInt8]] = [
                    [], [0xFF, 0], Array("{".utf8), Array(" leaves".utf8), .init(repeating: 46, count: 9000),
                ]
                for payload in nonsense {
                    leases[0].connection.publish(
                        OutgoingMessage(subject: "whatsapp.my_account.lease", payload: payload))
                }
                for number in 0..<500 {
                    leases[0].connection.publish(
                        OutgoingMessage(
                            subject: "whatsapp.my_account.lease",
                            payload: Array(WorkerID(host: "host\(number)").description.utf8)))
                }
                try await leases[0].connection.roundTrip(timeout: .seconds(5))
                leases[holder].lease.stop()
                _ = try await leases.firstHolder(besides: holder)
            }
        }
    }

    @Test func `A hold that returns by itself gives the lease up, and it is contended for again`() async throws {
        try await NATSServer.running { server in
            try await withConnection(to: server) { connection in
                try await LeaseUnderTest.makeBucket(on: connection)
                let lease = Lease(
                    of: LeaseUnderTest.account, worker: WorkerID(host: "box"), connection: connection, logger: .quiet)
                let count = Watched(0)
                await lease.run { _ in
                    if count.update({ count in
                        count += 1; return count == 2
                    }) {
                        lease.stop()
                    }
                }
                #expect(count.current == 2)
            }
        }
    }

    @Test func `A lease that is stopped before it runs, or without NATS, returns at once`() async throws {
        let connection = NATSConnection(
            NATSOptions(
                servers: [Secret("nats://127.0.0.1:1")], hosts: "127.0.0.1:1", clientName: "test", writesAtOnce: true,
                reconnectBufferBytes: 1), logger: .quiet)
        for isStoppedBefore in [true, false] {
            let lease = Lease(
                of: LeaseUnderTest.account, worker: WorkerID(host: "box"), connection: connection, logger: .quiet)
            if isStoppedBefore { lease.stop() }
            let begin = ContinuousClock.now
            async let run: Void = lease.run { _ in Issue.record("held without NATS") }
            lease.stop()
            await run
            #expect(ContinuousClock.now - begin < .seconds(2))
        }
        await connection.close()
    }
}
