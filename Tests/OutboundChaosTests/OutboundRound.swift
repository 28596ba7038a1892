import GraphSimulator
import TestSupport

/// Jobs at a steady rate while Graph, workers, supervisors and nats-server fail, then calm until no job is left, then a
/// look at what became of each.
struct OutboundRound: Sendable {
    /// How much a round takes on.
    struct Length: Hashable, Sendable {
        let jobs: Int
        /// Jobs a second.
        let rate: Int
        let recipients: Int

        /// 40 s of load, and then up to 60 s for what is in doubt.
        static let short = Length(jobs: 400, rate: 10, recipients: 100)
        static let long = Length(jobs: 5000, rate: 40, recipients: 400)
    }

    /// How long it may take until no job is left: a minute for what is in doubt, another where its holder dies at the
    /// end of the first, and one for what the app's limit holds back.
    private static let patience = Duration.seconds(200)

    let seed: Seed
    let length: Length

    /// - Throws: `OutboundTrouble` and `Overdue` when a process does not start or end as it must.
    func run() async throws -> OutboundReport {
        try await OutboundGateway.running(seed: self.seed.part(1)) { gateway in
            do {
                return try await self.run(on: gateway)
            } catch {
                throw OutboundTrouble("\(error)\n\(ChaosRecords(of: gateway))")
            }
        }
    }

    private func run(on gateway: OutboundGateway) async throws -> OutboundReport {
        let begin = ContinuousClock.now
        let events = try await SentEvents(over: gateway.connection)
        let load = JobLoad(
            ChaosJob.draw(self.length.jobs, recipients: self.length.recipients, seed: self.seed),
            rate: self.length.rate, over: gateway.connection)
        let faults = try await self.inflictFaults(on: gateway, until: load)
        let calm = ContinuousClock.now
        let left = await gateway.awaitEmptyStream(within: Self.patience)
        let end = ContinuousClock.now
        await gateway.drain()
        let requests = gateway.graph.requests
        let arrivals = Dictionary(requests.map { ($0.number, $0.arrival) }, uniquingKeysWith: { first, _ in first })
        let audit = JobAudit(
            JobAudit.Evidence(
                stored: load.stored,
                accepted: gateway.graph.accepted.map { message in
                    JobAudit.Acceptance(
                        jobID: ChaosJob.id(ofText: message.text ?? ""), isAnswered: message.answered,
                        at: gateway.graphStart + (arrivals[message.request] ?? .zero))
                },
                letters: try await gateway.letters(), sent: events.jobIDs, disruptions: faults.map(\.time),
                graphTimeout: OutboundGateway.graphTimeout))
        let report = OutboundReport(
            seed: self.seed, stored: load.stored.count, left: left, taken: try await gateway.jobsTaken(), audit: audit,
            told: Set(events.jobIDs).count, requests: requests,
            webhooks: gateway.graph.stats.webhooks, faults: faults, begin: begin, calm: calm, end: end,
            logs: gateway.hosts.map(\.log))
        if !report.isClean { ChaosRecords(of: gateway).write(report) }
        return report
    }

    /// Stores the jobs, and has things fail meanwhile; returns when all are stored and all that was ended runs again.
    private func inflictFaults(
        on gateway: OutboundGateway, until load: JobLoad
    ) async throws -> [InflictedFault] {
        try await withThrowingTaskGroup(of: InflictedFault?.self) { group in
            group.addTask {
                var weather = GraphWeather(seed: self.seed.part(2))
                await weather.run(on: gateway.graph, accounts: ChaosAccount.all)
                return nil
            }
            group.addTask {
                await load.run()
                return nil
            }
            defer { group.cancelAll() }
            var faults: [InflictedFault] = []
            try await withThrowingTaskGroup(of: InflictedFault.self) { hostFaults in
                var plan = HostFaultPlan(seed: self.seed.part(3))
                while !load.isDone {
                    let step = plan.next()
                    try await Task.sleep(for: step.calm)
                    if case .natsKilled = step.fault {
                        faults.append(try await gateway.inflict(step))
                    } else {
                        // What lasts goes on beside what comes next.
                        hostFaults.addTask { try await gateway.inflict(step) }
                    }
                }
                for try await fault in hostFaults { faults.append(fault) }
            }
            return faults.sorted { $0.time.lowerBound < $1.time.lowerBound }
        }
    }
}
