import Settings
import TestSupport
import Testing

@testable import Ingress

/// What a listener goes by once it has been given other rules.
@Suite struct RulesTests {
    private static func rules(
        _ receiver: ScriptedReceiver, secret: String, maxBodyBytes: Int = 1000, maxInFlight: Int = 1024
    ) -> WebhookRules {
        WebhookRules(
            signature: SignatureCheck(secrets: [Secret(secret)]),
            challenge: VerificationChallenge(verifyToken: Secret("another")), receiver: receiver,
            maxBodyBytes: maxBodyBytes, maxInFlight: maxInFlight)
    }

    /// A webhook in the two parts in which it is sent: all but its body's last byte, and that.
    private static func halves(_ body: String, secret: String) -> (first: [UInt8], last: [UInt8]) {
        let bytes = Array(body.utf8)
        let head = ListenerBench.head(
            "POST /webhook",
            [
                "Content-Length: \(bytes.count)",
                "X-Hub-Signature-256: \(ListenerBench.signature(of: bytes, secret: secret))",
            ])
        return (Array(head.utf8) + bytes.dropLast(), bytes.suffix(1))
    }

    @Test func `Requests that begin after a reload go by the new rules, those that had begun by the old ones`()
        async throws
    {
        try await ListenerBench.runAsync { bench in
            let old = try bench.client()
            let begun = Self.halves(#"{"old":1}"#, secret: ListenerBench.secret)
            try old.send(begun.first)
            // Another request on another connection says that the first one's head has been read by now.
            for _ in 0..<4 { #expect(try bench.serves()) }
            let receiver = ScriptedReceiver()
            await bench.listener.adopt(Self.rules(receiver, secret: "new"))
            #expect(try !bench.serves())

            let new = Self.halves(#"{"new":1}"#, secret: "new")
            let client = try bench.client()
            try client.send(new.first + new.last)
            #expect(try client.response()?.status == 200)
            #expect(receiver.bodies.map { String(decoding: $0, as: UTF8.self) } == [#"{"new":1}"#])

            try old.send(begun.last)
            #expect(try old.response()?.status == 200)
            #expect(bench.receiver.bodies.last.map { String(decoding: $0, as: UTF8.self) } == #"{"old":1}"#)
            // The next on the same connection is a new one.
            try old.send(ListenerBench.webhook("{}"))
            #expect(try old.response()?.status == 401)
        }
    }

    @Test func `The verify token and the limits change with the rules`() async throws {
        try await ListenerBench.runAsync { bench in
            let question = { (token: String) in
                ListenerBench.head(
                    "GET /webhook?hub.mode=subscribe&hub.verify_token=\(token)&hub.challenge=42", [])
            }
            #expect(try bench.ask(question("verify-token"))?.status == 200)
            await bench.listener.adopt(
                Self.rules(bench.receiver, secret: ListenerBench.secret, maxBodyBytes: 10, maxInFlight: 0))
            #expect(try bench.ask(question("verify-token"))?.status == 403)
            #expect(try bench.ask(question("another"))?.status == 200)
            let large = try bench.client()
            try large.send(ListenerBench.webhook(String(repeating: "1", count: 11)))
            #expect(try large.response()?.status == 413)
            let small = try bench.client()
            try small.send(ListenerBench.webhook("1"))
            #expect(try small.response()?.status == 503)
        }
    }

    @Test func `A larger body than all that was borne before is taken once the rules allow it`() async throws {
        try await ListenerBench.runAsync(adjust: {
            $0.maxBodyBytes = 20_000
            $0.maxHeldBytes = 20_000
        }) { bench in
            let body = String(repeating: "1", count: 200_000)
            let refused = try bench.client()
            try refused.send(ListenerBench.webhook(body))
            #expect(try refused.response()?.status == 413)
            await bench.listener.adopt(
                Self.rules(bench.receiver, secret: ListenerBench.secret, maxBodyBytes: 300_000))
            let taken = try bench.client()
            try taken.send(ListenerBench.webhook(body))
            #expect(try taken.response()?.status == 200)
            #expect(bench.listener.heldBytes == 0)
        }
    }
}
