import Foundation
import TestSupport
import Testing

/// What lies in `deploy/prometheus`, beside the page of all metrics.
@Suite struct DeployedMetricsTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    static let folder = Self.root.appending(path: "deploy/prometheus").path

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
    }

    /// Names and labels of the metrics in `docs/metrics.md`, which is compared with real processes elsewhere.
    private static func documented() throws -> [String: Set<String>] {
        try Self.text("docs/metrics.md").split(separator: "\n").reduce(into: [:]) { metrics, line in
            let cells = line.components(separatedBy: "|").map { $0.trimmingCharacters(in: [" "]) }
            guard cells.count == 7, cells[1].hasPrefix("`") else { return }
            let labels = cells[3].components(separatedBy: ", ").map { $0.trimmingCharacters(in: ["`"]) }
            metrics[cells[1].trimmingCharacters(in: ["`"])] = Set(labels)
        }
    }

    /// What a series may have beside the labels of its metric.
    private static let added: Set<String> = ["job", "instance", "worker", "le"]

    /// The expressions of a file, whole lines of it.
    private static func check(_ text: String, of file: String) throws -> Int {
        let metrics = try Self.documented()
        var found = 0
        for match in text.matches(of: /\b((?:whatsapp|process)_[a-z_]+)(?:\{([^}]*)\})?/) {
            let name = String(match.1)
            let family =
                ["_bucket", "_sum", "_count"].first { name.hasSuffix($0) && metrics[name] == nil }
                .map { String(name.dropLast($0.count)) } ?? name
            guard let labels = metrics[family] else {
                Issue.record("\(file) names \(name), which docs/metrics.md does not")
                continue
            }
            found += 1
            for label in (match.2 ?? "").matches(of: /([a-z_]+)(?:=~|!~|!=|=)/) {
                #expect(labels.union(Self.added).contains(String(label.1)), "\(file): \(name) has no \(label.1)")
            }
        }
        return found
    }

    @Test func `Every metric and label of the alerts is in the page of all metrics`() throws {
        let expressions = try Self.text("deploy/prometheus/alerts.yml").split(separator: "\n")
            .filter { !$0.contains("action:") && !$0.contains("summary:") && !$0.contains("#") }
        #expect(try Self.check(expressions.joined(separator: "\n"), of: "alerts.yml") >= 26)
    }

    @Test func `Every metric and label of the dashboard is in the page of all metrics`() throws {
        let dashboard = try JSONTree(Array(try Self.text("deploy/prometheus/dashboard.json").utf8))
        let panels = dashboard["panels"]?.elements ?? []
        let expressions = panels.flatMap { $0["targets"]?.elements ?? [] }.compactMap { $0["expr"]?.string }
        #expect(try Self.check(expressions.joined(separator: "\n"), of: "dashboard.json") >= 20)
        // Each panel that shows something says what.
        for panel in panels where panel["type"]?.string != "row" {
            #expect(panel["description"]?.string?.isEmpty == false && panel["targets"]?.elements.isEmpty == false)
        }
        #expect(Set(panels.compactMap { $0["id"]?.int }).count == panels.count)
    }

    @Test func `Each alert has a case in which it is silent and one in which it fires`() throws {
        let rules = try Self.text("deploy/prometheus/alerts.yml")
        let cases = try Self.text("deploy/prometheus/alerts.test.yml")
        let alerts = rules.matches(of: /- alert: (\w+)/).map { String($0.1) }
        #expect(alerts.count > 20 && Set(alerts).count == alerts.count)
        for alert in alerts {
            #expect(cases.matches(of: try Regex("alertname: \(alert)\\n *exp_alerts: \\[\\]")).count == 1, "\(alert)")
            #expect(cases.matches(of: try Regex("alertname: \(alert)\\n *exp_alerts:\\n")).count == 1, "\(alert)")
        }
    }

    @Test(
        .enabled(if: Promtool.isAvailable, "\(Promtool.absence)"),
        arguments: [
            ["check", "rules", "alerts.yml"], ["test", "rules", "alerts.test.yml"],
            ["check", "config", "prometheus.yml"],
        ])
    func `promtool finds nothing wrong with the rules, their cases and the sample configuration`(
        arguments: [String]
    ) async throws {
        #expect(try await Promtool.problems(running: arguments, in: Self.folder) == "")
    }
}
