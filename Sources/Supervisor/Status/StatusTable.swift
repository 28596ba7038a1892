import Daemon
import Settings

/// The status as a table for a reader.
struct StatusTable {
    /// How much of a list of accounts is shown, in characters; the first one always is.
    private static let accountsWidth = 32

    let status: SupervisorStatus
    /// Whether states have colours.
    let isColoured: Bool

    /// A worker a line, and below it what there is to say.
    var lines: [String] {
        let titles = ["WORKER", "ACCOUNTS", "PID", "STATE", "UPTIME", "RESTARTS", "LAST EXIT", "IN FLIGHT"]
        let rows = self.status.workers.map { worker in
            [
                worker.name, Self.accounts(of: worker), worker.pid.map { "\($0)" } ?? "-", Self.state(of: worker),
                worker.uptime.map(Self.time) ?? "-", "\(worker.restarts)", worker.lastExit ?? "-",
                worker.inFlight.map { "\($0)" } ?? "-",
            ]
        }
        let table = TextTable(
            [titles] + rows, rightAligned: [2, 5, 7],
            colour: { row, column in
                row > 0 && column == 3 && self.isColoured ? Self.colour(of: self.status.workers[row - 1]) : nil
            })
        return (rows.isEmpty ? [] : table.lines + [""]) + self.remarks
    }

    private var remarks: [String] {
        let reasons = self.status.workers.compactMap { worker in worker.reason.map { "\(worker.name): \($0)" } }
        // What follows in systemd's status are the same reasons, cut.
        let summary = self.status.text.split(separator: ";", maxSplits: 1).first.map { String($0) } ?? self.status.text
        let own = "supervisor \(self.status.version), pid \(self.status.pid), up \(Self.time(self.status.uptime))"
        return ["\(reasons.isEmpty ? self.status.text : summary) (\(own), shard \(self.status.shard))"] + reasons
    }

    private static func colour(of worker: SupervisorStatus.Worker) -> TextTable.Colour {
        switch WorkerState(rawValue: worker.state) {
        case .ready: .green
        case .stuck, .failing, .down: .red
        case .starting, .unready, .waiting, .draining, nil: .yellow
        }
    }

    private static func accounts(of worker: SupervisorStatus.Worker) -> String {
        if worker.component == Component.ingress.rawValue { return "all \(worker.accounts.count)" }
        var width = 0
        let fitting = worker.accounts.prefix { account in
            width += account.count + 2
            return width <= Self.accountsWidth + 2
        }
        return "\(ShortList(worker.accounts, limit: max(1, fitting.count)))"
    }

    private static func state(of worker: SupervisorStatus.Worker) -> String {
        worker.isReady && worker.state != WorkerState.ready.rawValue ? "\(worker.state), ready" : worker.state
    }

    /// Such as `3d 4h`, `2h 5m`, `4m 10s`, `12s`.
    static func time(_ seconds: Int) -> String {
        switch seconds {
        case ..<60: "\(seconds)s"
        case ..<3600: "\(seconds / 60)m \(seconds % 60)s"
        case ..<86_400: "\(seconds / 3600)h \(seconds / 60 % 60)m"
        default: "\(seconds / 86_400)d \(seconds / 3600 % 24)h"
        }
    }

}
