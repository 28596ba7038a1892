import Foundation
import Settings
import Synchronization
import TestSupport
import Testing

@testable import Egress

/// What is told of a call that gets no answer: whether it may have been sent.
@Suite struct CurlTransportFailuresTests {
    /// How a server may end a connection without a whole answer.
    enum Ending: CaseIterable, Sendable {
        case closed, reset, partialHead, partialBody, partialChunk, garbage, onlyInterim

        func end(_ connection: WireConnection) {
            switch self {
            case .closed: break
            case .reset: connection.reset()
            case .partialHead: connection.write("HTTP/1.1 200 OK\r\nContent-Le")
            case .partialBody: connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
            case .partialChunk:
                connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc")
            case .garbage: connection.write("what?\r\n\r\n")
            case .onlyInterim: connection.write("HTTP/1.1 100 Continue\r\n\r\n")
            }
        }
    }

    @Test(arguments: Ending.allCases)
    func `A first connection that ends without a whole answer loses the call`(ending: Ending) async throws {
        let server = try WireServer { connection in
            _ = connection.readRequest()
            ending.end(connection)
        }
        let outcome = try await CurlTransport.with(server.url) { await $0.send() }
        #expect(outcome.lostReason?.hasPrefix("127.0.0.1:\(server.port): ") == true, "\(outcome)")
        #expect(server.requests.count == 1)
    }

    @Test(arguments: Ending.allCases, [GraphCall.sample, GraphCall.get])
    func `A kept connection that dies under a request loses the call and never repeats it`(
        ending: Ending, call: GraphCall
    ) async throws {
        let server = try WireServer { connection in
            _ = connection.readRequest()
            connection.write(response())
            guard connection.readRequest() != nil else { return }
            ending.end(connection)
        }
        let outcomes = try await CurlTransport.with(server.url) { [await $0.send(call), await $0.send(call)] }
        #expect(outcomes[0].answer?.status == 200)
        #expect(outcomes[1].lostReason != nil, "\(outcomes[1])")
        #expect(server.requests.count == 2)
    }

    @Test func `Kept connections that die under a request never repeat it, however often`() async throws {
        // Each connection answers once and is reset under its second request, read or unread.
        let server = try WireServer { connection in
            guard let request = connection.readRequest() else { return }
            connection.write(response())
            usleep(UInt32(request.body.reduce(0) { ($0 * 31 + Int($1)) % 1_999 }))
            connection.reset()
        }
        let bodies = (0..<300).map { "\($0)" }
        let outcomes = try await CurlTransport.with(server.url, maxInFlight: 1) { transport in
            var outcomes: [GraphOutcome] = []
            for (number, body) in bodies.enumerated() {
                outcomes.append(await transport.send(GraphCall(path: "x", body: Array(body.utf8))))
                usleep(UInt32(number * 619 % 2_503))
            }
            return outcomes
        }
        let seen = server.requests.map { String(decoding: $0.body, as: UTF8.self) }
        #expect(Set(seen).count == seen.count, "a request was sent twice")
        for (body, outcome) in zip(bodies, outcomes) {
            if outcome.answer != nil { #expect(seen.contains(body)) }
            if outcome.notWrittenReason != nil { #expect(!seen.contains(body)) }
        }
    }

    @Test func `An answer that does not come in time loses the call, which is not repeated`() async throws {
        let server = try WireServer { connection in
            _ = connection.readRequest()
            connection.waitForEnd()
        }
        let outcome = try await CurlTransport.with(server.url, timeout: .seconds(1)) { await $0.send() }
        #expect(outcome == .lost(reason: "127.0.0.1:\(server.port): no whole answer within 1 s"))
        #expect(server.requests.count == 1)
        #expect(server.accepted == 1)
    }

    @Test func `An answer that drips is given up at the same limit`() async throws {
        let server = try WireServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            for _ in 0..<300 {
                connection.write("x")
                Thread.sleep(forTimeInterval: 0.01)
            }
        }
        let outcome = try await CurlTransport.with(server.url, timeout: .seconds(1)) { await $0.send() }
        #expect(outcome.lostReason?.contains("within 1 s") == true, "\(outcome)")
    }

    @Test func `A server that reads nothing loses a call that was begun`() async throws {
        let server = try WireServer { _ in Thread.sleep(forTimeInterval: 4) }
        let call = GraphCall(path: "x", body: [UInt8](repeating: 0x20, count: 16 << 20))
        let outcome = try await CurlTransport.with(server.url, timeout: .seconds(1)) { await $0.send(call) }
        #expect(outcome.lostReason?.contains("within 1 s") == true, "\(outcome)")
    }

    @Test func `A limit of one call does not end another`() async throws {
        let server = try WireServer { connection in
            while let request = connection.readRequest() {
                if request.head[0].contains("hang") { return connection.waitForEnd() }
                connection.write(response())
            }
        }
        try await CurlTransport.with(server.url, timeout: .seconds(1)) { transport in
            async let hanging = transport.send(GraphCall(path: "hang", body: nil))
            for _ in 0..<100 { #expect(await transport.send().answer?.status == 200) }
            #expect(await hanging.lostReason != nil)
            #expect(await transport.send().answer?.status == 200)
        }
    }

    @Test(arguments: [9, 1_000])
    func `An answer over the limit is lost, with the limit as the reason`(size: Int) async throws {
        let server = try WireServer.answering(response(body: String(repeating: "x", count: size)))
        let outcome = try await CurlTransport.with(server.url, maxResponseBytes: 8) { await $0.send() }
        #expect(outcome == .lost(reason: "127.0.0.1:\(server.port): the answer is over 8 bytes"))
    }

    @Test func `An answer without end is given up, in its body and in its headers`() async throws {
        let server = try WireServer { connection in
            guard let request = connection.readRequest() else { return }
            let inBody = request.head[0].contains("body")
            connection.write("HTTP/1.1 200 OK\r\n" + (inBody ? "\r\n" : ""))
            for number in 0..<40_000 {
                connection.write("X-Header-\(number): \(String(repeating: "x", count: 1_000))\r\n")
            }
        }
        for path in ["body", "header"] {
            let outcome = try await CurlTransport.with(server.url, maxResponseBytes: 1 << 20) { transport in
                await transport.send(GraphCall(path: path, body: nil))
            }
            #expect(outcome.lostReason?.contains("the answer is over") == true, "\(path): \(outcome)")
        }
    }

    @Test func `A refused connection is not written, and the reason names the host`() async throws {
        let port = try FreePort.find()
        let outcome = try await CurlTransport.with("http://127.0.0.1:\(port)") { await $0.send() }
        let reason = try #require(outcome.notWrittenReason)
        #expect(reason.hasPrefix("127.0.0.1:\(port): "))
        #expect(!reason.contains(testToken.revealed))
    }

    @Test func `A host without an address is not written, and the reason names it`() async throws {
        let outcome = try await CurlTransport.with("http://no-such-host.invalid") { await $0.send() }
        let reason = try #require(outcome.notWrittenReason)
        #expect(reason.contains("no-such-host.invalid"))
        #expect(!reason.contains(testToken.revealed))
    }

    @Test func `A server that does not speak TLS is not written`() async throws {
        let server = try WireServer { connection in
            connection.write("hello, no TLS here\r\n")
            connection.waitForEnd()
        }
        let url = "https://127.0.0.1:\(server.port)"
        let outcome = try await CurlTransport.with(url) { await $0.send() }
        #expect(outcome.notWrittenReason?.hasPrefix("127.0.0.1:\(server.port): ") == true, "\(outcome)")
        #expect(server.requests.isEmpty)
    }
}
