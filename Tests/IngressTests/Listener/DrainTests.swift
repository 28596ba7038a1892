import Testing

@testable import Ingress

@Suite struct DrainTests {
    /// Begins a drain beside the clients and waits for its end.
    private func run(
        _ verdict: WebhookVerdict?, within limit: Duration = .seconds(20), grace: Duration = .milliseconds(200),
        before: @escaping @Sendable (ListenerBench) throws -> RawClientBox,
        during: @escaping @Sendable (ListenerBench, RawClient) throws -> Void
    ) async throws -> Bool {
        // The bench drains once more at its end, which does nothing then.
        let ends = try await ListenerBench.runAsync(verdict, adjust: { $0.drainGrace = grace }) { bench in
            let box = try await ListenerBench.onThread { try before(bench) }
            async let drained = bench.listener.drain(within: limit)
            try await ListenerBench.onThread { try during(bench, box.client) }
            return await drained
        }
        return ends
    }

    /// A client whose webhook is in work.
    @Sendable private static func clientThatWaits(_ bench: ListenerBench) throws -> RawClientBox {
        let client = try bench.client()
        try client.send(ListenerBench.webhook("1"))
        #expect(bench.receiver.waits(for: 1))
        return RawClientBox(client)
    }

    /// A client whose webhook was answered, and whose connection is idle.
    @Sendable private static func clientWithAnswer(_ bench: ListenerBench) throws -> RawClientBox {
        let client = try bench.client()
        try client.send(ListenerBench.webhook("1"))
        #expect(try client.response()?.status == 200)
        return RawClientBox(client)
    }

    @Test func `A webhook in work is answered, and its connection closed`() async throws {
        let drained = try await self.run(
            nil,
            before: Self.clientThatWaits,
            during: { bench, client in
                while (try? bench.client()) != nil {}
                bench.receiver.release()
                let answer = try client.response()
                #expect(answer?.status == 200)
                #expect(answer?.headers["connection"] == "close")
                #expect(try client.isAtEnd())
            })
        #expect(drained)
    }

    @Test func `A request that was on its way is answered on a connection that was idle`() async throws {
        let drained = try await self.run(
            .accepted, grace: .seconds(5),
            before: Self.clientWithAnswer,
            during: { bench, client in
                while (try? bench.client()) != nil {}
                try client.send(ListenerBench.webhook("2"))
                let answer = try client.response()
                #expect(answer?.status == 200)
                #expect(answer?.headers["connection"] == "close")
            })
        #expect(drained)
    }

    @Test func `Idle connections are closed after a grace`() async throws {
        let drained = try await self.run(
            .accepted,
            before: Self.clientWithAnswer,
            during: { _, client in
                let isAtEnd = try client.isAtEnd()
                #expect(isAtEnd)
            })
        #expect(drained)
    }

    @Test func `A webhook is waited for though its client is gone`() async throws {
        let drained = try await self.run(
            nil, within: .milliseconds(300),
            before: Self.clientThatWaits,
            during: { _, client in client.close() })
        #expect(!drained)
    }

    @Test func `When the time is over the drain is`() async throws {
        let drained = try await self.run(
            nil, within: .milliseconds(300),
            before: Self.clientThatWaits,
            during: { _, client in
                let answer = try client.response()
                #expect(answer == nil)
            })
        #expect(!drained)
    }
}

/// Hands a client from one thread to the next.
struct RawClientBox: @unchecked Sendable {
    // One thread uses it at a time: the first is done when the second begins.
    let client: RawClient

    init(_ client: RawClient) {
        self.client = client
    }
}
