import Foundation
import TestSupport
import Testing

/// `docs/metrics.md` beside what real processes print.
@Suite(.serialized, .enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct MetricsPageTests {
    /// A row of a table of metrics.
    private struct Row: Hashable {
        let type: String
        let labels: Set<String>
    }

    /// The metrics of a chapter, by name.
    private static func rows(_ chapter: String) throws -> [String: Row] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "docs/metrics.md"), encoding: .utf8)
        let text = try #require(page.components(separatedBy: "\n## ").first { $0.hasPrefix("\(chapter)\n") })
        return text.split(separator: "\n").reduce(into: [:]) { rows, line in
            let cells = line.components(separatedBy: "|").map { $0.trimmingCharacters(in: [" "]) }
            guard cells.count == 7, cells[1].hasPrefix("`") else { return }
            let labels = cells[3].components(separatedBy: ", ").filter { !$0.isEmpty }
            let name = cells[1].trimmingCharacters(in: ["`"])
            rows[name] = Row(type: cells[2], labels: Set(labels.map { $0.trimmingCharacters(in: ["`"]) }))
        }
    }

    @Test(arguments: [(GatewayProcess.Product.ingress, "Ingress"), (.egress, "Egress")])
    func `Every metric that a process prints is in the table, and the other way round`(
        product: GatewayProcess.Product, chapter: String
    ) async throws {
        try await MeteredGateway.running([product]) { test in
            let printed = try await test.metrics(product).families.mapValues { Row(type: $0.type, labels: $0.labels) }
            let written = try Self.rows(chapter).merging(Self.rows("Both")) { one, _ in one }
            #expect(Set(printed.keys) == Set(written.keys))
            for (name, row) in written { #expect(printed[name] == row, "\(name)") }
        }
    }

    @Test func `Every metric of the supervisor's own is in the table, and the other way round`() async throws {
        try await MeteredGateway.running([.supervisor]) { test in
            let printed = try await test.metrics(.supervisor).families.filter { $0.key.contains("_supervisor_") }
            #expect(try printed.mapValues { Row(type: $0.type, labels: $0.labels) } == Self.rows("Supervisor"))
        }
    }

    @Test(arguments: [GatewayProcess.Product.ingress, .egress])
    func `The page is what Prometheus asks for, from the first scrape on`(
        product: GatewayProcess.Product
    ) async throws {
        try await MeteredGateway.running([product]) { test in
            let page = try await test.scrape(product)
            #expect(page.status == 200)
            #expect(page[header: "Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
            let head = try await test.scrape(product, "HEAD")
            #expect(head.status == 200 && head.body.isEmpty)
            #expect(try await test.scrape(product, "POST").status == 405)
            // Of each configured account there is a series, and of each name one HELP and one TYPE.
            let text = page.text
            for account in ["my_account", "support"] { #expect(text.contains("account=\"\(account)\"")) }
            let comments = text.split(separator: "\n").filter { $0.hasPrefix("# ") }
            #expect(Set(comments).count == comments.count && text.hasSuffix("\n"))
            for secret in test.gateway.settings.secrets { #expect(!text.contains(secret)) }
            for account in test.gateway.settings.accounts { #expect(!text.contains(account.phoneNumberID)) }
        }
    }

    @Test(
        .enabled(if: Promtool.isAvailable, "\(Promtool.absence)"), arguments: [GatewayProcess.Product.ingress, .egress])
    func `promtool finds nothing wrong with it, before and after traffic`(
        product: GatewayProcess.Product
    ) async throws {
        try await MeteredGateway.running([product]) { test in
            #expect(try await Promtool.problems(of: test.scrape(product).body) == "")
            if product == .ingress {
                try await test.gateway.post(WebhookBody.text(id: "wamid.1"))
            } else {
                _ = try await Bot(test.gateway).text("hello")
            }
            #expect(try await Promtool.problems(of: test.scrape(product).body) == "")
        }
    }
}
