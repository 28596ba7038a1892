import Foundation
import Synchronization
import Testing

@testable import Egress

/// `writeBy`, cancellation and shutdown: what ends a call before or after it is written.
@Suite struct CurlTransportDeadlinesTests {
    @Test func `A call whose time to be written is over is not written`() async throws {
        let server = try WireServer.answering(response())
        let outcome = try await CurlTransport.with(server.url) { await $0.send(within: .zero) }
        #expect(outcome == .notWritten(reason: "127.0.0.1:\(server.port): not written in time"))
        #expect(server.accepted == 0)
    }

    @Test func `A call that cannot connect by its time is not written`() async throws {
        let server = try FullServer()
        let start = ContinuousClock.now
        let outcome = try await CurlTransport.with(server.url) { await $0.send(within: .milliseconds(200)) }
        #expect(outcome.notWrittenReason?.hasPrefix("127.0.0.1:") == true, "\(outcome)")
        #expect(ContinuousClock.now - start < .seconds(3))
    }

    @Test func `Connecting takes no longer than the limit of a call`() async throws {
        let server = try FullServer()
        let start = ContinuousClock.now
        let outcome = try await CurlTransport.with(server.url, timeout: .milliseconds(200)) { transport in
            await transport.send(within: .seconds(60))
        }
        #expect(outcome.notWrittenReason != nil, "\(outcome)")
        #expect(ContinuousClock.now - start < .seconds(3))
    }

    @Test func `A TLS handshake that hangs is not written`() async throws {
        let server = try WireServer { $0.waitForEnd() }
        let outcome = try await CurlTransport.with("https://127.0.0.1:\(server.port)") { transport in
            await transport.send(within: .milliseconds(200))
        }
        #expect(outcome.notWrittenReason != nil, "\(outcome)")
        #expect(server.accepted == 1)
    }

    @Test func `A call that waits for its turn longer than its time is not written`() async throws {
        let gate = Gate()
        let server = try WireServer { connection in
            while connection.readRequest() != nil {
                gate.wait()
                connection.write(response())
            }
        }
        try await CurlTransport.with(server.url, maxInFlight: 1) { transport in
            async let first = transport.send()
            try await until { server.requests.count == 1 }
            let second = await transport.send(within: .milliseconds(100))
            #expect(second == .notWritten(reason: "127.0.0.1:\(server.port): not written in time"))
            gate.open()
            #expect(await first.answer?.status == 200)
            #expect(await transport.send().answer?.status == 200)
        }
        #expect(server.requests.count == 2)
    }

    @Test func `The time to be written does not end a call that is written`() async throws {
        let server = try WireServer.answering(response(), delay: 0.3)
        let outcome = try await CurlTransport.with(server.url) { await $0.send(within: .milliseconds(150)) }
        #expect(outcome.answer?.status == 200, "\(outcome)")
    }

    @Test func `A cancelled call is dropped when it is connecting, waiting or new`() async throws {
        let server = try FullServer()
        try await CurlTransport.with(server.url, maxInFlight: 1) { transport in
            await withTaskGroup { group in
                for _ in 0..<3 { group.addTask { await transport.send(within: .seconds(60)) } }
                group.cancelAll()
                group.addTask { await transport.send(within: .seconds(60)) }
                for await outcome in group {
                    #expect(
                        outcome.notWrittenReason?.hasSuffix("cancelled before it was written") == true, "\(outcome)")
                }
            }
        }
    }

    @Test func `A call cancelled after it was written runs on`() async throws {
        let gate = Gate()
        let server = try WireServer { connection in
            _ = connection.readRequest()
            gate.wait()
            connection.write(response())
        }
        try await CurlTransport.with(server.url) { transport in
            await withTaskGroup { group in
                group.addTask { await transport.send() }
                try? await until { server.requests.count == 1 }
                group.cancelAll()
                gate.open()
                #expect(await group.next()?.answer?.status == 200)
            }
        }
    }

    @Test func `A shutdown ends calls at once: written ones are lost, others not written`() async throws {
        let server = try WireServer { $0.readAndHang() }
        let endpoint = try #require(GraphEndpoint(url: server.url, version: "v21.0"))
        let transport = try CurlTransport(endpoint: endpoint, version: "1", maxInFlight: 1, timeout: .seconds(60))
        async let written = transport.send()
        try await until { server.requests.count == 1 }
        async let waiting = transport.send(within: .seconds(60))
        async let first: Void = transport.shutdown()
        await transport.shutdown()
        await first
        #expect(await written == .lost(reason: "127.0.0.1:\(server.port): the Graph API client was shut down"))
        #expect(await waiting.notWrittenReason?.contains("shut down") == true)
        #expect(await transport.send().notWrittenReason?.contains("shut down") == true)
    }

    @Test func `A transport that is let go ends its thread`() async throws {
        let server = try WireServer.answering(response())
        let before = try threadCount()
        for _ in 0..<20 {
            let endpoint = try #require(GraphEndpoint(url: server.url, version: "v21.0"))
            let transport = try CurlTransport(endpoint: endpoint, version: "1")
            #expect(await transport.send().answer?.status == 200)
        }
        // The server has a thread for each connection; both ends go when a transport goes.
        try await until { try threadCount() <= before + 10 }
    }
}

/// A server whose queue of connections is full: a further one neither succeeds nor fails.
private final class FullServer {
    private let server: WireServer
    private var descriptors: [Int32] = []

    init() throws {
        self.server = try WireServer(backlog: 0, nil)
        for _ in 0..<8 {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = inet_addr("127.0.0.1")
            address.sin_port = self.server.port.bigEndian
            withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    _ = connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            self.descriptors.append(descriptor)
        }
    }

    deinit {
        for descriptor in self.descriptors { close(descriptor) }
    }

    var url: String { self.server.url }
}

/// Lets a server's thread wait for the test.
private final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func wait() { self.semaphore.wait() }
    /// Lets every waiting thread and all later ones through.
    func open() { for _ in 0..<1_000 { self.semaphore.signal() } }
}

extension WireConnection {
    fileprivate func readAndHang() {
        _ = self.readRequest()
        self.waitForEnd()
    }
}

private func threadCount() throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count
}
