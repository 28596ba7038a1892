import Foundation
import GraphSimulator
import TestSupport

/// What is kept of a round in which something went wrong: logs, and every call to Graph, in the folder that
/// `CHAOS_LOGS` names.
struct ChaosRecords: CustomStringConvertible {
    private let gateway: OutboundGateway

    init(of gateway: OutboundGateway) {
        self.gateway = gateway
    }

    /// The last that each process has logged.
    var description: String {
        self.gateway.logs.map { "\($0):\n\($1.suffix(20).joined(separator: "\n"))" }.joined(separator: "\n-----\n")
    }

    private static var folder: URL? {
        guard let path = ProcessInfo.processInfo.environment["CHAOS_LOGS"], !path.isEmpty else { return nil }
        return URL(fileURLWithPath: path)
    }

    /// Writes `<seed>/…`; what cannot be written is left out, and everything where no folder is named.
    func write(_ report: OutboundReport) {
        guard let folder = Self.folder?.appendingPathComponent("\(report.seed)") else { return }
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
