import InMemoryTracing
import NATSClient
import Settings
import TestSupport
import Testing
import TraceContext
import Tracing

@testable import Egress
@testable import Ingress

/// What an exporter gets to know of webhooks, requests, jobs and calls.
@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct ProcessSpansTests {
    @Test func `One trace goes from Meta's webhook over a bot to the call of Graph`() async throws {
        try await TracedGateway.running { gateway in
            let events = Watched<[NATSMessage]>([])
            _ = gateway.nats.subscribe("whatsapp.*.in.>") { message in events.update { $0.append(message) } }
            try await gateway.nats.roundTrip(timeout: .seconds(5))
            let trace = TraceHeaders(traceparent: TraceHeadersTests.parent)
            #expect(await gateway.post(TracedGateway.webhook, trace) == .accepted)
            let received = try await events.first(what: "the events") { $0.count == 3 ? $0 : nil }

            // The bot passes on what it got.
            let parents = Set(received.compactMap { $0.header("traceparent") })
            let parent = try #require(parents.first)
            #expect(parents.count == 1)
            _ = try await gateway.nats.request(
                OutgoingMessage(
                    subject: "whatsapp.my_account.out.sendMessage", headers: [NATSHeader("traceparent", parent)],
                    payload: TracedGateway.message), timeout: .seconds(5))

            let chain = try [SpanName.webhook, .publish, .request, .graphCall].map {
                try #require(gateway.tracer.span($0))
            }
            #expect(Set(chain.map(\.traceID)) == ["4bf92f3577b34da6a3ce929d0e0e4736"])
            #expect(chain.map(\.parentSpanID) == ["00f067aa0ba902b7"] + chain.dropLast().map { $0.spanID })
            #expect(chain.map(\.kind) == [.server, .producer, .consumer, .client])
            #expect(
                gateway.graph.calls.map(\.trace) == [
                    TraceHeaders(traceparent: "00-\(chain[3].traceID)-\(chain[3].spanID)-01")
                ])
            #expect(gateway.tracer.activeSpans == 0)
        }
    }

    @Test func `Spans say what OpenTelemetry's conventions call it, and nothing of persons`() async throws {
        try await TracedGateway.running { gateway in
            gateway.graph.script(.refused(131_026))
            _ = await gateway.post()
            for action in ["sendMessage", "to_\(TracedGateway.phone)"] {
                _ = try await gateway.nats.request(
                    OutgoingMessage(subject: "whatsapp.my_account.out.\(action)", payload: TracedGateway.message),
                    timeout: .seconds(5))
                if action == "sendMessage" {
                    #expect(
                        gateway.tracer.attributes(of: .request) == [
                            "messaging.system": "nats", "messaging.operation.type": "process",
                            "messaging.operation.name": "process", "whatsapp.account": "my_account",
                            "messaging.destination.name": "whatsapp.my_account.out.sendMessage",
                            "messaging.consumer.group.name": "whatsapp-egress", "whatsapp.action": "sendMessage",
                            "error.type": "400:Graph error 131026",
                        ])
                }
            }
            let unknown = gateway.tracer.attributes(of: .request)
            #expect(unknown["messaging.destination.name"] == "whatsapp.my_account.out.*")
            #expect(unknown["whatsapp.action"] == nil && unknown["error.type"] == "400:InvalidRequest")
            #expect(
                gateway.tracer.attributes(of: .webhook) == [
                    "http.request.method": "POST", "http.route": "/webhook", "http.response.status_code": "200",
                ])
            #expect(
                gateway.tracer.attributes(of: .publish) == [
                    "messaging.system": "nats", "messaging.operation.type": "send",
                    "messaging.operation.name": "publish",
                    "messaging.destination.name": "whatsapp.my_account.in.>", "messaging.batch.message_count": "3",
                ])
            #expect(
                gateway.tracer.attributes(of: .graphCall) == [
                    "http.request.method": "POST", "http.response.status_code": "400",
                    "error.type": "400:Graph error 131026",
                ])
            #expect(gateway.tracer.span(.graphCall)?.status?.code == .error)
            for secret in [TracedGateway.phone, TracedGateway.text, "EAAG", "wamid"] {
                #expect(!gateway.everythingSaid.contains(secret), "\(secret) in \(gateway.everythingSaid)")
            }
        }
    }

    @Test func `A job's span lasts until it is settled, each try has its own, and the event goes on from it`()
        async throws
    {
        try await TracedGateway.running { gateway in
            let events = Watched<[NATSMessage]>([])
            for event in ["sent", "error"] {
                _ = gateway.nats.subscribe("whatsapp.my_account.\(event)") { message in
                    events.update { $0.append(message) }
                }
            }
            gateway.graph.script(.notWritten(reason: "refused"))
            let headers = [NATSHeader("traceparent", TraceHeadersTests.parent), NATSHeader("X-Mine", "1")]
            _ = try await gateway.nats.store(
                [
                    OutgoingMessage(
                        subject: "whatsapp.my_account.queue.sendMessage", headers: headers,
                        payload: TracedGateway.message)
                ], timeout: .seconds(5))[0].get()
            let event = try await events.first(what: "the event") { $0.first }
            try await eventually("the span has ended") { gateway.tracer.span(.job) != nil }
            let job = try #require(gateway.tracer.span(.job))
            #expect(job.parentSpanID == "00f067aa0ba902b7" && job.kind == .consumer && job.status == nil)
            #expect(event.header("traceparent") == "00-\(job.traceID)-\(job.spanID)-01")
            #expect(event.header("X-Mine") == "1")
            let tries = gateway.tracer.spans.filter { $0.operationName == SpanName.graphCall.rawValue }
            #expect(tries.map(\.parentSpanID) == [job.spanID, job.spanID])
            #expect(tries.map { $0.status?.code } == [.error, nil])
            #expect(gateway.tracer.attributes(of: .job)["messaging.consumer.group.name"] == "egress-my_account")

            // What cannot be a job has a span too, and its dead letter keeps the headers that came.
            _ = try await gateway.nats.store(
                [OutgoingMessage(subject: "whatsapp.my_account.queue.sendMessage", headers: headers, payload: [])],
                timeout: .seconds(5))[0].get()
            try await eventually("the second span has ended") { gateway.tracer.span(.job)?.status?.code == .error }
            #expect(gateway.tracer.attributes(of: .job)["error.type"] == "invalid")
            let letters = JetStream(gateway.nats, timeout: .seconds(2))
            let letter = try #require(
                try await letters.lastMessage(in: "WHATSAPP_DEAD", on: "whatsapp.my_account.dead.sendMessage"))
            #expect(letter.header("traceparent") == TraceHeadersTests.parent)
            #expect(gateway.tracer.activeSpans == 0)
        }
    }

    @Test func `The headers of a trace count against max_payload before anything is published`() async throws {
        try await TracedGateway.running { gateway in
            let published = Watched(0)
            _ = gateway.nats.subscribe("whatsapp.>") { _ in published.update { $0 += 1 } }
            // A message that fits, with some two hundred bytes left.
            let filling = gateway.nats.maximumPayload - TracedGateway.webhook.count - 400
            let body = TracedGateway.webhook(text: String(repeating: "x", count: filling))
            let state = "a=\(String(repeating: "v", count: 256)),b=\(String(repeating: "v", count: 240))"
            let trace = TraceHeaders(traceparent: TraceHeadersTests.parent, tracestate: state)
            #expect(await gateway.post(body, trace, traces: .passedOn) == .tooLarge)
            try await gateway.nats.roundTrip(timeout: .seconds(5))
            #expect(published.current == 0)
            #expect(
                await gateway.post(body, TraceHeaders(traceparent: trace.traceparent), traces: .passedOn) == .accepted)
            try await gateway.nats.roundTrip(timeout: .seconds(5))
            #expect(published.current > 0)
        }
    }

    @Test func `A webhook that is refused has a span that says so, and no publishing`() async throws {
        try await TracedGateway.running(delivery: .core) { gateway in
            #expect(await gateway.post(Array("{}".utf8)) == .badRequest)
            #expect(gateway.tracer.attributes(of: .webhook)["http.response.status_code"] == "400")
            await gateway.nats.close()
            #expect(await gateway.post() == .unavailable(retryAfterSeconds: 1))
            #expect(gateway.tracer.attributes(of: .webhook)["error.type"] == "503")
            #expect(gateway.tracer.span(.publish) == nil)
        }
    }
}
