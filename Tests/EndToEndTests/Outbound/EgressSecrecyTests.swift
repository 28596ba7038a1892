import Foundation
import GraphSimulator
import NATSClient
import TestSupport
import Testing

/// Access tokens are seen by Graph alone.
@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct EgressSecrecyTests {
    private static let login = (user: "gateway", password: "nats-password-of-the-tests")

    @Test func `No token is in a reply, an event, a log line or an argument, also where Graph quotes it`() async throws
    {
        let token = GatewayAccount.myAccount.token
        try await Gateway.running([.egress], server: .with { $0.login = Self.login }) { settings in
            settings.further["LOG_LEVEL"] = "trace"
        } body: { gateway in
            let bot = Bot(gateway)
            let tap = try await NATSTap(on: gateway.nats, ">")
            func script(_ code: Int, _ status: Int, _ body: String? = nil) {
                let text =
                    body
                    ?? #"{"error":{"message":"Malformed access token \#(token)","code":\#(code),"error_data":"\#(token)"}}"#
                gateway.graph.script(ScriptedAnswer(status: status, body: Array(text.utf8)))
            }
            script(100, 400)
            _ = try await bot.text("refused")
            script(0, 200, #"{"messages":[{"id":"wamid.A","token":"\#(token)"}]}"#)
            _ = try await bot.text("sent")
            script(0, 502, "<html>\(token)</html>")
            _ = try await bot.text("unknown")
            script(0, 404, "<html>\(token)</html>")
            _ = try await bot.text("refused without an error object")
            script(190, 401)
            _ = try await bot.text("paused")
            _ = try await bot.text("paused before")
            _ = try await bot.ask("raw", #"{"body":{}}"#)
            _ = try await Bot(gateway, as: .support).text("another account")
            let messages = try await tap.everything().filter { $0.subject.hasPrefix("whatsapp.") || $0.reply == nil }
            #expect(messages.filter { $0.subject == "whatsapp.my_account.error" }.count == 7)
            for message in messages {
                let headers = message.headers.map { "\($0.name): \($0.value)" }.joined(separator: "\n")
                for secret in gateway.settings.secrets + [Self.login.password] {
                    #expect(!message.text.contains(secret) && !headers.contains(secret), "\(message.subject)")
                }
            }
            let arguments = FileManager.default.contents(atPath: "/proc/\(gateway.egress.processID)/cmdline") ?? Data()
            #expect(!arguments.isEmpty)
            try await gateway.egress.stop()
            let output = gateway.egress.log.text + gateway.egress.process.standardOutput.text
            #expect(output.contains("paused"))
            let notices = gateway.egress.notices.notices.map(\.description).joined(separator: "\n")
            for secret in gateway.settings.secrets + [Self.login.password] {
                #expect(!output.contains(secret))
                #expect(!notices.contains(secret))
                #expect(!String(decoding: arguments, as: UTF8.self).contains(secret))
            }
        }
    }
}
