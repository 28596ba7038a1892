import Foundation
import Testing

@testable import Settings

@Suite struct SampleEnvTests {
    private let text: String

    init() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        self.text = try String(contentsOf: root.appending(path: "sample.env"), encoding: .utf8)
    }

    @Test(arguments: KnownVariables.all)
    func `Every variable is listed, commented out, with its meaning, form and default`(variable: KnownVariable) {
        let lines = "\n# \(variable.meaning) (\(variable.expected))\n#\(variable.name)=\(variable.defaultText)\n"
        #expect(self.text.contains(lines), "expected\(lines)")
    }

    @Test(arguments: KnownVariables.families)
    func `Variables that every account may have are listed with an example`(family: VariableFamily) {
        let lines = "\n# \(family.meaning)\n#\(family.example)\n"
        #expect(self.text.contains(lines), "expected\(lines)")
        #expect(family.example.hasPrefix(family.prefix))
    }

    @Test func `Nothing else is listed, and nothing twice`() {
        let listed = self.text.split(separator: "\n").filter { $0.contains("=") && !$0.hasPrefix("# ") }
            .map { String($0.dropFirst().prefix { $0 != "=" }) }
        let known =
            KnownVariables.all.map(\.name)
            + KnownVariables.families.map { $0.example.prefix { $0 != "=" } }.map(String.init)
        #expect(listed.sorted() == known.sorted())
    }

    @Test func `As it is, it sets nothing`() {
        let content = EnvFile.parse(Array(self.text.utf8), path: "sample.env")
        #expect(content.variables.isEmpty && content.problems.isEmpty)
    }

    @Test func `With the marks of comment taken away it sets every default`() {
        let lines = self.text.split(separator: "\n").map {
            $0.hasPrefix("#") && !$0.hasPrefix("# ") ? $0.dropFirst() : $0
        }
        let content = EnvFile.parse(Array(lines.joined(separator: "\n").utf8), path: "sample.env")
        #expect(content.problems.isEmpty)
        #expect(content.variables.count == KnownVariables.all.count + KnownVariables.families.count)
        let variables = [String: String](content.variables.map { ($0.name, $0.value) }) { $1 }
        var reader = SettingsReader(SettingsSource(variables: variables))
        reader.checkAllVariables()
        #expect(reader.lines.isEmpty)
    }

    @Test func `The defaults are those of the contract`() {
        let defaults = [String: String](uniqueKeysWithValues: KnownVariables.all.map { ($0.name, $0.defaultText) })
        #expect(
            defaults == [
                "NATS_URL": "nats://localhost:4222", "NATS_CREDS": "", "NATS_CA": "", "NATS_CERT": "", "NATS_KEY": "",
                "WEBHOOK_VERIFY_TOKEN": "", "APP_SECRET": "", "INGRESS_ALLOW_UNSIGNED": "false", "HOST": "0.0.0.0",
                "PORT": "8080", "API_VERSION": "v21.0", "GRAPH_URL": "https://graph.facebook.com", "LOG_LEVEL": "info",
                "LOG_FORMAT": "auto", "INGRESS_DELIVERY": "jetstream", "INGRESS_MAX_BODY_BYTES": "4194304",
                "INGRESS_ACK_TIMEOUT_MS": "4000", "INGRESS_MAX_IN_FLIGHT": "1024", "EGRESS_MAX_IN_FLIGHT": "256",
                "EGRESS_MAX_WAITING": "1024", "EGRESS_MAX_HELD": "20000", "EGRESS_RATE_PER_SECOND": "80",
                "EGRESS_GRAPH_TIMEOUT_MS": "15000", "EGRESS_MAX_ATTEMPTS": "8", "EGRESS_WORKERS": "per-account",
                "EGRESS_REPLICAS": "1", "SUPERVISOR_COMPONENTS": "egress", "SUPERVISOR_SHARD": "1/1",
                "SUPERVISOR_DRAIN_MS": "20000", "SUPERVISOR_WATCHDOG_MS": "10000", "INGRESS_ADMIN": "127.0.0.1:9180",
                "SUPERVISOR_ADMIN": "127.0.0.1:9181", "EGRESS_ADMIN": "127.0.0.1:9182", "STREAM_REPLICAS": "1",
                "STREAM_STORAGE": "file", "STREAM_MAX_AGE": "72h", "STREAM_MAX_BYTES": "", "STREAM_DEDUPE_WINDOW": "1h",
            ])
    }
}
