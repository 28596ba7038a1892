import Foundation
import TestSupport

/// A worker that a supervisor has started, as its log tells.
struct StartedWorker: Hashable, Sendable {
    /// Such as `egress-support`.
    let name: String
    let processID: pid_t

    /// Reads a line of the log; nil for a line of another kind.
    init?(line: String) {
        guard line.contains(#"msg="worker started""#) else { return nil }
        let fields = line.split(separator: " ")
        guard let name = fields.last(where: { $0.hasPrefix("worker=") }),
            let number = fields.last(where: { $0.hasPrefix("pid=") }), let processID = pid_t(number.dropFirst(4))
        else { return nil }
        self.name = String(name.dropFirst("worker=".count))
        self.processID = processID
    }
}

extension GatewayProcess {
    /// Every start of a worker so far, in order.
    var startedWorkers: [StartedWorker] { self.log.lines.compactMap(StartedWorker.init) }

    /// The processes that are a supervisor's workers now, by name.
    var workers: [String: pid_t] {
        self.startedWorkers.reduce(into: [:]) { $0[$1.name] = $1.processID }
    }

    /// Waits for a line about a worker.
    ///
    /// - Parameter start: the index of the first line to look at.
    @discardableResult
    func line(_ text: String, about worker: String, from start: Int = 0) async throws -> String {
        try await self.log.waitForLine(from: start, within: .seconds(20)) { line in
            line.contains(text) && line.contains("worker=\(worker)")
        }
    }
}
