import Daemon
import Testing
import TraceContext

@testable import Ingress

@Suite struct WorkingLoopsTests {
    /// A receiver that does not return, as no receiver may.
    private final class StuckReceiver: WebhookReceiver {
        let monitor = Monitor()

        func receive(
            _ body: [UInt8], trace: TraceHeaders, completion: @escaping @Sendable (WebhookVerdict) -> Void
        ) {
            self.monitor.lock()
            self.monitor.unlock()
            completion(.accepted)
        }
    }

    @Test func `An idle event loop comes round when it is poked, a stuck one does not, and a closed one is excused`()
        async throws
    {
        let receiver = StuckReceiver()
        let loops = try await ListenerBench.runAsync(receiving: receiver) { bench in
            let loops = bench.listener.workingLoops
            #expect(loops.map(\.name) == ["event-loop-1", "event-loop-2"])
            for loop in loops { try await Self.pokeUntilItMoves(loop) }

            receiver.monitor.lock()
            let client = try bench.client()
            try client.send(ListenerBench.webhook("1"))
            var stuck: [WorkingLoop] = []
            let end = ContinuousClock.now + .seconds(20)
            while stuck.isEmpty, ContinuousClock.now < end {
                for loop in loops {
                    let before = loop.state()
                    loop.poke()
                    try await Task.sleep(for: .milliseconds(300))
                    if loop.state() == before { stuck.append(loop) }
                }
            }
            #expect(stuck.count == 1)
            receiver.monitor.unlock()
            #expect(try client.response()?.status == 200)
            for loop in stuck { try await Self.pokeUntilItMoves(loop) }
            return loops
        }
        for loop in loops {
            #expect(loop.state() == .excused)
            loop.poke()
        }
    }

    private static func pokeUntilItMoves(_ loop: WorkingLoop) async throws {
        let before = loop.state()
        loop.poke()
        let end = ContinuousClock.now + .seconds(20)
        while loop.state() == before {
            try #require(ContinuousClock.now < end, "\(loop.name) never came round")
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}
