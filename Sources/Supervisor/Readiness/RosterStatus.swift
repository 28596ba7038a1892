/// The supervisor's status in words, for systemd and whoever reads `systemctl status`.
extension Roster {
    /// Longer statuses are cut, in characters.
    static let statusLimit = 1000

    /// Such as `1 of 2 workers ready; egress-sales: waiting for NATS at localhost:4222`.
    ///
    /// - Parameter note: what is to be said before the workers are named, such as of a reload.
    func status(noting note: String? = nil) -> String {
        let text = self.isDraining ? self.drainStatus : self.servingStatus(note)
        return text.count > Self.statusLimit ? text.prefix(Self.statusLimit) + "…" : text
    }

    private func servingStatus(_ note: String?) -> String {
        var (ready, all) = (0, 0)
        var others: [Member] = []
        for member in self.members where member.hasPlace {
            all += 1
            if member.life.isReady { ready += 1 }
            if !member.life.isReady || member.life.isFailing { others.append(member) }
        }
        let count =
            all == 0
            ? self.idleReason
            : ready == all ? "\(Self.workers(ready)) ready" : "\(ready) of \(Self.workers(all)) ready"
        // More of them than this would be cut anyway.
        let shown = others.prefix(Self.statusLimit / 10).map { "\($0.name): \($0.reason)" }
        return ([count] + [note].compactMap { $0 } + shown).joined(separator: "; ")
    }

    private var drainStatus: String {
        guard !self.isEmpty else { return "stopped" }
        let left = self.members
        return "draining \(Self.workers(left.count)): \(left.map(\.name).joined(separator: ", "))"
    }

    /// Such as `1 worker`.
    static func workers(_ count: Int) -> String {
        count == 1 ? "1 worker" : "\(count) workers"
    }
}

extension Roster.Member {
    /// Whether it counts among the workers: not while it only tries to take another's place, nor once it is to go.
    var hasPlace: Bool {
        switch self.life.state {
        case .draining, .killed, .gone: false
        case .idle, .running, .stuck, .waiting, .held, .down: self.life.standing != .newcomer
        }
    }

    /// Why the worker is not ready, or not well.
    var reason: String {
        let ended = self.life.lastEnd.map { "\($0)" } ?? "not started"
        let state =
            switch self.life.state {
            case .idle: "not started"
            case .running(nil): self.status ?? "starting"
            case .running: "ready"
            case .stuck: "stuck, aborted"
            case .waiting: "\(ended), to be started again"
            case .held: "\(ended), its successor is starting"
            case .down: "\(ended), stays down"
            case .draining, .killed: "draining"
            case .gone: "stopped"
            }
        return self.life.isFailing ? "failing, \(state)" : state
    }
}
