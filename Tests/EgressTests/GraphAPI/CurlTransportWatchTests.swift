import Daemon
import TestSupport
import Testing

@testable import Egress

/// The curl thread as a watchdog sees it.
@Suite struct CurlTransportWatchTests {
    @Test func `The idle thread comes round when it is poked, and is excused once it has ended`() async throws {
        let loop = try await CurlTransport.with("http://127.0.0.1:9") { transport in
            let loop = transport.workingLoop
            #expect(loop.name == "graph-calls")
            for _ in 0..<3 {
                let before = loop.state()
                loop.poke()
                try await until { loop.state() != before }
            }
            return loop
        }
        #expect(loop.state() == .excused)
        loop.poke()
    }

    @Test func `Pokes begin no call and end none`() async throws {
        let server = try WireServer.answering(response(), delay: 0.5)
        try await CurlTransport.with(server.url) { transport in
            async let outcome = transport.send()
            try await until { server.requests.count == 1 }
            for _ in 0..<100 { transport.workingLoop.poke() }
            #expect(await outcome.answer?.status == 200)
            #expect(server.requests.count == 1)
        }
    }
}
