import Addressing
import Logging
import NATSClient
import NATSTestSupport
import Settings
import TestSupport
import Testing

@testable import Egress

/// A lease over a connection of its own, and what has become of it.
final class LeaseUnderTest: Sendable {
    struct Event: Sendable {
        let tenure: Tenure
        let began: ContinuousClock.Instant
        var end: TenureEnd?
    }

    static let account = AccountName("my_account")!

    let connection: NATSConnection
    let lease: Lease
    let worker: WorkerID
    let tenures = Watched<[Event]>([])
    private let isSilent = Watched(false)

    private init(_ connection: NATSConnection, _ worker: WorkerID, _ clock: SendClock) {
        self.connection = connection
        self.worker = worker
        self.lease = Lease(of: Self.account, worker: worker, connection: connection, logger: .quiet, clock: clock)
    }

    /// Runs workers' leases, over connections of their own, for as long as the closure takes; they are stopped in
    /// reverse order.
    static func running(
        _ workers: [WorkerID], on server: NATSServer, clock: SendClock = .continuous,
        _ body: @escaping @Sendable ([LeaseUnderTest]) async throws -> Void
    ) async throws {
        let leases = workers.map { LeaseUnderTest(NATSConnection(NATSOptions(server), logger: .quiet), $0, clock) }
        try await withThrowingTaskGroup { group in
            for lease in leases { try await lease.connection.connected() }
            try await Self.makeBucket(on: leases[0].connection)
            defer { for lease in leases { lease.lease.stop() } }
            for lease in leases { group.addTask { await lease.run() } }
            try await body(leases)
        }
        for lease in leases { await lease.silence() }
    }

    /// Closes its connection, if it has not been closed: nothing that it writes gets through any more.
    func silence() async {
        let isFirst = self.isSilent.update { isSilent in
            defer { isSilent = true }
            return !isSilent
        }
        if isFirst { await self.connection.close(flush: .zero) }
    }

    static func makeBucket(on connection: NATSConnection) async throws {
        var reader = SettingsReader(SettingsSource(variables: [:]))
        try await Lease.makeBucket(on: connection, StreamSettings(from: &reader))
    }

    private func run() async {
        await self.lease.run { tenure in
            let index = self.tenures.update { tenures in
                tenures.append(Event(tenure: tenure, began: .now))
                return tenures.count - 1
            }
            let end = await tenure.ended()
            self.tenures.update { $0[index].end = end }
        }
    }

    /// Waits until it holds the lease for that time (the first is 1).
    @discardableResult
    func held(time count: Int = 1, within limit: Duration = .seconds(10)) async throws -> Event {
        try await self.tenures.first(within: limit, what: "\(self.worker)'s tenure \(count)") { tenures in
            tenures.count >= count ? tenures[count - 1] : nil
        }
    }

    /// Waits until its first tenure has ended.
    func end(within limit: Duration = .seconds(10)) async throws -> TenureEnd {
        try await self.tenures.first(within: limit, what: "the end of \(self.worker)'s tenure") { $0.first?.end }
    }

    var isHolding: Bool { self.tenures.read { $0.last.map { !$0.tenure.isOver } ?? false } }
}

extension [LeaseUnderTest] {
    /// Waits until one of them holds the lease.
    func firstHolder(besides other: Int? = nil) async throws -> Int {
        try await eventuallySome("a holder") { self.indices.first { $0 != other && self[$0].isHolding } }
    }

    /// Whether each tenure began when those before it could write no more.
    var haveNeverOverlapped: Bool {
        let tenures = self.flatMap { $0.tenures.current }.sorted { $0.began < $1.began }
        return zip(tenures, tenures.dropFirst()).allSatisfy { $0.tenure.writeBy <= $1.began }
    }
}

extension SendClock {
    /// The machine's clock, so many times as fast.
    static func fast(_ factor: Double) -> SendClock {
        let start = ContinuousClock.now
        return SendClock(
            now: { start + (.now - start) * factor },
            sleep: { try? await Task.sleep(until: start + ($0 - start) / factor) })
    }
}

extension WorkerID {
    /// Workers of as many hosts, the one that the test's account prefers first.
    static func ranked(_ count: Int) -> [WorkerID] {
        (1...count).map { WorkerID(host: "host\($0)") }.sorted { left, right in
            RendezvousHash.weight(of: LeaseUnderTest.account, for: left.host)
                > RendezvousHash.weight(of: LeaseUnderTest.account, for: right.host)
        }
    }
}
