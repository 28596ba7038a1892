import Glibc
import TestSupport

/// How a fault ended.
struct FaultEnd: Sendable {
    /// From when on the ingress can have what it needs.
    let at: ContinuousClock.Instant
    /// How long it may take from then on until a webhook is accepted.
    let allowance: Duration
}

extension ChaosGateway {
    /// How much longer than promised things may take on a machine that has more to do.
    static let slack = Duration.seconds(1)

    /// Does what the fault says, waits until it shows and for as long as it lasts, and takes it back.
    func inflict(_ fault: Fault, on client: MetaClient) async throws -> FaultEnd {
        switch fault {
        case .ingressKilled:
            return try await self.endIngress(with: SIGKILL)
        case .ingressTerminated:
            return try await self.endIngress(with: SIGTERM)
        case .natsKilled(let hold):
            try await self.refusing(client, for: hold) { try await self.server.kill() }
            return try await self.restartServer()
        case .natsPaused(let hold):
            try await self.refusing(client, for: hold) { self.server.pause() }
            self.server.resume()
            return try await self.serverReturned(at: .now)
        case .bothKilled(let hold):
            try await self.server.kill()
            _ = try await self.endIngress(with: SIGKILL)
            try await self.refusing(client, for: hold) {}
            return try await self.restartServer()
        case .streamFull(let hold):
            try await self.refusing(client, for: hold) { try await self.limitStream(toFurther: 1 << 20) }
            try await self.limitStream(toFurther: nil)
            return FaultEnd(at: .now, allowance: .seconds(1) + Self.slack)
        case .jetStreamOff(let hold):
            try await self.refusing(client, for: hold) {
                try await self.server.restart(with: NATSServerOptions.with { $0.jetStream = false })
            }
            return try await self.restartServer()
        case .diskFull(let hold):
            guard let disk else { throw GatewayTrouble("there is no disk that can be made full") }
            try await self.refusing(client, for: hold) { try await disk.fill() }
            try await disk.giveBack()
            // nats-server 2.9.10 hangs for good when its disk is full: it stores nothing more, and minds no SIGTERM.
            try await self.server.kill()
            return try await self.restartServer()
        }
    }

    /// Does something, waits for a webhook that is not accepted because of it, and then for as long as it is to last.
    private func refusing(_ client: MetaClient, for hold: Duration, _ act: () async throws -> Void) async throws {
        try await act()
        let before = client.record.read { $0.tally.unavailable }
        _ = try await client.record.first(within: .seconds(20), what: "a webhook that is answered 503") {
            $0.tally.unavailable > before ? true : nil
        }
        try await Task.sleep(for: hold)
    }

    private func restartServer() async throws -> FaultEnd {
        try await self.server.restart(with: self.serverOptions)
        return try await self.serverReturned(at: .now)
    }

    /// The ingress may take 1 s longer than the server needs until it stores a message.
    private func serverReturned(at end: ContinuousClock.Instant) async throws -> FaultEnd {
        try await self.awaitStoring()
        return FaultEnd(at: end, allowance: ContinuousClock.now - end + .seconds(1) + Self.slack)
    }

    /// Sends a signal to the ingress, and waits for its successor to be started.
    private func endIngress(with signal: Int32) async throws -> FaultEnd {
        let log = self.supervisor.standardError
        let isStart: @Sendable (String) -> Bool = { line in
            line.contains(#"msg="worker started""#) && line.contains("worker=\(Self.ingress)")
        }
        guard let current = log.lines.last(where: isStart)?.split(separator: " ").last(where: { $0.hasPrefix("pid=") }),
            let processID = pid_t(current.dropFirst("pid=".count))
        else { throw GatewayTrouble("the log names no ingress") }
        let count = log.lines.count
        guard kill(processID, signal) == 0 else { throw SystemCallFailure("kill") }
        // The fourth start within a minute waits for 2 s, give or take.
        try await log.waitForLine(from: count, within: .seconds(15), matching: isStart)
        return FaultEnd(at: .now, allowance: .seconds(2) + Self.slack)
    }
}
