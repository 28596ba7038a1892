import Addressing
import NATSClient
import NATSTestSupport
import Settings
import TestSupport
import Testing

@testable import Egress

@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct IdempotencyStoreTests {
    private let reply = Array(#"{"messages":[{"id":"wamid.1"}]}"#.utf8)

    @Test func `Of many requests with one key the first goes on, the others are told that it runs`() async throws {
        try await withStore { store in
            let claims = try await withThrowingTaskGroup(of: IdempotencyStore.Claim.self) { group in
                for _ in 0..<20 {
                    group.addTask { try await store.claim("order 1", runningFor: .seconds(60)) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let first = claims.filter { if case .first = $0 { true } else { false } }
            let running = claims.filter { if case .running = $0 { true } else { false } }
            #expect(first.count == 1)
            #expect(running.count == 19)
        }
    }

    @Test func `A kept reply is given to those who come later, with its headers`() async throws {
        try await withStore { store in
            let headers = [NATSHeader("Nats-Service-Error-Code", "504"), NATSHeader("Nats-Service-Error", "gone")]
            try await store.keep("order 1", payload: reply, headers: headers, after: revision(of: store))
            guard case .answered(let payload, let kept) = try await store.claim("order 1", runningFor: .seconds(1))
            else {
                Issue.record("the reply is not kept")
                return
            }
            #expect(payload == reply)
            #expect(Set(kept) == Set(headers))
        }
    }

    @Test func `A freed key can be claimed again`() async throws {
        try await withStore { store in
            try await store.free("order 1", after: revision(of: store))
            guard case .first = try await store.claim("order 1", runningFor: .seconds(1)) else {
                Issue.record("the key is not free")
                return
            }
        }
    }

    @Test func `A claim whose time is long over leaves the outcome unknown`() async throws {
        try await withStore { store in
            _ = try await store.claim("order 1", runningFor: .seconds(-60))
            guard case .unknown = try await store.claim("order 1", runningFor: .seconds(1)) else {
                Issue.record("a dead worker's claim counts as running")
                return
            }
        }
    }

    @Test func `Accounts do not share keys, and keys may hold anything`() async throws {
        try await withConnectedServer { connection in
            for name in ["one", "two"] {
                let store = IdempotencyStore(of: try #require(AccountName(name)), connection: connection)
                for key in ["a.b", "a b", "*", "ü", String(repeating: "x", count: 256)] {
                    guard case .first = try await store.claim(key, runningFor: .seconds(1)) else {
                        Issue.record("\(name): \(key) is taken")
                        continue
                    }
                }
            }
        }
    }

    /// The revision of a first claim.
    private func revision(of store: IdempotencyStore) async throws -> UInt64 {
        guard case .first(let revision) = try await store.claim("order 1", runningFor: .seconds(60)) else {
            throw Overdue("a first claim", limit: .zero)
        }
        return revision
    }

    private func withStore(_ body: (IdempotencyStore) async throws -> Void) async throws {
        try await withConnectedServer { connection in
            try await body(IdempotencyStore(of: try #require(AccountName("shop")), connection: connection))
        }
    }

    private func withConnectedServer(_ body: (NATSConnection) async throws -> Void) async throws {
        try await NATSServer.running { server in
            try await withConnection(to: server) { connection in
                var reader = SettingsReader(SettingsSource(variables: [:]))
                try await IdempotencyStore.makeBucket(on: connection, StreamSettings(from: &reader))
                try await body(connection)
            }
        }
    }
}
