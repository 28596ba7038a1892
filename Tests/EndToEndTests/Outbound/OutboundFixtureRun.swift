import GraphSimulator
import JSONBytes
import NATSClient
import TestSupport
import Testing

/// Puts fixtures on NATS one after another, and compares what comes of each with what it says.
struct OutboundFixtureRun {
    private let gateway: Gateway
    private let events: NATSTap

    init(_ gateway: Gateway) async throws {
        self.gateway = gateway
        self.events = try await NATSTap(on: gateway.nats, "whatsapp.*.error")
    }

    /// - Parameter status: what Graph's answer comes with.
    func check(_ fixture: OutboundFixture, status: Int?) async throws {
        let graph = self.gateway.graph
        graph.clearRecords()
        if let answer = fixture.answer, let status {
            // Throttled calls are tried again: enough for every try that fits into the requester's time.
            let tries = Self.isThrottle(fixture) ? 20 : 1
            graph.script(
                Array(
                    repeating: ScriptedAnswer(status: status, headers: answer.headers, body: answer.body), count: tries)
            )
        }
        // What would be tried again and again is given up sooner than by default.
        let time = Self.isThrottle(fixture) || fixture.transport != nil ? [NATSHeader("Wa-Timeout-Ms", "1500")] : []
        let reply = try await self.gateway.nats.request(
            OutgoingMessage(subject: fixture.subject, headers: time, payload: fixture.request),
            timeout: .seconds(20))
        try self.checkCalls(fixture)
        try self.checkReply(reply, fixture, status: status)
        try await self.checkEvents(fixture)
    }

    private func checkCalls(_ fixture: OutboundFixture) throws {
        let calls = self.gateway.graph.requests
        guard let expected = fixture.call else {
            #expect(calls.isEmpty, "\(fixture)")
            return
        }
        let reachesGraph = fixture.kind != "transport_before_send"
        #expect(calls.isEmpty != reachesGraph, "\(fixture)")
        if !Self.isThrottle(fixture) { #expect(calls.count <= 1, "\(fixture)") }
        for call in calls {
            #expect(call.method == expected.method, "\(fixture)")
            #expect(call.target == expected.path, "\(fixture)")
            let token = self.account(of: fixture).token
            #expect(call[header: "Authorization"] == "Bearer \(token)", "\(fixture)")
            #expect(call[header: "Content-Type"] == "application/json", "\(fixture)")
            for (name, value) in expected.headers where name != "Authorization" {
                #expect(call[header: name] == value, "\(fixture)")
            }
            try self.checkBody(call, expected, fixture)
        }
    }

    private func checkBody(
        _ call: RecordedRequest, _ expected: OutboundFixture.ExpectedCall, _ fixture: OutboundFixture
    ) throws {
        guard let body = expected.body else {
            #expect(call.body.isEmpty, "\(fixture)")
            return
        }
        let sent = try JSONTree(call.body)
        #expect(OutboundFixture.comparable(sent) == OutboundFixture.comparable(body), "\(fixture)")
        for part in expected.bodyMustContain { #expect(call.text.contains(part), "\(fixture)") }
        if fixture.subject.hasSuffix(".raw") {
            let given = try JSONDocument(validating: fixture.request).root["body"].map { Array($0.bytes) }
            #expect(call.body == given, "\(fixture)")
        }
    }

    private func checkReply(_ reply: NATSMessage, _ fixture: OutboundFixture, status: Int?) throws {
        switch fixture.outcome {
        case .sent:
            #expect(reply.payload == fixture.answer?.body, "\(fixture)")
            #expect(reply.headers.isEmpty, "\(fixture)")
        case .graphError where (try? JSONTree(fixture.answer?.body ?? [])) != nil:
            #expect(reply.payload == fixture.answer?.body, "\(fixture)")
            #expect(reply.failureStatus == status, "\(fixture)")
            let message = fixture.errorEvent?.json?["message"]?.string
            #expect(reply.header("Nats-Service-Error") == message, "\(fixture)")
        case .graphError:
            try self.checkOwnReply(reply, "GraphUnavailable 504", fixture)
        case .transportError where fixture.kind == "transport_before_send":
            try self.checkOwnReply(reply, "GraphUnavailable 503", fixture)
        case .transportError:
            try self.checkOwnReply(reply, "GraphUnavailable 504", fixture)
        case .clientError:
            try self.checkOwnReply(reply, "InvalidRequest 400", fixture)
        }
    }

    private func checkOwnReply(_ reply: NATSMessage, _ failure: String, _ fixture: OutboundFixture) throws {
        #expect(reply.failure == failure, "\(fixture)")
        #expect(failure.hasSuffix(" \(reply.failureStatus ?? 0)"), "\(fixture)")
        #expect(reply.header("Nats-Service-Error") == reply.json?["error"]?["message"]?.string, "\(fixture)")
        #expect(Set(reply.headers.map(\.name)) == ["Nats-Service-Error-Code", "Nats-Service-Error"], "\(fixture)")
    }

    private func checkEvents(_ fixture: OutboundFixture) async throws {
        // An event follows its reply on the worker's connection: one too many is found with the next fixture's.
        let isExpected = fixture.outcome != .sent
        let subject = fixture.errorEvent?.subject ?? "whatsapp.\(self.account(of: fixture).name).error"
        if isExpected {
            try await self.events.first("the error event of \(fixture)") { $0.json?["request"] != nil }
        }
        let events = try await self.events.take()
        let pauses = events.filter { $0.json?["final"] == .bool(false) }
        #expect(pauses.count == (["err_0_auth", "err_190_token"].contains(fixture.name) ? 1 : 0), "\(fixture)")
        #expect(pauses.allSatisfy { $0.json?["request"] == nil }, "\(fixture)")
        let ends = events.filter { $0.json?["final"] == nil }
        #expect(ends.map(\.subject) == (isExpected ? [subject] : []), "\(fixture)")
        guard let event = ends.first?.json else { return }
        guard case .object(let members) = event else { return #expect(Bool(false), "\(fixture)") }
        #expect(Set(members.keys) == ["action", "code", "message", "type", "request"], "\(fixture)")
        if let expected = fixture.errorEvent?.json {
            #expect(Self.comparable(event) == Self.comparable(expected), "\(fixture)")
        } else if fixture.outcome == .clientError {
            let request = (try? JSONTree(fixture.request)) ?? .string(String(decoding: fixture.request, as: UTF8.self))
            #expect(event["request"] == request && event["code"] == .number(400), "\(fixture)")
        }
    }

    private func account(of fixture: OutboundFixture) -> GatewayAccount {
        fixture.subject.hasPrefix("whatsapp.support.") ? .support : .myAccount
    }

    private static func isThrottle(_ fixture: OutboundFixture) -> Bool {
        fixture.kind?.hasPrefix("throttle") == true
    }

    private static func comparable(_ event: JSONTree) -> JSONTree {
        guard case .object(var members) = event else { return event }
        members["request"] = members["request"].map { OutboundFixture.comparable($0) }
        return .object(members)
    }
}
