import TestSupport
import Testing

/// What Meta, and anyone else, is answered.
@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct WebhookAnswerTests {
    private static let body = WebhookBody.text(id: "wamid.1")

    @Test func `The same body twice is answered 200 twice and stored once`() async throws {
        try await Gateway.running([.ingress]) { gateway async throws in
            let fixture = try InboundFixture.named("batch_messages_and_statuses_in_one_value")
            for _ in 0..<2 { #expect(try await gateway.post(fixture.body).status == 200) }
            #expect(try await gateway.messageCount(of: "WHATSAPP_IN") == fixture.publications.count)
        }
    }

    @Test func `A webhook whose signature is missing, malformed or wrong is answered 401, and nothing is published`()
        async throws
    {
        try await Gateway.running([.ingress]) { gateway async throws in
            let tap = try await NATSTap(on: gateway.nats)
            let right = WebhookSignature.headerValue(of: Self.body, secret: gateway.settings.appSecret)
            let wrong = WebhookSignature.headerValue(of: Self.body, secret: "another-secret")
            let digits = String(right.dropFirst("sha256=".count))
            let signatures: [String?] = [
                nil, "", "sha256=", wrong, digits, "sha1=" + digits, right + "0", String(right.dropLast()),
                "sha256=" + String(digits.dropLast()) + "g", "SHA256=" + digits, right + ", " + right,
            ]
            for signature in signatures {
                let reply = try await gateway.post(Self.body, signature: signature)
                #expect(reply.status == 401, "\(signature ?? "none")")
                #expect(reply.body.isEmpty)
            }
            let other = WebhookBody.text(id: "wamid.2")
            #expect(try await gateway.post(other, signature: right).status == 401)
            #expect(try await tap.everything().isEmpty)
            #expect(try await gateway.messageCount(of: "WHATSAPP_IN") == 0)
            #expect(try await gateway.post(Self.body, signature: "sha256=" + digits.uppercased()).status == 200)
        }
    }

    @Test func `While an app secret is rotated webhooks signed with either are taken`() async throws {
        try await Gateway.running([.ingress]) {
            $0.further["APP_SECRET"] = "new-secret,\(InboundFixture.appSecret)"
        } body: { gateway async throws in
            for secret in ["new-secret", InboundFixture.appSecret] {
                let signature = WebhookSignature.headerValue(of: Self.body, secret: secret)
                #expect(try await gateway.post(Self.body, signature: signature).status == 200)
            }
            let old = WebhookSignature.headerValue(of: Self.body, secret: "old-secret")
            #expect(try await gateway.post(Self.body, signature: old).status == 401)
        }
    }

    @Test func `Unsigned webhooks are taken only where that is allowed, and it is warned of`() async throws {
        try await Gateway.running([.ingress]) {
            $0.further = ["APP_SECRET": "", "INGRESS_ALLOW_UNSIGNED": "true"]
        } body: { gateway async throws in
            #expect(try await gateway.post(Self.body, signature: nil).status == 200)
            try await gateway.ingress.log.waitForLine { line in
                line.contains("level=warning") && line.contains("INGRESS_ALLOW_UNSIGNED")
            }
        }
    }

    @Test func `A signed body that is no webhook is answered 400, and nothing is published`() async throws {
        try await Gateway.running([.ingress]) { gateway async throws in
            let tap = try await NATSTap(on: gateway.nats)
            let texts = [
                "", " ", "hello", "{", "[]", "null", "7", "{}", #"{"entry":{}}"#, #"{"entry":null}"#,
                #"{"object":"whatsapp_business_account"}"#, #"{"entry":[]} x"#, #"{"entry":[],}"#,
                #"{"entry":[01]}"#, #"{"entry":["\#u{1}"]}"#, "\u{FEFF}{\"entry\":[]}",
                #"{"entry":"# + String(repeating: "[", count: 128) + String(repeating: "]", count: 128) + "}",
            ]
            let bodies = texts.map { Array($0.utf8) } + [Array(#"{"entry":[""#.utf8) + [0xFF] + Array(#""]}"#.utf8)]
            for body in bodies {
                let reply = try await gateway.post(body)
                #expect(reply.status == 400, "\(String(decoding: body.prefix(60), as: UTF8.self))")
            }
            #expect(try await tap.everything().isEmpty)
        }
    }

    @Test func `A webhook of another product is answered 200, and nothing is published`() async throws {
        try await Gateway.running([.ingress]) { gateway async throws in
            let tap = try await NATSTap(on: gateway.nats)
            let body = String(decoding: Self.body, as: UTF8.self)
                .replacing("whatsapp_business_account", with: "instagram")
            #expect(try await gateway.post(Array(body.utf8)).status == 200)
            #expect(try await tap.everything().isEmpty)
            try await gateway.ingress.log.waitForLine(containing: "another product")
        }
    }

    @Test func `A body over the limit is answered 413 before all of it is there`() async throws {
        try await Gateway.running([.ingress]) {
            $0.further["INGRESS_MAX_BODY_BYTES"] = "10000"
        } body: { gateway async throws in
            let head =
                "POST /webhook HTTP/1.1\r\nHost: x\r\nX-Hub-Signature-256: sha256=\(String(repeating: "0", count: 64))\r\n"
            let announced = try await RawConnection.connect(port: gateway.settings.port)
            try await announced.send(head + "Content-Length: 10001\r\n\r\n")
            #expect(try await announced.reply().status == 413)
            let chunked = try await RawConnection.connect(port: gateway.settings.port)
            try await chunked.send(head + "Transfer-Encoding: chunked\r\n\r\n")
            let chunk = "fa0\r\n" + String(repeating: "x", count: 4000) + "\r\n"
            try await chunked.send(chunk + chunk + chunk)
            #expect(try await chunked.reply().status == 413)
            let fitting = WebhookBody.text(id: "wamid.1", text: String(repeating: "x", count: 9000))
            #expect(try await gateway.post(fitting).status == 200)
        }
    }

    @Test
    func
        `An event that no NATS message can hold is answered 413, nothing is published, and the log says what is needed`()
        async throws
    {
        try await Gateway.running([.ingress], server: .with { $0.maxPayload = 4096 }) { gateway async throws in
            let tap = try await NATSTap(on: gateway.nats)
            let large = WebhookBody.text(id: "wamid.1", text: String(repeating: "x", count: 5000))
            #expect(try await gateway.post(large).status == 413)
            #expect(try await tap.everything().isEmpty)
            let line = try await gateway.ingress.log.waitForLine(containing: "max_payload=4096")
            #expect(line.contains("level=error") && line.contains("needed="))
            #expect(try await gateway.post(Self.body).status == 200)
        }
    }

    @Test func `A request that is not complete after 10 s is answered 408, however slowly it goes on`() async throws {
        try await Gateway.running([.ingress]) { gateway async throws in
            let request = gateway.webhookRequest(Self.body)
            let connection = try await RawConnection.connect(port: gateway.settings.port)
            async let sending: Void = connection.sendSlowly(request, every: .milliseconds(200))
            let began = ContinuousClock.now
            let reply = try await connection.reply(within: .seconds(20))
            #expect(reply.status == 408 && reply[header: "Connection"] == "close")
            #expect((.seconds(9)..<(.seconds(15))).contains(ContinuousClock.now - began))
            await connection.close()
            try? await sending
        }
    }

    @Test func `More webhooks at once than INGRESS_MAX_IN_FLIGHT are answered 503 with Retry-After`() async throws {
        try await Gateway.running([.ingress], server: .with { $0.jetStream = false }, awaitingReadiness: false) {
            $0.further["INGRESS_MAX_IN_FLIGHT"] = "2"
        } body: { gateway async throws in
            let stream = try await ScriptedStream(on: gateway.nats)
            try await gateway.ingress.ready()
            async let first = gateway.post(WebhookBody.text(id: "wamid.1"))
            async let second = gateway.post(WebhookBody.text(id: "wamid.2"))
            try await stream.waitForMessages(6)
            let third = try await gateway.post(WebhookBody.text(id: "wamid.3"))
            #expect(third.status == 503 && third[header: "Retry-After"] != nil)
            #expect(try await PlainHTTP.get("\(gateway.ingressURL)/health").status == 200)
            stream.acknowledge()
            let statuses = try await [first.status, second.status]
            #expect(statuses == [200, 200])
        }
    }

    @Test func `Meta's verification is answered with its challenge, and with 403 for another verify token`()
        async throws
    {
        try await Gateway.running([.ingress]) { gateway async throws in
            let webhook = "\(gateway.ingressURL)/webhook"
            let right = "hub.verify_token=\(gateway.settings.verifyToken)"
            let reply = try await PlainHTTP.get("\(webhook)?hub.mode=subscribe&\(right)&hub.challenge=a%20b+c")
            #expect(reply.status == 200 && reply.text == "a b c")
            #expect(reply[header: "Content-Type"]?.hasPrefix("text/plain") == true)
            for query in [
                "", "?hub.mode=subscribe&hub.verify_token=wrong&hub.challenge=1", "?hub.mode=subscribe&hub.challenge=1",
                "?hub.mode=unsubscribe&\(right)&hub.challenge=1",
                "?hub.mode=subscribe&hub.verify_token=&hub.challenge=1",
            ] {
                let refused = try await PlainHTTP.get(webhook + query)
                #expect(refused.status == 403 && refused.body.isEmpty, "\(query)")
            }
        }
    }

    @Test func `Without a verify token every verification is refused`() async throws {
        try await Gateway.running([.ingress]) {
            $0.further["WEBHOOK_VERIFY_TOKEN"] = ""
        } body: { gateway async throws in
            for token in ["", "x"] {
                let query = "hub.mode=subscribe&hub.verify_token=\(token)&hub.challenge=1"
                #expect(try await PlainHTTP.get("\(gateway.ingressURL)/webhook?\(query)").status == 403)
            }
        }
    }

    @Test func `Health is ok, another method is answered 405 and another path 404`() async throws {
        try await Gateway.running([.ingress]) { gateway async throws in
            let health = try await PlainHTTP.get("\(gateway.ingressURL)/health")
            #expect(health.status == 200 && health.text == "ok")
            for method in ["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"] {
                let reply = try await PlainHTTP.call(method, "\(gateway.ingressURL)/webhook")
                #expect(reply.status == 405 && reply[header: "Allow"] == "GET, POST", "\(method)")
            }
            for path in ["/", "/webhook/", "/webhooks", "/metrics", "/ready", "/../webhook"] {
                #expect(try await PlainHTTP.get(gateway.ingressURL + path).status == 404, "\(path)")
            }
        }
    }
}
