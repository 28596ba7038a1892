import Foundation
import TestSupport

/// A real Prometheus that scrapes what it is told to, every 3 s, with the rules of `deploy/prometheus`.
final class PrometheusServer: Sendable {
    /// Says why a test that needs it is skipped.
    static let absence = "prometheus is not here: install Debian's package prometheus"

    private static let executable: String? = ["/usr/bin/prometheus", "/usr/local/bin/prometheus"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// Whether tests that need it should run: it is here, or `CI` is `true`, where its absence is a failure.
    static var isAvailable: Bool {
        self.executable != nil || ProcessInfo.processInfo.environment["CI"] == "true"
    }

    private struct Absent: Error, CustomStringConvertible {
        var description: String { PrometheusServer.absence }
    }

    private let process: RunningProcess
    private let url: String

    /// - Parameter targets: addresses by the name of the job.
    static func start(scraping targets: [String: String]) async throws -> PrometheusServer {
        guard let executable else { throw Absent() }
        let folder = try TemporaryFolder()
        let jobs = targets.sorted { $0.key < $1.key }.map { job, address in
            "  - job_name: \(job)\n    static_configs: [{targets: ['\(address)']}]\n"
        }
        let configuration = """
            global: {scrape_interval: 3s, scrape_timeout: 3s, evaluation_interval: 1s}
            rule_files: ['\(DeployedMetricsTests.folder)/alerts.yml']
            scrape_configs:
            \(jobs.joined())
            """
        let file = try folder.write(configuration, to: "prometheus.yml")
        let port = try FreePort.find()
        let process = try await RunningProcess.start(
            executable,
            arguments: [
                "--config.file=\(file)", "--storage.tsdb.path=\(folder.path)/data",
                "--web.listen-address=127.0.0.1:\(port)", "--log.level=warn",
            ], workingDirectory: folder.path, keeping: folder)
        let server = PrometheusServer(process: process, url: "http://127.0.0.1:\(port)")
        try await eventually("Prometheus is ready", within: .seconds(30)) {
            (try? await PlainHTTP.get("\(server.url)/-/ready").status) == 200
        }
        return server
    }

    private init(process: RunningProcess, url: String) {
        self.process = process
        self.url = url
    }

    /// What it has logged: warnings and errors.
    var log: [String] { self.process.standardError.lines }

    /// The answer of its API.
    func ask(_ path: String) async throws -> JSONTree {
        try JSONTree(try await PlainHTTP.get("\(self.url)/api/v1/\(path)").body)["data"] ?? .null
    }

    /// The values of an instant query, by the text of their labels' values, sorted by label and joined by commas.
    func query(_ expression: String) async throws -> [String: Double] {
        let allowed = CharacterSet.alphanumerics
        let text = expression.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
        guard case .array(let results)? = try await self.ask("query?query=\(text)")["result"] else { return [:] }
        return results.reduce(into: [:]) { values, result in
            guard case .object(let labels)? = result["metric"] else { return }
            let key = labels.filter { $0.key != "instance" && $0.key != "__name__" }.sorted { $0.key < $1.key }
                .compactMap(\.value.string).joined(separator: ",")
            values[key] = result["value"]?[1]?.string.flatMap { Double($0) }
        }
    }
}
