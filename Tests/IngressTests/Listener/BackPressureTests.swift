import Foundation
import Testing

@testable import Ingress

/// More than the listener can bear: it takes less at a time, and says so at once where it must refuse.
@Suite struct BackPressureTests {
    private static func body(_ count: Int) -> [UInt8] { [UInt8](repeating: UInt8(ascii: "x"), count: count) }

    @Test func `Over the limit in flight a webhook is refused at once, before its body`() async throws {
        try await ListenerBench.run(nil, adjust: { $0.maxInFlight = 2 }) { bench in
            let inWork = try (0..<2).map { _ in try bench.client() }
            for client in inWork { try client.send(ListenerBench.webhook("{}")) }
            #expect(bench.receiver.waits(for: 2))
            let third = try bench.client()
            let request = ListenerBench.webhook("{}")
            try third.send(Array(request.dropLast(2)))
            let answer = try third.response()
            #expect(answer?.status == 503)
            #expect(answer?.headers["retry-after"] == "1")
            // The body is small: it is passed over, and the connection kept.
            try third.send("{}")
            bench.receiver.release()
            for client in inWork { #expect(try client.response()?.status == 200) }
            try third.send(request)
            #expect(try third.response()?.status == 200)
            #expect(bench.receiver.bodies.count == 3)
        }
    }

    @Test func `A webhook that is read while the last place is taken is refused when it is complete`() async throws {
        try await ListenerBench.run(nil, adjust: { $0.maxInFlight = 1 }) { bench in
            let late = try bench.client()
            let request = ListenerBench.webhook("{}", headers: ["Expect: 100-continue"])
            try late.send(Array(request.dropLast(2)))
            #expect(try late.response()?.status == 100)
            let early = try bench.client()
            try early.send(ListenerBench.webhook("{}"))
            #expect(bench.receiver.waits(for: 1))
            try late.send("{}")
            #expect(try late.response()?.status == 503)
        }
    }

    @Test func `A body that is announced as too large is refused without being read`() async throws {
        try await ListenerBench.run(adjust: { $0.maxBodyBytes = 100_000 }) { bench in
            let client = try bench.client()
            let request = ListenerBench.webhook(Self.body(100_001))
            try client.send(Array(request.prefix(request.count - 100_001)))
            #expect(try client.response()?.status == 413)
            #expect(try client.isAtEnd())
        }
    }

    @Test func `A client that sends the whole of a refused body can read the answer`() async throws {
        try await ListenerBench.run(adjust: { $0.maxBodyBytes = 1_000_000 }) { bench in
            let client = try bench.client()
            try client.send(ListenerBench.webhook(Self.body(1_900_000)))
            #expect(try client.response()?.status == 413)
            let unsigned = try bench.client()
            try unsigned.send(ListenerBench.head("POST /webhook", ["Content-Length: 900000"]))
            try unsigned.send(Self.body(900_000))
            #expect(try unsigned.response()?.status == 401)
        }
    }

    @Test func `A chunked body over the limit is refused while it is read`() async throws {
        try await ListenerBench.run(adjust: { $0.maxBodyBytes = 50_000 }) { bench in
            let client = try bench.client()
            let signature = ListenerBench.signature(of: [])
            try client.send(
                ListenerBench.head(
                    "POST /webhook", ["Transfer-Encoding: chunked", "X-Hub-Signature-256: \(signature)"]))
            let chunk = Array("2710\r\n".utf8) + Self.body(10_000) + Array("\r\n".utf8)
            for _ in 0..<6 { client.sendAsMuchAsGoes(chunk) }
            #expect(try client.response()?.status == 413)
            #expect(try client.isAtEnd())
            #expect(bench.receiver.bodies.isEmpty)
        }
    }

    @Test func `A body of the limit is taken`() async throws {
        try await ListenerBench.run { bench in
            let body = Self.body(4_194_304)
            let client = try bench.client()
            try client.send(ListenerBench.webhook(body))
            #expect(try client.response()?.status == 200)
            #expect(bench.receiver.bodies == [body])
            #expect(bench.listener.heldBytes == 0)
        }
    }

    @Test func `Large bodies are read a few at a time, and all are taken in the end`() async throws {
        try await ListenerBench.run(
            nil,
            adjust: { configuration in
                configuration.maxBodyBytes = 300_000
                configuration.maxHeldBytes = 1_000_000
            }
        ) { bench in
            let answers = Answers(of: (0..<10).map { _ in ListenerBench.webhook(Self.body(300_000)) }, bench)
            for released in 0..<7 {
                #expect(bench.receiver.waits(for: released + 3))
                #expect(bench.receiver.bodies.count == released + 3)
                #expect(bench.listener.heldBytes == 900_000)
                // Small ones pass by the side.
                if released == 3 {
                    let small = try bench.client()
                    try small.send(ListenerBench.head("GET /health", []))
                    #expect(try small.response()?.status == 200)
                }
                bench.receiver.releaseOne()
            }
            bench.receiver.release()
            let statuses = try answers.all().map { $0?.status }
            #expect(statuses == [Int?](repeating: 200, count: 10))
            #expect(bench.listener.heldBytes == 0)
        }
    }

    @Test func `A body that got no room in its time is told to come again`() async throws {
        try await ListenerBench.run(
            nil,
            adjust: { configuration in
                configuration.maxBodyBytes = 200_000
                configuration.maxHeldBytes = 200_000
                configuration.requestTime = .milliseconds(300)
            }
        ) { bench in
            let first = try bench.client()
            try first.send(ListenerBench.webhook(Self.body(200_000)))
            #expect(bench.receiver.waits(for: 1))
            let second = try bench.client()
            second.sendAsMuchAsGoes(ListenerBench.webhook(Self.body(200_000)))
            let answer = try second.response()
            #expect(answer?.status == 503)
            #expect(answer?.headers["retry-after"] == "1")
            bench.receiver.release()
            #expect(try first.response()?.status == 200)
        }
    }

    @Test func `A body that is announced and does not come loses its room to one that waits`() async throws {
        try await ListenerBench.run(adjust: { $0.maxHeldBytes = 4_194_304 }) { bench in
            let idle = try bench.client()
            let request = ListenerBench.webhook(Self.body(4_000_000))
            try idle.send(Array(request.prefix(request.count - 3_900_000)))
            while bench.listener.heldBytes == 0 { usleep(1000) }
            let clock = ContinuousClock()
            let start = clock.now
            let busy = try bench.client()
            try busy.send(ListenerBench.webhook(Self.body(1_000_000)))
            #expect(try busy.response()?.status == 200)
            #expect(clock.now - start < .seconds(8))
            #expect(try idle.response()?.status == 408)
        }
    }

    @Test func `A client that closes its side while it waits for room is told to come again`() async throws {
        try await ListenerBench.run(
            nil,
            adjust: { configuration in
                configuration.maxBodyBytes = 40_000
                configuration.maxHeldBytes = 40_000
            }
        ) { bench in
            let first = try bench.client()
            try first.send(ListenerBench.webhook(Self.body(40_000)))
            #expect(bench.receiver.waits(for: 1))
            let second = try bench.client()
            let request = ListenerBench.webhook(Self.body(40_000))
            try second.send(request)
            second.shutdownWrite()
            #expect(try second.response()?.status == 503)
            #expect(try second.isAtEnd())
        }
    }
}

/// The answers to requests that are sent at once, each on a thread and a connection of its own.
final class Answers: @unchecked Sendable {
    // Guarded by `lock`.
    private var answers: [Result<RawClient.Response?, any Error>?]
    private let lock = NSLock()
    private let group = DispatchGroup()

    init(of requests: [[UInt8]], _ bench: ListenerBench) {
        self.answers = requests.map { _ in nil }
        for (index, request) in requests.enumerated() {
            self.group.enter()
            Thread.detachNewThread {
                let answer = Result {
                    let client = try bench.client()
                    client.sendAsMuchAsGoes(request)
                    return try client.response()
                }
                self.lock.withLock { self.answers[index] = answer }
                self.group.leave()
            }
        }
    }

    /// Waits for all.
    func all() throws -> [RawClient.Response?] {
        self.group.wait()
        return try self.lock.withLock { try self.answers.map { try $0?.get() } }
    }
}
