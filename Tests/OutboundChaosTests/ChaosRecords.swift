import Foundation
import GraphSimulator
import TestSupport

/// What is kept of a round in which something went wrong: logs, and every call to Graph, in the folder that
/// `CHAOS_LOGS` names.
struct ChaosRecords: CustomStringConvertible {
    private let folder: URL
    private let gateway: OutboundGateway

    /// nil where `CHAOS_LOGS` names no folder.
    init?(of gateway: OutboundGateway) {
        guard let path = ProcessInfo.processInfo.environment["CHAOS_LOGS"], !path.isEmpty else { return nil }
        self.folder = URL(fileURLWithPath: path)
        self.gateway = gateway
    }

    var description: String {
        self.gateway.logs.map { "\($0):\n\($1.suffix(20).joined(separator: "\n"))" }.joined(separator: "\n-----\n")
    }

    /// Writes `<seed>/…`; what cannot be written is left out.
    func write(_ report: OutboundReport) {
        let folder = self.folder.appendingPathComponent("\(report.seed)")
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var files = self.gateway.logs
        files["report"] = ["\(report)"]
        files["calls"] = report.requests.map { request in
            "\(self.time(of: request)) \(request.number) \(request.outcome) \(request.disturbance) \(request.text)"
        }
        for (name, lines) in files {
            let file = folder.appendingPathComponent("\(name).log")
            try? Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file)
        }
    }

    /// By the clock that the logs use.
    private func time(of request: RecordedRequest) -> String {
        let ago = ContinuousClock.now - (self.gateway.graphStart + request.arrival)
        let formatter = ISO8601DateFormatter()
        formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
        return formatter.string(from: Date(timeIntervalSinceNow: -(ago / .seconds(1))))
    }
}
