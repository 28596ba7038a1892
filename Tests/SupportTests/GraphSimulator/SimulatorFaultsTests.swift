import GraphSimulator
import TestSupport
import Testing

@Suite struct SimulatorFaultsTests {
    @Test func `Latency delays the answer, and other connections do not wait for it`() async throws {
        try await SimulatorBench.running { bench in
            bench.simulator.faults.latency = .milliseconds(150) ... .milliseconds(200)
            let start = ContinuousClock.now
            try await withThrowingTaskGroup { group in
                for _ in 0..<20 { group.addTask { () async throws in #expect(try await bench.call().status == 200) } }
                try await group.waitForAll()
            }
            let time = ContinuousClock.now - start
            #expect(time >= .milliseconds(150))
            #expect(time < .milliseconds(1_500))
            #expect(bench.simulator.stats.mostInFlight > 10)
        }
    }

    @Test func `The error rate refuses its share with the error that is set`() async throws {
        try await SimulatorBench.running { bench in
            bench.simulator.faults.errorRate = 0.5
            bench.simulator.faults.error = .standard(131016, status: 503)
            bench.simulator.faults.retryAfter = "3"
            var refused = 0
            for _ in 0..<60 {
                let reply = try await bench.call()
                guard reply.status != 200 else { continue }
                refused += 1
                #expect(reply.status == 503 && reply[header: "Retry-After"] == "3")
                #expect(try reply.graphCode == 131016)
            }
            #expect((10...50).contains(refused))
            #expect(bench.simulator.stats.accepted == 60 - refused)
        }
    }

    @Test func `Scripted answers are given in order, exactly, and then the simulator answers itself`() async throws {
        try await SimulatorBench.running { bench in
            bench.simulator.script([
                ScriptedAnswer(status: 503, headers: ["Retry-After": "7"], body: []),
                ScriptedAnswer(status: 418, headers: ["content-type": "text/plain"], body: Array("tea\u{0}".utf8)),
                ScriptedAnswer(disturbance: .close),
            ])
            let first = try await bench.call()
            #expect(first.status == 503 && first.body.isEmpty && first[header: "Retry-After"] == "7")
            let second = try await bench.call("nonsense", token: nil)
            #expect(second.status == 418 && second.text == "tea\u{0}" && second[header: "Content-Type"] == "text/plain")
            await #expect(throws: HTTPReplyError.endedEarly([])) { try await bench.call() }
            #expect(try await bench.call().status == 200)
            #expect(bench.simulator.scriptLength == 0)
            #expect(bench.simulator.requests.first?.outcome == .scripted(status: 503))
        }
    }

    @Test func `A script for one number leaves the others alone`() async throws {
        try await SimulatorBench.running { bench async throws in
            bench.simulator.script(
                ScriptedAnswer(GraphAnswer(status: 500, body: []), phoneNumberID: SimulatorBench.other.phoneNumberID))
            #expect(try await bench.call().status == 200)
            #expect(try await bench.call(target: "/v21.0/987654321/messages", token: "token-b").status == 500)
        }
    }

    @Test func `Above its rate a number is throttled, another number is not`() async throws {
        try await SimulatorBench.running { bench in
            bench.simulator.faults.messagesPerSecond = 3
            bench.simulator.faults.throttlingStatus = 429
            for _ in 0..<3 { #expect(try await bench.call().status == 200) }
            let refused = try await bench.call()
            #expect(refused.status == 429)
            #expect(try refused.graphCode == 130429)
            #expect(try await bench.call(target: "/v21.0/987654321/messages", token: "token-b").status == 200)
            #expect(bench.simulator.stats.throttled == 1)
            try await eventually("the second is over") { try await bench.call().status == 200 }
        }
    }

    @Test func `Above the pair rate one recipient is throttled, another is not`() async throws {
        try await SimulatorBench.running { bench in
            bench.simulator.faults.pairRate = .init(burst: 2, interval: .seconds(60))
            #expect(try await bench.call().status == 200)
            #expect(try await bench.call().status == 200)
            let refused = try await bench.call()
            #expect(refused.status == 400)
            #expect(try refused.graphCode == 131056)
            let other = SimulatorBench.hello.replacing("447700900123", with: "447700900124")
            #expect(try await bench.call(other).status == 200)
        }
    }

    @Test func `A hanging answer never comes, and the message was accepted`() async throws {
        try await SimulatorBench.running { bench in
            bench.simulator.faults.disturbance = .hang
            let connection = try await bench.connect()
            try await connection.send(SimulatorBench.request())
            let accepted = try await bench.simulator.waitForAccepted(1)
            #expect(accepted.first?.answered == false)
            await #expect(throws: Overdue.self) { try await connection.reply(within: .milliseconds(200)) }
            #expect(connection.received.isEmpty && bench.simulator.stats.inFlight == 1)
            await connection.close()
            try await bench.simulator.wait(for: "nothing in flight") { $0.inFlight == 0 }
        }
    }

    @Test func `A reset after acceptance is a RST`() async throws {
        try await SimulatorBench.running { bench in
            bench.simulator.faults.disturbance = .reset
            let connection = try await bench.connect()
            try await connection.send(SimulatorBench.request())
            #expect(try await connection.end() == .reset)
            #expect(connection.received.isEmpty && bench.simulator.stats.accepted == 1)
        }
    }

    @Test func `A close in the answer's place is a FIN`() async throws {
        try await SimulatorBench.running { bench in
            bench.simulator.faults.disturbance = .close
            let connection = try await bench.connect()
            try await connection.send(SimulatorBench.request())
            #expect(try await connection.end() == .closed)
            #expect(connection.received.isEmpty && bench.simulator.stats.accepted == 1)
        }
    }

    @Test func `Half an answer ends within its body`() async throws {
        try await SimulatorBench.running { bench in
            bench.simulator.faults.disturbance = .half
            let connection = try await bench.connect()
            try await connection.send(SimulatorBench.request())
            await #expect(throws: HTTPReplyError.self) { try await connection.reply() }
            let text = String(decoding: connection.received, as: UTF8.self)
            #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(text.contains("messaging_product") && !text.contains("wamid"))
        }
    }

    @Test func `A slow answer comes in pieces, and whole`() async throws {
        try await SimulatorBench.running { bench in
            bench.simulator.faults.disturbance = .slow(.milliseconds(300))
            let start = ContinuousClock.now
            let reply = try await bench.call()
            #expect(reply.status == 200)
            #expect(try reply.json["messages"]?[0]?["id"] != nil)
            #expect(ContinuousClock.now - start >= .milliseconds(300))
            #expect(bench.simulator.accepted.first?.answered == true)
        }
    }

    @Test func `A proxy's page, an empty 503 and a 200 without JSON come as they should`() async throws {
        try await SimulatorBench.running { bench in
            bench.simulator.faults = .with { $0.disturbance = .htmlBadGateway }
            let page = try await bench.call()
            #expect(page.status == 502 && page.text.hasPrefix("<!DOCTYPE html>"))
            bench.simulator.faults = .with {
                $0.disturbance = .emptyUnavailable
                $0.retryAfter = "7"
            }
            let empty = try await bench.call()
            #expect(empty.status == 503 && empty.body.isEmpty && empty[header: "Retry-After"] == "7")
            bench.simulator.faults = .with { $0.disturbance = .noJSON }
            let odd = try await bench.call()
            #expect(odd.status == 200)
            #expect(throws: (any Error).self) { try odd.json }
            #expect(bench.simulator.stats.accepted == 3)
        }
    }

    @Test func `A disturbed message need not have been accepted`() async throws {
        try await SimulatorBench.running { bench async throws in
            bench.simulator.faults = .with {
                $0.disturbance = .emptyUnavailable
                $0.acceptsDisturbed = false
            }
            #expect(try await bench.call().status == 503)
            #expect(bench.simulator.stats.accepted == 0)
            #expect(bench.simulator.requests.first?.outcome == .disturbed)
        }
    }

    @Test func `Faults of one number leave the other alone until they are cleared`() async throws {
        try await SimulatorBench.running { bench async throws in
            bench.simulator.setFaults(
                .with { $0.disturbance = .emptyUnavailable }, of: SimulatorBench.account.phoneNumberID)
            #expect(try await bench.call().status == 503)
            #expect(try await bench.call(target: "/v21.0/987654321/messages", token: "token-b").status == 200)
            bench.simulator.clearFaults()
            #expect(try await bench.call().status == 200)
        }
    }
}
