import Addressing
import Admin
import Daemon
import Logging
import NATSClient
import NATSService
import Prometheus
import Settings
import TraceContext

/// Puts the egress together: one connection to NATS, one client of the Graph API, a sender and its lanes an account.
struct EgressAssembly {
    private let settings: EgressSettings
    private let metrics: PrometheusRegistry
    private let logger: Logger

    init(_ settings: EgressSettings, metrics: PrometheusRegistry, logger: Logger) {
        self.settings = settings
        self.metrics = metrics
        self.logger = logger
    }

    /// Serves until told to stop, then drains.
    func run(until termination: Termination) async throws -> ExitStatus {
        let notifier = Notifier()
        let watchdog = Watchdog(notifier: notifier, logger: self.logger)
        return try await watchdog.guarding {
            let endpoint = try self.endpoint()
            guard try await self.proveTokens(at: endpoint, notifier, until: termination) else { return .configuration }
            return try await self.serve(at: endpoint, notifier, until: termination, watchedBy: watchdog)
        }
    }

    private func serve(
        at endpoint: GraphEndpoint, _ notifier: Notifier, until termination: Termination, watchedBy watchdog: Watchdog
    ) async throws -> ExitStatus {
        let transport = try self.transport(to: endpoint)
        let connection = NATSConnection(
            // A reply is wanted at once, and is worth keeping over a short outage.
            NATSOptions(
                self.settings.nats, clientName: "whatsapp-egress", writesAtOnce: true,
                reconnectBufferBytes: 8 * 1024 * 1024),
            logger: self.logger)
        watchdog.watch([transport.workingLoop] + connection.workingLoops)
        let streams = QueueStreams(connection: connection, settings: self.settings.streams)
        let worker = WorkerID.onThisHost()
        let lanes = self.settings.accounts.map { account in
            AccountLanes(
                account, limits: self.limits(of: account), callTime: self.settings.graphTimeout,
                maximumHeld: self.settings.maxHeld, transport: transport, connection: connection, streams: streams,
                worker: worker, metrics: self.metrics, traces: .ofProcess, logger: self.logger)
        }
        let orphans = OrphanCount()
        self.collect(connection, lanes, orphans)
        let check = EgressReadiness(connection: connection, lanes: lanes, streams: streams, logger: self.logger)
        let readiness = ReadinessLoop(notifier: notifier, check: { await check.report() })
        let admin = await AdminServer.start(
            at: self.settings.admin, setting: Variables.egressAdmin.name,
            showing: AdminPages(readiness: { readiness.report }, pages: [.metrics(self.metrics.text)]),
            logger: self.logger)
        async let _: Void? = admin?.run()

        await withDiscardingTaskGroup { reporting in
            reporting.addTask { await readiness.run() }
            reporting.addTask { await self.discovery(of: lanes, over: connection).run() }
            reporting.addTask { await OrphanWatch(connection: connection, count: orphans, logger: self.logger).run() }
            await self.serve(lanes, transport, notifier, until: termination) {
                readiness.beginDrain()
                streams.stop()
                // A check may be waiting for NATS: nothing waits for it, and the end of the connection ends it.
                reporting.cancelAll()
            }
            await connection.close(flush: .seconds(1))
        }
        await admin?.close()
        notifier.flush(within: .seconds(1))
        return .success
    }

    /// Has read at each scrape what is known anyway.
    private func collect(_ connection: NATSConnection, _ lanes: [AccountLanes], _ orphans: OrphanCount) {
        self.metrics.collect { values in
            values.setNATS(
                isConnected: connection.isConnected, reconnects: connection.reconnects, dropped: connection.dropped)
            for lanes in lanes { lanes.read(into: &values) }
            orphans.read(into: &values, served: lanes.map(\.account.name))
        }
    }

    /// Serves until told to stop, then drains; returns when all that was taken is answered.
    private func serve(
        _ lanes: [AccountLanes], _ transport: CurlTransport, _ notifier: Notifier, until termination: Termination,
        stopping: () -> Void
    ) async {
        async let served: Void = withDiscardingTaskGroup { group in
            for lanes in lanes {
                group.addTask { await lanes.run() }
            }
        }
        await termination.requested()
        stopping()
        notifier.stopping("draining")
        async let _: Void = notifier.keepExtendingTimeout()
        let deadline = ContinuousClock.now + self.settings.drain - .seconds(1)
        async let _: Void = self.giveUp(lanes, transport, at: deadline)
        await withDiscardingTaskGroup { stops in
            for lanes in lanes {
                // A server that answers needs milliseconds for this; one that does not has no requests to give.
                stops.addTask { await lanes.stop(by: min(deadline, .now + .seconds(2))) }
            }
        }
        await served
    }

    /// Ends a drain that takes too long, unless it is cancelled before: while there is time to say so, what waits is
    /// answered as unsent, and what Graph has not answered as unknown.
    private func giveUp(
        _ lanes: [AccountLanes], _ transport: CurlTransport, at deadline: ContinuousClock.Instant
    ) async {
        try? await Task.sleep(until: deadline)
        guard !Task.isCancelled else { return }
        for lanes in lanes { lanes.giveUp() }
        await transport.shutdown()
    }

    /// Whether Graph takes the tokens that are to be proven; each that it does not is logged.
    private func proveTokens(
        at endpoint: GraphEndpoint, _ notifier: Notifier, until termination: Termination
    ) async throws -> Bool {
        let proof = TokenProof(accounts: self.settings.accountsToProve)
        guard !proof.accounts.isEmpty else { return true }
        notifier.notReady("asking Graph whether it takes the access tokens")
        let refusals = try await proof.refusals(at: endpoint, until: termination)
        for refusal in refusals {
            self.logger.critical(
                "\(refusal.message)",
                metadata: [
                    "account": "\(refusal.account)", "code": "\(refusal.failure.code)",
                    "error": "\(refusal.failure.message)",
                ])
        }
        return refusals.isEmpty
    }

    private func discovery(of lanes: [AccountLanes], over connection: NATSConnection) -> NATSService {
        NATSService(
            name: "whatsapp-egress", version: Version.text,
            description: "Sends WhatsApp messages: takes requests and jobs from NATS and calls Meta's Graph API",
            endpoints: lanes.map(\.endpoint), metadata: ServiceMetadata.ofProcess, connection: connection,
            logger: self.logger)
    }

    private func endpoint() throws(ProcessFailure) -> GraphEndpoint {
        guard let endpoint = GraphEndpoint(url: self.settings.graphURL, version: self.settings.apiVersion) else {
            throw ProcessFailure(.configuration, "GRAPH_URL, API_VERSION: make no address")
        }
        return endpoint
    }

    private func transport(to endpoint: GraphEndpoint) throws(CurlError) -> CurlTransport {
        let wanted = self.settings.maxInFlight * self.settings.accounts.count
        return try CurlTransport(
            endpoint: endpoint, version: Version.text, maxInFlight: DescriptorLimit.connections(wanted: wanted),
            timeout: self.settings.graphTimeout)
    }

    private func limits(of account: ServedAccount) -> SendLimits {
        SendLimits(
            inFlight: self.settings.maxInFlight, waitingRequests: self.settings.maxWaiting,
            ratePerSecond: Double(account.ratePerSecond), attempts: self.settings.maxAttempts)
    }
}
