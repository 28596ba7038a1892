import Foundation
import Synchronization
import Testing

@testable import Egress

/// How connections are used, and how many.
@Suite struct CurlTransportConnectionsTests {
    @Test func `Calls one after another share a connection`() async throws {
        let server = try WireServer.answering(response())
        try await CurlTransport.with(server.url) { transport in
            for _ in 0..<20 { #expect(await transport.send().answer?.status == 200) }
        }
        #expect(server.accepted == 1)
        #expect(server.requests.count == 20)
    }

    @Test func `A connection that the server says to close is not used again`() async throws {
        let server = try WireServer.answering(response(headers: ["Connection: close"]))
        try await CurlTransport.with(server.url) { transport in
            for _ in 0..<3 { #expect(await transport.send().answer?.status == 200) }
        }
        #expect(server.accepted == 3)
    }

    @Test func `A connection that the server closed while idle is replaced, and each call sent once`() async throws {
        let server = try WireServer { connection in
            _ = connection.readRequest()
            connection.write(response())
        }
        try await CurlTransport.with(server.url) { transport in
            for number in 1...50 {
                let outcome = await transport.send()
                #expect(outcome.answer?.status == 200, "\(outcome)")
                // A process that is being forked beside this test holds a closed connection open until it has become
                // another program: until then the near end cannot know of the close.
                try await until { try server.finished == number && Self.establishedConnections(to: server.port) == 0 }
            }
        }
        #expect(server.requests.count == 50)
    }

    /// How many connections to a port of this machine stand, as far as their near ends know (`/proc/net/tcp`).
    private static func establishedConnections(to port: UInt16) throws -> Int {
        let file = try #require(FileHandle(forReadingAtPath: "/proc/net/tcp"))
        let table = String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
        try #require(!table.isEmpty)
        let remote = String(format: ":%04X", Int(port))
        return table.split(separator: "\n").filter { line in
            let fields = line.split(separator: " ")
            return fields.count > 3 && fields[2].hasSuffix(remote) && fields[3] == "01"
        }.count
    }

    @Test(arguments: [0, 20])
    func `What a server sends without being asked is not the answer to the next call`(milliseconds: Int) async throws {
        let strays = Counter()
        let server = try WireServer { connection in
            while let request = connection.readRequest() {
                let answer = response(body: String(decoding: request.body, as: UTF8.self))
                let stray = response("408 Request Timeout", body: "stray")
                if milliseconds == 0 {
                    connection.write(answer + stray)
                } else {
                    connection.write(answer)
                    Thread.sleep(forTimeInterval: Double(milliseconds) / 1_000)
                    connection.write(stray)
                }
                strays.increment()
            }
        }
        try await CurlTransport.with(server.url, maxInFlight: 1) { transport in
            for number in 1...5 {
                let body = Array("call \(number)".utf8)
                let outcome = await transport.send(GraphCall(path: "x", body: body))
                #expect(outcome == .answered(GraphAnswer(status: 200, body: body)))
                try await until { strays.value == number }
            }
        }
        #expect(server.accepted == 5)
    }

    @Test func `512 calls run at once, and twice as many in two rounds`() async throws {
        let latency = 0.1
        let server = try WireServer.answering(response(), delay: latency)
        let elapsed = try await CurlTransport.with(server.url, maxInFlight: 512) { transport in
            await Self.send(512, over: transport)  // connects
            return await ContinuousClock().measure { await Self.send(1_024, over: transport) }
        }
        #expect(server.requests.count == 1_536)
        #expect(server.accepted <= 512)
        // Two rounds of 100 ms; one after another they would take 102 s.
        #expect(elapsed < .seconds(10), "took \(elapsed)")
    }

    @Test func `No more calls run at once than may be in flight`() async throws {
        let peak = Mutex((now: 0, highest: 0))
        let server = try WireServer { connection in
            while connection.readRequest() != nil {
                peak.withLock { $0 = ($0.now + 1, max($0.highest, $0.now + 1)) }
                Thread.sleep(forTimeInterval: 0.01)
                peak.withLock { $0.now -= 1 }
                connection.write(response())
            }
        }
        try await CurlTransport.with(server.url, maxInFlight: 4) { await Self.send(40, over: $0) }
        #expect(peak.withLock { $0.highest } == 4)
        #expect(server.accepted == 4)
    }

    private static func send(_ count: Int, over transport: CurlTransport) async {
        await withDiscardingTaskGroup { group in
            for _ in 0..<count {
                group.addTask {
                    let outcome = await transport.send(within: .seconds(30))
                    #expect(outcome.answer?.status == 200, "\(outcome)")
                }
            }
        }
    }
}

/// Counts from any thread.
private final class Counter: Sendable {
    private let count = Mutex(0)

    var value: Int { self.count.withLock { $0 } }

    func increment() { self.count.withLock { $0 += 1 } }
}
