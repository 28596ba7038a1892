import Daemon

extension SupervisorSnapshot {
    /// Whether the supervisor serves: it has been ready, and at least one of its workers is. Each worker is a check.
    var readiness: ReadinessReport {
        guard !self.isDraining else {
            return ReadinessReport([ReadinessCheck("drain", .fails(self.status))], service: self.status)
        }
        let workers = self.workers.filter(\.hasPlace)
        guard !workers.isEmpty else {
            // Before the loop has turned for the first time nothing is known.
            guard self.hasBeenReady else {
                return ReadinessReport([ReadinessCheck("workers", .fails(self.status))], service: self.status)
            }
            return ReadinessReport([ReadinessCheck("accounts", .idle(self.idleReason))], service: self.status)
        }
        return ReadinessReport(
            workers.map { ReadinessCheck($0.name, $0.finding) }, service: self.status,
            isReady: self.hasBeenReady && workers.contains(where: \.isReady))
    }
}

extension WorkerSnapshot {
    fileprivate var finding: ReadinessCheck.Finding {
        guard self.isReady else { return .fails(self.reason) }
        return self.state == .failing ? .degraded(self.reason) : .holds
    }
}
