import Glibc
import TestSupport

/// A fault as it was: when, and whom it met.
struct InflictedFault: Hashable, Sendable, CustomStringConvertible {
    let fault: HostFault
    let whom: String
    /// Its begin and its end.
    let time: Range<ContinuousClock.Instant>

    var description: String { "\(self.fault) (\(self.whom))" }
}

extension OutboundGateway {
    /// Does what the fault says, waits for as long as it lasts, and takes it back.
    func inflict(_ step: HostFaultPlan.Step) async throws -> InflictedFault {
        let holder = step.isForHolder ? self.holder(of: step.account) : nil
        let host = holder ?? self.hosts[step.host]
        let begin = ContinuousClock.now
        let whom: String
        switch step.fault {
        case .workerKilled:
            whom = self.name(host.signal(SIGKILL, workerOf: step.account), step, host)
        case .workerDrained:
            whom = self.name(host.signal(SIGTERM, workerOf: step.account), step, host)
        case .workerStopped(let hold):
            let processID = host.signal(SIGSTOP, workerOf: step.account)
            whom = self.name(processID, step, host)
            if let processID {
                try? await Task.sleep(for: hold)
                // Nobody else can have its number: it is reaped when its supervisor sees its end, and so was stopped.
                _ = kill(processID, SIGCONT)
            }
        case .supervisorKilled(let hold):
            whom = host.name
            try await host.end(with: SIGKILL)
            try? await Task.sleep(for: hold)
            try await host.start()
        case .supervisorDrained:
            whom = host.name
            try await host.end(with: SIGTERM)
            try await host.start()
        case .natsKilled(let hold):
            whom = "nats-server"
            try await self.server.kill()
            try? await Task.sleep(for: hold)
            try await self.server.restart()
        }
        return InflictedFault(fault: step.fault, whom: whom, time: begin..<ContinuousClock.now)
    }

    private func name(_ processID: pid_t?, _ step: HostFaultPlan.Step, _ host: GatewayHost) -> String {
        "\(host.name), \(step.account.name), \(processID.map { "pid \($0)" } ?? "nobody there")"
    }
}
