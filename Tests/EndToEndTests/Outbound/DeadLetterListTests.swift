import NATSClient
import TestSupport
import Testing

/// `whatsapp-egress dead list`, the real command on a real server.
@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct DeadLetterListTests {
    @Test func `The table shows one account's letters, oldest first, and takes nothing away`() async throws {
        try await DeadLetterBox.running { box in
            try await box.makeStreams()
            try await box.add(job: "my_account:order-17")
            try await box.add(job: "support:1", of: .support)
            try await box.add("raw", job: "my_account:2", reason: "unknown outcome", code: 504, error: "cut%0Aoff")
            for arguments in [["my_account"], ["list", "my_account"]] {
                let run = try await box.dead(arguments)
                #expect(run.ending == .exited(0) && run.errors.isEmpty)
                let columns = run.output.map { $0.split(separator: " ").map(String.init) }
                try #require(columns.count == 3)
                #expect(
                    columns[0] == ["SEQUENCE", "STORED", "ACTION", "JOB", "ID", "ATTEMPTS", "CODE", "REASON", "ERROR"])
                #expect(columns[1][0] == "1" && columns[1][1].hasSuffix("Z"))
                #expect(
                    columns[1].dropFirst(2)
                        == ["sendMessage", "my_account:order-17", "2", "131026", "refused", "Message", "undeliverable"])
                #expect(columns[2][0] == "3")
                #expect(
                    columns[2].dropFirst(2)
                        == ["raw", "my_account:2", "2", "504", "unknown", "outcome", #"cut\noff"#])
            }
            #expect(try await box.count() == 3)
        }
    }

    @Test func `--json has a line for each, payload and headers of the job included`() async throws {
        try await DeadLetterBox.running { box in
            try await box.makeStreams()
            try await box.add(
                job: "my_account:1", headers: [NATSHeader("X", "1"), NATSHeader("X", "2")],
                payload: Array("{\"to\":\n\"447700900123\"}".utf8))
            try await box.add("raw", job: "my_account:2", payload: [0xFF, 0])
            let run = try await box.dead("my_account", "--json")
            try #require(run.ending == .exited(0) && run.output.count == 2)
            let first = try JSONTree(run.output[0].utf8)
            #expect(first["sequence"]?.int == 1 && first["action"]?.string == "sendMessage")
            #expect(first["job_id"]?.string == "my_account:1" && first["attempts"]?.int == 2)
            #expect(first["code"]?.int == 131_026 && first["reason"]?.string == "refused")
            #expect(first["payload"]?["to"]?.string == "447700900123")
            #expect(first["headers"]?["X"]?[0]?.string == "1" && first["headers"]?["X"]?[1]?.string == "2")
            #expect(try JSONTree(run.output[1].utf8)["payload"]?.string == "\u{FFFD}\0")
        }
    }

    @Test func `Filters choose, and more letters than a block are shown in their order`() async throws {
        try await DeadLetterBox.running { box in
            try await box.makeStreams()
            for number in 1...450 {
                try await box.add(
                    number % 2 == 0 ? "raw" : "sendMessage", job: "my_account:\(number)",
                    reason: number % 3 == 0 ? "expired" : "refused", code: number % 5)
            }
            func sequences(_ arguments: String...) async throws -> [Int] {
                let run = try await box.dead(["my_account"] + arguments)
                #expect(run.ending == .exited(0), "\(run.errors)")
                return run.output.dropFirst().compactMap { $0.split(separator: " ").first.flatMap { Int($0) } }
            }
            let all = Array(1...450)
            #expect(try await sequences("--limit=1000") == all)
            #expect(try await sequences("--action=raw") == all.filter { $0 % 2 == 0 })
            #expect(try await sequences("--reason=expired") == all.filter { $0 % 3 == 0 })
            #expect(try await sequences("--code=4") == all.filter { $0 % 5 == 4 })
            #expect(try await sequences("--job-id=my_account:77") == [77])
            #expect(try await sequences("--limit=3") == [1, 2, 3])
            let line = try await box.dead("my_account", "--json", "--job-id=my_account:200")
            let stored = try #require(try JSONTree(line.output[0].utf8)["stored"]?.string)
            #expect(try await sequences("--since=\(stored)") == Array(200...450))
            #expect(try await sequences("--until=\(stored)") == Array(1...199))
            let both = try await box.dead(
                "my_account", "--json", "--since=\(stored)", "--action=raw", "--reason=expired", "--code=0", "--code=2",
                "--limit=2")
            #expect(try both.output.map { try JSONTree($0.utf8)["sequence"]?.int } == [210, 222])
        }
    }

    @Test func `Without a stream, a letter or a match there is nothing to show, and that is said`() async throws {
        try await DeadLetterBox.running { box in
            let none = try await box.dead("my_account")
            #expect(none.ending == .exited(0) && none.output.isEmpty)
            #expect(none.errors == ["my_account has no dead letters"])
            try await box.makeStreams()
            try await box.add(job: "support:1", of: .support)
            #expect(try await box.dead("my_account").errors == ["my_account has no dead letters"])
            let filtered = try await box.dead("support", "--code=1")
            #expect(filtered.ending == .exited(0) && filtered.output.isEmpty)
            #expect(filtered.errors == ["support has no dead letters that match"])
        }
    }

    @Test func `An account that the configuration does not have ends with 78`() async throws {
        try await DeadLetterBox.running { box in
            for arguments in [["list", "nobody"], ["drop", "nobody", "--yes"], ["replay", "MY_ACCOUNT", "--yes"]] {
                let run = try await box.dead(arguments)
                #expect(run.ending == .exited(78) && run.output.isEmpty)
                #expect(run.errors == ["<name>: expected the name of an account, found \"\(arguments[1])\""])
            }
        }
    }

    @Test(arguments: [
        ["my_account", "--reason=spite"], ["my_account", "--code=many"], ["my_account", "--limit=0"],
        ["my_account", "--since=yesterday"], ["replay"], ["my_account", "--yes"],
    ])
    func `A command line that is wrong ends with 64`(arguments: [String]) async throws {
        let process = try await GatewayProcess.start(
            .egress, try GatewaySettings().environment, arguments: ["dead"] + arguments)
        #expect(try await process.process.waitForExit() == .exited(64))
    }

    @Test func `Where nobody answers within 5 s it ends with 69, whatever is missing`() async throws {
        try await DeadLetterBox.running { box in
            try await box.makeStreams()
            try await box.add(job: "my_account:1")
            func measured(_ arguments: String, _ words: String) async throws {
                let start = ContinuousClock.now
                let run = try await box.dead(arguments, "my_account", further: ["LOG_LEVEL": "critical"])
                let time = ContinuousClock.now - start
                #expect(run.ending == .exited(69) && run.output.isEmpty)
                #expect(run.errors.last?.contains(words) == true, "\(run.errors)")
                #expect(time < .seconds(9), "\(time)")
            }
            box.gateway.server.pause()
            try await measured("list", "")
            box.gateway.server.resume()
            try await box.gateway.server.restart(with: .with { $0.jetStream = false })
            try await measured("list", "without JetStream")
            try await box.gateway.server.stop()
            try await measured("list", "no NATS at 127.0.0.1:\(box.gateway.server.port) within 5 s")
        }
    }
}
