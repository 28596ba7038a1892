import TestSupport

/// One gateway under load, one fault after another, and then a look at what the stream holds.
struct ChaosRound: Sendable {
    /// Webhooks a second; repeats and further attempts come on top.
    static let rate = 150

    let seed: Seed
    let length: FaultPlan.Length

    /// - Throws: `GatewayTrouble` and `Overdue` when a fault does not show, or the load is not accepted in the end.
    func run() async throws -> ChaosReport {
        try await ChaosGateway.running { gateway in
            let plan = FaultPlan(seed: self.seed, length: self.length, hasSmallDisk: gateway.disk != nil)
            let client = MetaClient(
                WebhookSource(seed: self.seed.value), port: gateway.port, appSecret: ChaosGateway.appSecret,
                rate: Self.rate)
            try await gateway.storeFirst()
            let faults = try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await client.run() }
                defer { group.cancelAll() }
                let faults = try await self.inflict(plan, on: gateway, client)
                client.stop()
                let record = client.record
                _ = try await client.isDone.first(
                    within: .seconds(90),
                    what: "200 for every webhook; \(record.read { "\($0.accepted.count) of \($0.webhooks.count)" })"
                ) { $0 ? true : nil }
                return faults
            }
            let stored = try await gateway.storedEvents()
            let record = client.record.current
            let audit = StreamAudit(
                of: stored, against: record.webhooks, accepted: record.accepted, ordered: record.acceptedAtOnce)
            let places = stored.enumerated().map { ($1.messageID, $0) }
            return ChaosReport(
                seed: self.seed, record: record, faults: faults, stored: stored.count,
                droppedFirst: ChaosGateway.droppedFirst(stored), audit: audit,
                places: audit.isClean ? [:] : Dictionary(places) { first, _ in first })
        }
    }

    private func inflict(
        _ plan: FaultPlan, on gateway: ChaosGateway, _ client: MetaClient
    ) async throws -> [ChaosReport.FaultReport] {
        _ = try await client.record.first(within: .seconds(20), what: "the first webhook accepted") {
            $0.acceptances.first
        }
        var reports: [ChaosReport.FaultReport] = []
        for step in plan.steps {
            try await Task.sleep(for: step.calm)
            do {
                reports.append(try await self.inflict(step.fault, on: gateway, client))
            } catch {
                throw GatewayTrouble("\(step.fault): \(error)\nafter:\n\(reports)")
            }
        }
        return reports
    }

    private func inflict(
        _ fault: Fault, on gateway: ChaosGateway, _ client: MetaClient
    ) async throws -> ChaosReport.FaultReport {
        let (before, origin) = client.record.read { ($0.tally, $0.offeringSince ?? .now) }
        let start = ContinuousClock.now
        client.record.update { $0.beginPhase(at: start) }
        let end = try await gateway.inflict(fault, on: client)
        let accepted = try await client.record.first(within: .seconds(30), what: "a webhook accepted") {
            $0.firstAcceptance(after: end.at)
        }
        return ChaosReport.FaultReport(
            fault: fault, recovery: accepted - end.at, allowance: end.allowance,
            time: start - origin..<end.at - origin,
            tally: client.record.read { $0.tally } - before, slowest: client.record.read { $0.slowestOfPhase })
    }
}
