import Testing

@testable import Ingress

/// Requests sent before the answers to earlier ones, and connections of which one side is closed.
@Suite struct PipeliningTests {
    @Test func `Requests that are sent together are answered in order, one in work at a time`() async throws {
        try await ListenerBench.run(nil) { bench in
            let client = try bench.client()
            let requests = [
                ListenerBench.webhook("1"), Array(ListenerBench.head("GET /nowhere", []).utf8),
                ListenerBench.webhook("2"),
                Array(ListenerBench.head("GET /health", []).utf8), ListenerBench.webhook("3"),
            ]
            try client.send(requests.flatMap { $0 })
            #expect(bench.receiver.waits(for: 1))
            #expect(bench.listener.inFlight == 1)
            bench.receiver.releaseOne(.badRequest)
            #expect(try client.response()?.status == 400)
            #expect(try client.response()?.status == 404)
            #expect(bench.receiver.waits(for: 2))
            bench.receiver.releaseOne(.accepted)
            #expect(try client.response()?.status == 200)
            #expect(try client.response()?.text == "ok")
            bench.receiver.release(.tooLarge)
            #expect(try client.response()?.status == 413)
            #expect(bench.receiver.bodies == ["1", "2", "3"].map { Array($0.utf8) })
        }
    }

    @Test func `What comes during work is read afterwards`() async throws {
        try await ListenerBench.run(nil) { bench in
            let client = try bench.client()
            try client.send(ListenerBench.webhook("1"))
            #expect(bench.receiver.waits(for: 1))
            let next = ListenerBench.webhook("2")
            try client.send(Array(next.prefix(30)))
            bench.receiver.release()
            #expect(try client.response()?.status == 200)
            try client.send(Array(next.dropFirst(30)))
            #expect(try client.response()?.status == 200)
        }
    }

    @Test func `A request that breaks off behind one in work still ends in 408`() async throws {
        try await ListenerBench.run(nil, adjust: { $0.requestTime = .milliseconds(200) }) { bench in
            let client = try bench.client()
            try client.send(ListenerBench.webhook("1"))
            #expect(bench.receiver.waits(for: 1))
            try client.send("POST /webhook")
            bench.receiver.release()
            #expect(try client.response()?.status == 200)
            #expect(try client.response()?.status == 408)
            #expect(try client.isAtEnd())
        }
    }

    @Test func `No HTTP behind a webhook in work is answered after it`() async throws {
        try await ListenerBench.run(nil) { bench in
            let client = try bench.client()
            try client.send(ListenerBench.webhook("1") + Array("garbage\r\n\r\n".utf8))
            #expect(bench.receiver.waits(for: 1))
            bench.receiver.release()
            #expect(try client.response()?.status == 200)
            #expect(try client.response()?.status == 400)
            #expect(try client.isAtEnd())
        }
    }

    @Test func `Requests without end behind one in work end the connection`() async throws {
        try await ListenerBench.run(nil) { bench in
            let client = try bench.client()
            let health = Array(ListenerBench.head("GET /health", []).utf8)
            try client.send(ListenerBench.webhook("1") + Array(repeating: health, count: 300).flatMap { $0 })
            #expect(bench.receiver.waits(for: 1))
            bench.receiver.release()
            #expect(try client.response()?.status == 200)
            var answered = 0
            while try client.response()?.status == 200 { answered += 1 }
            #expect(answered < Connection.maxWaitingEvents)
            #expect(try bench.serves())
        }
    }

    @Test func `A client that has closed its side gets its answer`() async throws {
        try await ListenerBench.run(nil) { bench in
            let client = try bench.client()
            try client.send(ListenerBench.webhook("1"))
            client.shutdownWrite()
            #expect(bench.receiver.waits(for: 1))
            bench.receiver.release()
            #expect(try client.response()?.status == 200)
            #expect(try client.isAtEnd())
        }
    }

    @Test func `A client that closes its side without a request is left in peace`() async throws {
        try await ListenerBench.run { bench in
            let client = try bench.client()
            client.shutdownWrite()
            #expect(try client.response() == nil)
        }
    }

    @Test(arguments: [5, 60, 150]) func `A request that ends too early is no HTTP`(count: Int) async throws {
        try await ListenerBench.run { bench in
            let client = try bench.client()
            try client.send(Array(ListenerBench.webhook(String(repeating: "x", count: 500)).prefix(count)))
            client.shutdownWrite()
            #expect(try client.response()?.status == 400)
            #expect(try client.isAtEnd())
            #expect(bench.receiver.bodies.isEmpty)
        }
    }

    @Test func `A client that is gone leaves its place when the receiver is done`() async throws {
        try await ListenerBench.run(nil, adjust: { $0.maxInFlight = 1 }) { bench in
            let gone = try bench.client()
            try gone.send(ListenerBench.webhook("1"))
            #expect(bench.receiver.waits(for: 1))
            gone.close()
            let next = try bench.client()
            try next.send(ListenerBench.webhook("2"))
            #expect(try next.response()?.status == 503)
            bench.receiver.release()
            while try !bench.serves() {}
            #expect(bench.receiver.bodies.count == 2)
        }
    }
}
