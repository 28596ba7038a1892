import GraphSimulator
import TestSupport
import Testing

@Suite struct SimulatorControlTests {
    @Test func `Faults are switched over HTTP, shown, and switched off`() async throws {
        try await SimulatorBench.running { bench in
            let put = try await bench.control(
                "PUT", "faults",
                #"{"latency_ms":[1,5],"error_rate":0.25,"error_code":131016,"error_status":503,"per_second":7,"#
                    + #""pair_burst":2,"pair_interval_ms":100,"disturbance":"slow","slow_ms":20,"retry_after":"1"}"#)
            #expect(put.status == 200)
            let expected = SimulatorFaults.with {
                $0.latency = .milliseconds(1) ... .milliseconds(5)
                $0.errorRate = 0.25
                $0.error = .standard(131016, status: 503)
                $0.messagesPerSecond = 7
                $0.pairRate = .init(burst: 2, interval: .milliseconds(100))
                $0.disturbance = .slow(.milliseconds(20))
                $0.retryAfter = "1"
            }
            #expect(bench.simulator.faults == expected)
            let shown = try await bench.control("GET", "faults")
            let again = try await bench.control("PUT", "faults", shown.text)
            #expect(again.text == shown.text && bench.simulator.faults == expected)
            #expect(try await bench.control("DELETE", "faults").status == 200)
            #expect(bench.simulator.faults == SimulatorFaults())
        }
    }

    @Test(arguments: [
        "", "[]", #"{"latency_ms":-1}"#, #"{"latency_ms":[5,1]}"#, #"{"error_rate":2}"#, #"{"disturbance":"loud"}"#,
        #"{"colour":1}"#, #"{"per_second":1e3}"#,
    ])
    func `Wrong faults are refused and change nothing`(body: String) async throws {
        try await SimulatorBench.running { bench async throws in
            #expect(try await bench.control("PUT", "faults", body).status == 400)
            #expect(bench.simulator.faults == SimulatorFaults())
        }
    }

    @Test func `Answers are scripted over HTTP`() async throws {
        try await SimulatorBench.running { bench in
            let script = #"{"status":503,"headers":{"Retry-After":"9"},"body":{"a": 1.0},"times":2}"#
            #expect(try await bench.control("POST", "answers", script).status == 200)
            for _ in 0..<2 {
                let reply = try await bench.call()
                #expect(reply.status == 503 && reply.text == #"{"a": 1.0}"# && reply[header: "Retry-After"] == "9")
            }
            #expect(try await bench.call().status == 200)
        }
    }

    @Test func `Two tokens work while one is being rotated`() async throws {
        try await SimulatorBench.running { bench async throws in
            let new = #"{"phone_number_id":"106540352242922","access_token":"token-new"}"#
            #expect(try await bench.call(token: "token-new").graphCode == 190)
            #expect(try await bench.control("POST", "tokens", new).status == 200)
            for token in ["token-a", "token-new"] { #expect(try await bench.call(token: token).status == 200) }
            #expect(try await bench.control("PUT", "accounts", new).status == 200)
            #expect(try await bench.call(token: "token-a").graphCode == 190)
            #expect(try await bench.call(token: "token-new").status == 200)
            #expect(try await bench.control("POST", "tokens", #"{"access_token":"token-new"}"#).status == 400)
        }
    }

    @Test func `Records and counters are read over HTTP, without tokens, and are not among themselves`() async throws {
        try await SimulatorBench.running { bench in
            _ = try await bench.call()
            _ = try await bench.call("{}")
            let stats = try await bench.control("GET", "stats").json
            #expect(stats["received"]?.int == 2 && stats["accepted"]?.int == 1 && stats["refused"]?.int == 1)
            let requests = try await bench.control("GET", "requests?last=1")
            #expect(try requests.json[0]?["body"]?.string == "{}")
            #expect(try requests.json[1] == nil)
            #expect(!requests.text.contains("token-a") && requests.text.contains("redacted"))
            let accepted = try await bench.control("GET", "accepted").json
            #expect(accepted[0]?["to"]?.string == "447700900123" && accepted[1] == nil)
            _ = try await bench.control("DELETE", "requests")
            #expect(bench.simulator.requests.isEmpty && bench.simulator.stats.received == 2)
        }
    }

    @Test func `An unknown control endpoint is a 404`() async throws {
        try await SimulatorBench.running { bench async throws in
            #expect(try await bench.control("GET", "nothing").status == 404)
        }
    }
}
