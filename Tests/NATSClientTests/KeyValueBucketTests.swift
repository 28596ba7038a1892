import NATSClient
import NATSTestSupport
import TestSupport
import Testing

@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct KeyValueBucketTests {
    @Test func `Of many who create a key one succeeds`() async throws {
        try await withBucket { bucket in
            let changes = try await withThrowingTaskGroup(of: KeyValueBucket.Change.self) { group in
                for writer in UInt8(0)..<20 {
                    group.addTask { try await bucket.create("key", value: [writer]) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(changes.filter { $0 != .conflict }.count == 1)
        }
    }

    @Test func `A key gives back its value, headers and revision`() async throws {
        try await withBucket { bucket in
            #expect(try await bucket.value(of: "key") == nil)
            let change = try await bucket.create("key", headers: [NATSHeader("Wa-State", "running")], value: [1, 0, 2])
            let entry = try #require(try await bucket.value(of: "key"))
            #expect(change == .made(revision: entry.revision))
            #expect(entry.value == [1, 0, 2])
            #expect(entry.header("Wa-State") == "running")
        }
    }

    @Test func `An update after another revision changes nothing`() async throws {
        try await withBucket { bucket in
            guard case .made(let revision) = try await bucket.create("key", value: [1]) else {
                Issue.record("a new key is in conflict")
                return
            }
            #expect(try await bucket.update("key", value: [2], after: revision) == .made(revision: revision + 1))
            #expect(try await bucket.update("key", value: [3], after: revision) == .conflict)
            #expect(try await bucket.delete("key", after: revision) == .conflict)
            #expect(try await bucket.value(of: "key")?.value == [2])
        }
    }

    @Test func `A deleted key holds nothing and can be created again`() async throws {
        try await withBucket { bucket in
            guard case .made(let revision) = try await bucket.create("key", value: [1]) else {
                Issue.record("a new key is in conflict")
                return
            }
            #expect(try await bucket.delete("key", after: revision) == .made(revision: revision + 1))
            #expect(try await bucket.value(of: "key") == nil)
            #expect(try await bucket.create("key", value: [2]) == .made(revision: revision + 2))
            #expect(try await bucket.create("key", value: [3]) == .conflict)
        }
    }

    @Test func `A value has the time at which it was stored`() async throws {
        try await withBucket { bucket in
            let before = StreamTime.now
            _ = try await bucket.create("key", value: [1])
            let entry = try #require(try await bucket.value(of: "key"))
            #expect(entry.storedAt > before - .seconds(5) && entry.storedAt < .now + .seconds(5))
        }
    }

    @Test func `Keys are found by a filter`() async throws {
        try await withBucket { bucket in
            for key in ["acme.0", "acme.1", "acme.1.x", "other.0"] { _ = try await bucket.create(key, value: [1]) }
            #expect(Set(try await bucket.keys(matching: "acme.*")) == ["acme.0", "acme.1"])
            #expect(try await bucket.keys(matching: "nobody.*") == [])
            #expect(try await bucket.keys(matching: ">").count == 4)
        }
    }

    @Test func `A bucket tells how long it keeps a value, and one that is not there that it is not`() async throws {
        try await NATSServer.running { server in
            try await withConnection(to: server) { connection in
                let bucket = KeyValueBucket("TEST", connection: connection)
                let error = await #expect(throws: NATSError.self) { try await bucket.configuredAge() }
                #expect(error?.jetStreamCode == 10059)
                try await bucket.makeIfMissing(maximumAge: .seconds(4), storage: .file, replicas: 1)
                #expect(try await bucket.configuredAge() == .seconds(4))
                let lasting = KeyValueBucket("LASTING", connection: connection)
                try await lasting.makeIfMissing(maximumAge: nil, storage: .memory, replicas: 1)
                #expect(try await lasting.configuredAge() == nil)
            }
        }
    }

    @Test func `Without JetStream a bucket says so`() async throws {
        try await NATSServer.running(.with { $0.jetStream = false }) { server in
            try await withConnection(to: server) { connection in
                let bucket = KeyValueBucket("TEST", connection: connection)
                let error = await #expect(throws: NATSError.self) { try await bucket.create("key", value: []) }
                #expect(error?.code == .noResponders)
            }
        }
    }

    private func withBucket(_ body: (KeyValueBucket) async throws -> Void) async throws {
        try await NATSServer.running { server in
            try await withConnection(to: server) { connection in
                let bucket = KeyValueBucket("TEST", connection: connection)
                try await bucket.makeIfMissing(maximumAge: .seconds(3600), storage: .file, replicas: 1)
                try await body(bucket)
            }
        }
    }
}
