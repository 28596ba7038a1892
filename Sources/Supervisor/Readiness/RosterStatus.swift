/// The supervisor's status in words, for systemd and whoever reads `systemctl status`.
extension Roster {
    /// Longer statuses are cut, in characters.
    static let statusLimit = 1000

    /// Such as `1 of 2 workers ready; egress-sales: waiting for NATS at localhost:4222`.
    var status: String {
        let text = self.isDraining ? self.drainStatus : self.servingStatus
        return text.count > Self.statusLimit ? text.prefix(Self.statusLimit) + "…" : text
    }

    private var servingStatus: String {
        guard !self.members.isEmpty else { return self.idleReason }
        let others = self.members.filter { !$0.life.isReady || $0.life.isFailing }
        let ready = self.members.count { $0.life.isReady }
        let count =
            ready == self.members.count
            ? "\(Self.workers(ready)) ready" : "\(ready) of \(Self.workers(self.members.count)) ready"
        return ([count] + others.map { "\($0.name): \($0.reason)" }).joined(separator: "; ")
    }

    private var drainStatus: String {
        let left = self.members.filter { $0.life.state != .gone }
        guard !left.isEmpty else { return "stopped" }
        return "draining \(Self.workers(left.count)): \(left.map(\.name).joined(separator: ", "))"
    }

    private static func workers(_ count: Int) -> String {
        count == 1 ? "1 worker" : "\(count) workers"
    }
}

extension Roster.Member {
    /// Why the worker is not ready, or not well.
    fileprivate var reason: String {
        let ended = self.life.lastEnd.map { "\($0)" } ?? "not started"
        let state =
            switch self.life.state {
            case .idle: "not started"
            case .running(nil): self.status ?? "starting"
            case .running: "ready"
            case .waiting: "\(ended), to be started again"
            case .down: "\(ended), stays down"
            case .draining, .killed: "draining"
            case .gone: "stopped"
            }
        return self.life.isFailing ? "failing, \(state)" : state
    }
}
