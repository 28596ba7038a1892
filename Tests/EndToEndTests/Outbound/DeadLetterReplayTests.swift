import Foundation
import GraphSimulator
import NATSClient
import TestSupport
import Testing

/// `whatsapp-egress dead replay` and `drop`, the real command on a real server.
@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct DeadLetterReplayTests {
    @Test func `A replay stores the jobs again in their order, as they were, and takes the letters away`() async throws
    {
        try await DeadLetterBox.running { box in
            try await box.makeStreams()
            let payloads = (1...20).map { Array("{\"to\":\"447700900123\", \"text\":\"\($0)\"}\r\n".utf8) }
            for (number, payload) in payloads.enumerated() {
                try await box.add(
                    number % 2 == 0 ? "sendMessage" : "raw", job: "my_account:\(number)",
                    headers: [
                        NATSHeader("traceparent", "00-\(number)"), NATSHeader("Wa-On-Doubt", "retry"),
                        NATSHeader("X-Mine", "1"), NATSHeader("X-Mine", "2"),
                    ], payload: payload)
            }
            try await box.add(job: "support:1", of: .support)
            let run = try await box.dead("replay", "my_account", "--yes")
            #expect(run.ending == .exited(0) && run.errors.isEmpty)
            #expect(run.output == ["Replayed 20 dead letters of my_account."])
            let jobs = try await box.jobs.all(20)
            #expect(jobs.map(\.payload) == payloads)
            for (number, job) in jobs.enumerated() {
                #expect(job.subject == "whatsapp.my_account.queue.\(number % 2 == 0 ? "sendMessage" : "raw")")
                let headers = job.headers.map { "\($0.name): \($0.value)" }.sorted()
                #expect(
                    headers == ["Wa-On-Doubt: retry", "X-Mine: 1", "X-Mine: 2", "traceparent: 00-\(number)"])
            }
            #expect(try await box.count() == 1)
            #expect(try await box.count("WHATSAPP_OUT") == 20)
            let again = try await box.dead("replay", "my_account", "--yes")
            #expect(again.ending == .exited(0) && again.errors == ["my_account has no dead letters"])
        }
    }

    @Test func `A job that Graph refused is sent once it is replayed, while the gateway runs`() async throws {
        try await Gateway.running([.egress]) { gateway in
            let box = try await DeadLetterBox(gateway)
            let refusal = #"{"error":{"message":"Message undeliverable","type":"OAuthException","code":131026}}"#
            gateway.graph.script(ScriptedAnswer(status: 400, body: Array(refusal.utf8)))
            let letters = try await NATSTap(on: gateway.nats, "whatsapp.*.dead.*")
            let sent = try await NATSTap(on: gateway.nats, "whatsapp.*.sent")
            let job = OutgoingMessage(
                subject: "whatsapp.my_account.queue.sendMessage",
                headers: [NATSHeader("Nats-Msg-Id", "my_account:order-17"), NATSHeader("X-Mine", "1")],
                payload: Array(Bot.textPayload("hello").utf8))
            _ = try await gateway.nats.store([job], timeout: .seconds(10))[0].get()
            _ = try await letters.all(1)
            let list = try await box.dead("my_account", "--json", "--job-id=my_account:order-17")
            let letter = try JSONTree(try #require(list.output.first).utf8)
            #expect(letter["reason"]?.string == "refused" && letter["code"]?.int == 131_026)
            #expect(letter["error"]?.string == "Message undeliverable" && letter["action"]?.string == "sendMessage")
            #expect(letter["headers"]?["X-Mine"]?[0]?.string == "1" && letter["payload"]?["text"]?.string == "hello")

            let replay = try await box.dead("replay", "my_account", "--reason=refused", "--yes")
            #expect(replay.ending == .exited(0) && replay.output == ["Replayed 1 dead letter of my_account."])
            let event = try await sent.all(1)[0]
            #expect(event.subject == "whatsapp.my_account.sent")
            #expect(gateway.graph.accepted.count == 1)
            #expect(try await box.count() == 0)
        }
    }

    @Test func `Within the dedupe window a replayed job is stored again, each time it dies`() async throws {
        try await DeadLetterBox.running { box in
            try await box.makeStreams()
            let job = OutgoingMessage(
                subject: "whatsapp.my_account.queue.sendMessage",
                headers: [NATSHeader("Nats-Msg-Id", "my_account:1")], payload: Array("{}".utf8))
            let first = try await box.gateway.nats.store([job], timeout: .seconds(10))[0].get()
            #expect(!first.isDuplicate)
            // The id is remembered: the job itself would not be stored a second time.
            #expect(try await box.gateway.nats.store([job], timeout: .seconds(10))[0].get().isDuplicate)
            for round in 1...2 {
                try await box.add(job: "my_account:1-\(round)", payload: Array("{}".utf8))
                let run = try await box.dead("replay", "my_account", "--yes")
                #expect(run.ending == .exited(0) && run.output == ["Replayed 1 dead letter of my_account."])
                #expect(try await box.count("WHATSAPP_OUT") == 1 + round)
                #expect(try await box.count() == 0)
            }
        }
    }

    @Test func `A filter replays these alone, a limit the oldest; a drop takes away for good`() async throws {
        try await DeadLetterBox.running { box in
            try await box.makeStreams()
            for number in 1...6 {
                try await box.add(job: "my_account:\(number)", reason: number % 2 == 0 ? "expired" : "refused")
            }
            let replay = try await box.dead("replay", "my_account", "--reason=expired", "--limit=2", "--yes")
            #expect(replay.output == ["Replayed 2 dead letters of my_account."])
            let drop = try await box.dead("drop", "my_account", "--job-id=my_account:3", "--yes")
            #expect(drop.ending == .exited(0) && drop.output == ["Dropped 1 dead letter of my_account."])
            let left = try await box.dead("my_account", "--json")
            #expect(try left.output.map { try JSONTree($0.utf8)["sequence"]?.int } == [1, 5, 6])
            #expect(try await box.count("WHATSAPP_OUT") == 2)
        }
    }

    @Test func `Wa-Expires is left out where it is over, and only there`() async throws {
        try await DeadLetterBox.running { box in
            try await box.makeStreams()
            try await box.add(job: "my_account:1", reason: "expired", headers: [NATSHeader("Wa-Expires", "1000")])
            try await box.add(job: "my_account:2", headers: [NATSHeader("Wa-Expires", "2100-01-01T00:00:00Z")])
            let run = try await box.dead("replay", "my_account", "--yes")
            #expect(
                run.output
                    == ["Replayed 2 dead letters of my_account, 1 of them without its Wa-Expires, which is over."])
            let jobs = try await box.jobs.all(2)
            #expect(jobs.map { $0.header("Wa-Expires") } == [nil, "2100-01-01T00:00:00Z"])
        }
    }

    @Test func `What cannot be stored again stays, is named, and holds up nothing behind it`() async throws {
        try await DeadLetterBox.running { box in
            try await box.makeStreams(largestJob: 1000)
            try await box.add(job: "my_account:1", payload: Array(repeating: UInt8(ascii: "1"), count: 2000))
            try await box.add(job: "my_account:2", headers: [NATSHeader("Wa-Truncated", "payload")])
            try await box.add(job: "my_account:3")
            let run = try await box.dead("replay", "my_account", "--yes")
            #expect(run.ending == .exited(69) && run.output == ["Replayed 1 of 2 dead letters of my_account."])
            #expect(run.errors.count == 2)
            #expect(run.errors.first?.hasPrefix("1 dead letter of my_account cannot be replayed") == true)
            #expect(run.errors.last?.hasPrefix("dead letter 1 stays: ") == true)
            #expect(try await box.count() == 2)
            #expect(try await box.count("WHATSAPP_OUT") == 1)
        }
    }

    @Test func `Where no stream takes the jobs nothing is lost`() async throws {
        try await DeadLetterBox.running { box in
            try await box.makeStreams()
            _ = try await box.gateway.jetStream("STREAM.DELETE.WHATSAPP_OUT")
            try await box.add(job: "my_account:1")
            try await box.add(job: "my_account:2")
            let run = try await box.dead("replay", "my_account", "--yes")
            #expect(run.ending == .exited(69) && run.output == ["Replayed 0 of 2 dead letters of my_account."])
            #expect(run.errors.last?.hasPrefix("stopped at dead letter 1: ") == true, "\(run.errors)")
            #expect(try await box.count() == 2)
        }
    }

    @Test func `A letter that its stream does not give up ends a replay after its job, and is told`() async throws {
        try await DeadLetterBox.running { box in
            try await box.makeStreams(lettersStay: true)
            try await box.add(job: "my_account:1")
            try await box.add(job: "my_account:2")
            let run = try await box.dead("replay", "my_account", "--yes")
            #expect(run.ending == .exited(69) && run.output == ["Replayed 1 of 2 dead letters of my_account."])
            #expect(
                run.errors.count == 1 && run.errors.first?.contains("dead letter 1: its job is stored again") == true)
            #expect(try await box.count() == 2)
            #expect(try await box.count("WHATSAPP_OUT") == 1)
        }
    }

    @Test(arguments: ["replay", "drop"])
    func `Without a terminal and without --yes nothing is done`(command: String) async throws {
        try await DeadLetterBox.running { box in
            try await box.makeStreams()
            try await box.add(job: "my_account:1")
            let run = try await box.dead(command, "my_account")
            #expect(run.ending == .exited(64) && run.errors.first?.contains("--yes") == true)
            #expect(try await box.count() == 1)
            #expect(try await box.count("WHATSAPP_OUT") == 0)
        }
    }

    @Test(arguments: [("y\n", 0), ("Yes\n", 0), ("\n", 3), ("n\n", 3), ("yesterday\n", 3), ("\u{04}", 3)])
    func `On a terminal it says how many and asks`(answer: String, left: Int) async throws {
        try await DeadLetterBox.running { box in
            try await box.makeStreams()
            for number in 1...3 { try await box.add(job: "my_account:\(number)") }
            let terminal = try PseudoTerminal()
            let process = try await box.start("drop", "my_account", on: terminal)
            try await terminal.wait(for: "Drop 3 dead letters of my_account? [y/N] ")
            #expect(try await box.count() == 3)
            terminal.type(answer)
            #expect(try await process.waitForExit() == .exited(0))
            #expect(try await box.count() == left)
            try await process.standardOutput.waitForEnd()
            #expect(process.standardOutput.lines == (left == 0 ? ["Dropped 3 dead letters of my_account."] : []))
        }
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func `A signal at the question ends it, and nothing is done`(signal: Int32) async throws {
        try await DeadLetterBox.running { box in
            try await box.makeStreams()
            try await box.add(job: "my_account:1")
            let terminal = try PseudoTerminal()
            let process = try await box.start("replay", "my_account", on: terminal)
            try await terminal.wait(for: "[y/N]")
            process.signal(signal)
            #expect(try await process.waitForExit() == .exited(0))
            #expect(try await box.count() == 1)
        }
    }

    @Test func `Ctrl-C stops a replay between two letters, and says how far it came`() async throws {
        try await DeadLetterBox.running { box in
            try await box.makeStreams()
            let letters = 4000
            for number in 1...letters { try await box.add(job: "my_account:\(number)") }
            let terminal = try PseudoTerminal()
            let process = try await box.start("replay", "my_account", "--yes", on: terminal)
            try await terminal.wait(for: " of \(letters) dead letters")
            process.signalGroup(SIGINT)
            #expect(try await process.waitForExit() == .exited(0))
            try await process.standardOutput.waitForEnd()
            let stored = try await box.count("WHATSAPP_OUT")
            #expect((1..<letters).contains(stored))
            #expect(try await box.count() == letters - stored)
            #expect(process.standardOutput.lines == ["Replayed \(stored) of \(letters) dead letters of my_account."])
        }
    }

    @Test func `Killed at any moment, a replay loses no job`() async throws {
        try await DeadLetterBox.running { box in
            try await box.makeStreams()
            for number in 1...300 { try await box.add(job: "my_account:\(number)", payload: Array("\(number)".utf8)) }
            var kills = 0
            while try await box.count() > 0 {
                let terminal = try PseudoTerminal()
                let process = try await box.start("replay", "my_account", "--yes", on: terminal)
                let before = try await box.jobs.everything().count
                if kills < 5 {
                    _ = try await box.jobs.all(before + 20)
                    process.kill()
                    kills += 1
                }
                _ = try await process.waitForExit()
            }
            let jobs = try await box.jobs.everything().map { String(decoding: $0.payload, as: UTF8.self) }
            #expect(Set(jobs) == Set((1...300).map { "\($0)" }))
            // Each kill can have come between a PubAck and the letter's end.
            #expect(jobs.count <= 300 + kills)
            #expect(kills == 5)
        }
    }
}
