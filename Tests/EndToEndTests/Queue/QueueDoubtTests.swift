import GraphSimulator
import NATSClient
import TestSupport
import Testing

/// Jobs that may have been sent: who tells whether they were, and what becomes of them where nobody does.
@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct QueueDoubtTests {
    @Test(arguments: [SimulatorFaults.Disturbance.reset, .close, .half, .htmlBadGateway, .emptyUnavailable, .hang])
    func `A status webhook with our callback settles a lost answer as sent`(
        _ disturbance: SimulatorFaults.Disturbance
    ) async throws {
        try await Gateway.running([.ingress, .egress], postingStatuses: true) { settings in
            settings.accounts = [.myAccount]
            settings.further["EGRESS_GRAPH_TIMEOUT_MS"] = "1000"
        } body: { gateway in
            let queue = JobQueue(gateway)
            let events = try await queue.events()
            gateway.graph.faults.disturbance = disturbance
            let first = try await queue.add(text: "first")
            try await gateway.graph.waitForAccepted(1)
            gateway.graph.clearFaults()
            try await queue.add(text: "second")
            let sent = try await events.event("sent", ofJob: "WHATSAPP_OUT:\(first.sequence)")
            #expect(sent.json?["callback"]?.string == gateway.graph.accepted.first?.callbackData)
            #expect(sent.text.contains(#""response":null"#))
            try await queue.emptied()
            #expect(gateway.graph.accepted.map(\.text) == ["first", "second"], "once each, in order")
            #expect(try await queue.deadLetters().isEmpty)
        }
    }

    @Test func `Where nothing tells, a job in doubt is dead after a minute or sent again, as it asks for`() async throws
    {
        try await Gateway.running([.egress]) { settings in
            settings.accounts = [.myAccount]
        } body: { gateway in
            let queue = JobQueue(gateway)
            gateway.graph.faults.disturbance = .reset
            gateway.graph.faults.acceptsDisturbed = false
            let start = ContinuousClock.now
            let own = #","biz_opaque_callback_data":"order-17"}"#
            try await queue.add(text: "default", to: "447700900001")
            try await queue.add(text: "retry", to: "447700900002", headers: [NATSHeader("Wa-On-Doubt", "retry")])
            try await queue.add("sendMessage", #"{"to":"447700900003","text":"own""# + own)
            try await queue.add(
                "raw", #"{"body":{"messaging_product":"whatsapp","to":"447700900004","text":{"body":"raw"}}}"#)
            try await queue.add(
                "sendReaction", #"{"to":"447700900005","message_id":"wamid.x","emoji":"👍"}"#)
            try await gateway.graph.waitForRequests(5)
            gateway.graph.clearFaults()
            try await queue.add(text: "behind", to: "447700900001")
            try await queue.add(text: "beside", to: "447700900006")
            _ = try await eventuallySome("others do not wait") {
                gateway.graph.accepted.contains { $0.text == "beside" } ? true : nil
            }
            // A bot's own value, and the body of a raw call, are not ours to wait for.
            try await eventually("those that nothing can settle are dead at once") {
                try await queue.deadLetters().count == 2
            }
            #expect(ContinuousClock.now - start < .seconds(30))
            #expect(!gateway.graph.accepted.contains { $0.text == "behind" }, "its recipient waits")
            try await queue.emptied(within: .seconds(90))
            #expect(ContinuousClock.now - start > .seconds(59))
            let letters = try await queue.deadLetters()
            #expect(letters.allSatisfy { $0.header("Wa-Reason") == "unknown outcome" })
            #expect(letters.allSatisfy { $0.header("Wa-Error-Code") == "504" })
            #expect(Set(letters.compactMap { $0.json?["text"]?.string }) == ["default", "own"])
            #expect(letters.count == 3)
            let texts = gateway.graph.accepted.compactMap(\.text)
            #expect(Set(texts) == ["retry", "behind", "beside"] && texts.count == 3)
            #expect(gateway.graph.accepted.contains { $0.type == "reaction" }, "a repeated reaction does no harm")
        }
    }

    @Test(arguments: [true, false])
    func `A job that its worker was killed over is settled by its note's callback`(_ isAccepted: Bool) async throws {
        try await Gateway.running([.ingress, .egress], postingStatuses: true) { settings in
            settings.accounts = [.myAccount]
        } body: { gateway in
            let queue = JobQueue(gateway)
            let events = try await queue.events()
            gateway.graph.faults.disturbance = .hang
            gateway.graph.faults.acceptsDisturbed = isAccepted
            let first = try await queue.add(text: "first", headers: [NATSHeader("Wa-On-Doubt", "retry")])
            try await queue.add(text: "second")
            try await gateway.graph.waitForRequests(1)
            gateway.egress.process.kill()
            gateway.graph.clearFaults()
            let next = try await GatewayProcess.start(.egress, gateway.settings.environment)
            try await next.ready()
            let limit = Duration.seconds(isAccepted ? 20 : 90)
            let sent = try await events.event("sent", ofJob: "WHATSAPP_OUT:\(first.sequence)", within: limit)
            #expect(sent.json?["attempts"]?.int == (isAccepted ? 1 : 2))
            try await queue.emptied()
            #expect(gateway.graph.accepted.map(\.text) == ["first", "second"])
            #expect(Set(gateway.graph.accepted.compactMap(\.callbackData)).count == 2)
            try await next.stop()
        }
    }

    @Test func `A doubt of its own is not settled by what an earlier holder noted`() async throws {
        try await Gateway.running([.egress]) { settings in
            settings.accounts = [.myAccount]
        } body: { gateway in
            let queue = JobQueue(gateway)
            let overload = ScriptedAnswer(
                status: 500, body: Array(#"{"error":{"message":"(#131016)","code":131016}}"#.utf8))
            gateway.graph.script(overload)
            try await queue.add(
                "sendMessage", #"{"to":"447700900123","text":"hello","biz_opaque_callback_data":"order-17"}"#)
            // The note says now that the job is not in flight.
            try await gateway.egress.log.waitForLine(containing: "code 131016")
            gateway.egress.process.kill()
            gateway.graph.script([overload, ScriptedAnswer(disturbance: .htmlBadGateway)])
            let next = try await GatewayProcess.start(.egress, gateway.settings.environment)
            try await queue.emptied()
            #expect(gateway.graph.accepted.count == 1)
            #expect(try await queue.deadLetters().map { $0.header("Wa-Reason") } == ["unknown outcome"])
            try await next.stop()
        }
    }

    @Test func `While NATS cannot take a note nothing is written to Graph`() async throws {
        try await Gateway.running([.egress]) { settings in
            settings.accounts = [.myAccount]
            settings.further["EGRESS_RATE_PER_SECOND"] = "5"
        } body: { gateway in
            let queue = JobQueue(gateway)
            try await queue.add(texts: (1...10).map { ("\($0)", "44770090\(1000 + $0)") })
            try await gateway.graph.waitForAccepted(2)
            gateway.server.pause()
            // A call whose note was stored before may still be written.
            try await eventually("nothing is in flight") { gateway.graph.stats.inFlight == 0 }
            let before = gateway.graph.stats.received
            try await gateway.egress.log.waitForLine(containing: "no in-flight note", within: .seconds(20))
            #expect(gateway.graph.stats.received <= before + 1)
            gateway.server.resume()
            try await queue.emptied(within: .seconds(60))
            #expect(gateway.graph.accepted.compactMap(\.text).sorted() == (1...10).map(String.init).sorted())
        }
    }
}
