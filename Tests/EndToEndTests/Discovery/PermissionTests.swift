import Foundation
import GraphSimulator
import NATSClient
import TestSupport
import Testing

/// The gateway with a NATS user that may do what docs/operations.md says, and nothing else.
@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct PermissionTests {
    /// The block of the page that names them.
    private static func permissions() throws -> String {
        let root = URL(fileURLWithPath: #filePath).pathComponents.dropLast(4).dropFirst().map { "/\($0)" }.joined()
        let page = try String(contentsOfFile: "\(root)/docs/operations.md", encoding: .utf8)
        let block = try #require(page.components(separatedBy: "```text permissions\n").dropFirst().first)
        return try #require(block.components(separatedBy: "```").first)
    }

    @Test func `With the permissions of the manual everything works, and nothing is refused`() async throws {
        let users = """
            { user: tester, password: p }
            { user: gateway, password: p, permissions: { \(try Self.permissions()) } }
            """
        let options = NATSServerOptions.with {
            $0.furtherLines = ["no_auth_user: tester", "authorization { users = [\(users)] }"]
        }
        try await Gateway.running([.ingress, .egress], server: options) { settings in
            settings.natsURL = settings.natsURL.replacing("nats://", with: "nats://gateway:p@")
        } body: { gateway in
            #expect(try await gateway.post(WebhookBody.text(id: "wamid.1")).status == 200)
            let bot = Bot(gateway)
            #expect(try await bot.text("a request", headers: [NATSHeader("Wa-Idempotency-Key", "1")]).failure == nil)
            #expect(try await bot.ask("sendMessage", "{}").failure == "InvalidRequest 400")
            let jobs = JobQueue(gateway)
            try await jobs.add(text: "a job")
            try await jobs.add("sendMessage", "{}")
            try await jobs.emptied()
            #expect(try await jobs.deadLetters().count == 1)
            for name in ["whatsapp-ingress", "whatsapp-egress"] {
                _ = try await gateway.nats.request(
                    OutgoingMessage(subject: "$SRV.STATS.\(name)", payload: []), timeout: .seconds(5))
            }
            for process in gateway.processes {
                try await process.stop()
                let complaints = process.log.lines.filter { $0.contains("permit") || $0.contains("level=error") }
                #expect(complaints.isEmpty, "\(complaints)")
            }
        }
    }
}
