import Admin
import Daemon
import Logging
import NATSClient
import NATSService
import Prometheus
import Settings

/// Puts the ingress together: a listener for Meta, a publisher behind it, one connection to NATS.
struct IngressAssembly {
    private let settings: IngressSettings
    /// A listening socket that was open before this process was.
    private let passedSocket: Int32?
    private let notifier: Notifier
    private let reloads: IngressReloads
    private let metrics: PrometheusRegistry
    private let logger: Logger

    init(
        _ settings: IngressSettings, passedSocket: Int32?, notifier: Notifier, reloads: IngressReloads,
        metrics: PrometheusRegistry, logger: Logger
    ) {
        self.settings = settings
        self.passedSocket = passedSocket
        self.notifier = notifier
        self.reloads = reloads
        self.metrics = metrics
        self.logger = logger
    }

    /// Serves until told to stop, then drains.
    ///
    /// - Throws: `ProcessFailure` (69) when the address cannot be listened on.
    func run(until termination: Termination) async throws -> ExitStatus {
        let watchdog = Watchdog(notifier: self.notifier, logger: self.logger)
        return try await watchdog.guarding { try await self.serve(until: termination, watchedBy: watchdog) }
    }

    private func serve(until termination: Termination, watchedBy watchdog: Watchdog) async throws -> ExitStatus {
        let connection = NATSConnection(
            // A webhook is refused while NATS is away, so nothing of it may be kept for later.
            NATSOptions(
                self.settings.nats, clientName: "whatsapp-ingress", writesAtOnce: false, reconnectBufferBytes: 1),
            logger: self.logger)
        let gate = StreamGate(
            connection: connection, delivery: self.settings.delivery, streams: self.settings.streams,
            logger: self.logger)
        watchdog.watch(connection.workingLoops)
        if self.passedSocket != nil { await self.awaitOpening(of: gate, connection, until: termination) }
        let rules = RulesMaker(
            connection: connection, gate: gate, delivery: self.settings.delivery, metrics: self.metrics,
            logger: self.logger)
        self.metrics.collect { values in
            values.setNATS(
                isConnected: connection.isConnected, reconnects: connection.reconnects, dropped: connection.dropped)
        }
        let discovery = IngressService()
        let answered = RequestMetrics(in: self.metrics)
        let listener = try await self.listener(rules.rules(by: self.settings)) { outcome in
            answered.answered(outcome)
            discovery.note(outcome)
        }
        self.metrics.collect { $0.set(MetricFamilies.ingressInFlight, to: Double(listener.inFlight)) }
        watchdog.watch(listener.workingLoops)
        let readiness = ReadinessLoop(notifier: self.notifier) {
            let listening = ReadinessCheck("listener", listener.isListening ? .holds : .fails("it accepts no more"))
            return ReadinessReport([listening] + (await gate.check()), service: "taking webhooks")
        }
        let admin = await AdminServer.start(
            at: self.settings.admin, setting: Variables.ingressAdmin.name,
            showing: AdminPages(readiness: { readiness.report }, pages: [.metrics(self.metrics.text)]),
            logger: self.logger)
        async let _: Void? = admin?.run()
        await withDiscardingTaskGroup { group in
            group.addTask { await readiness.run() }
            group.addTask { await discovery.run(over: connection, logger: self.logger) }
            group.addTask { await self.followReloads(of: listener, rules, readiness) }
            await termination.requested()
            readiness.beginDrain()
            // A check may be waiting for NATS: nothing waits for it, and the end of the connection ends it.
            group.cancelAll()
            self.notifier.stopping("draining")
            async let _: Void = self.notifier.keepExtendingTimeout()
            await listener.drain(within: self.settings.drain - .seconds(1))
            await connection.close()
        }
        await admin?.close()
        self.notifier.flush(within: .seconds(1))
        return .success
    }

    /// Gives NATS a second to take the connection: until then what waits at a passed socket would be answered 503, and a
    /// restart would be seen.
    private func awaitOpening(of gate: StreamGate, _ connection: NATSConnection, until termination: Termination) async {
        let isConnected = await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                do {
                    try await connection.connected()
                    return true
                } catch {
                    return false
                }
            }
            group.addTask {
                try? await Task.sleep(for: .seconds(1))
                return false
            }
            group.addTask {
                await termination.requested()
                return false
            }
            defer { group.cancelAll() }
            return await group.next() ?? false
        }
        if isConnected { _ = await gate.check() }
    }

    private func listener(
        _ rules: WebhookRules, requestAnswered: @escaping @Sendable (RequestOutcome) -> Void
    ) async throws -> Listener {
        let address = self.passedSocket.map { ListenerConfiguration.Address.descriptor($0) }
        let configuration = ListenerConfiguration(
            address: address ?? .hostAndPort(self.settings.host, self.settings.port))
        let listener: Listener
        do {
            listener = try await Listener.start(
                configuration, rules: rules, logger: self.logger, requestAnswered: requestAnswered)
        } catch {
            throw ProcessFailure(.unavailable, "\(error)")
        }
        self.logger.notice(
            self.passedSocket == nil ? "listening" : "listening on a socket that was passed on",
            metadata: ["host": "\(self.settings.host)", "port": "\(listener.port ?? 0)"])
        if self.passedSocket != nil, let port = listener.port, port != self.settings.port {
            self.logger.warning(
                "PORT differs from the passed socket's, which is used; make them one",
                metadata: ["configured": "\(self.settings.port)", "port": "\(port)"])
        }
        return listener
    }

    // MARK: Reloading

    /// Takes over what each reload brings; a configuration that is wrong changes nothing.
    private func followReloads(of listener: Listener, _ rules: RulesMaker, _ readiness: ReadinessLoop) async {
        for await reading in self.reloads.readings {
            switch reading {
            case .success(let settings):
                await listener.adopt(rules.rules(by: settings))
                self.tell(of: settings)
            case .failure(let error):
                for problem in error.problems {
                    self.logger.error("reload refused: \(problem); correct it, and reload again")
                }
                self.logger.error(
                    "the configuration is refused, and nothing has changed; correct it, and reload again",
                    metadata: ["problems": "\(error.problems.count)"])
            }
            self.notifier.reloaded(readiness.report.status)
        }
    }

    private func tell(of settings: IngressSettings) {
        self.logger.notice("the configuration is reloaded", metadata: ["accounts": "\(settings.accounts.count)"])
        let unchanged = settings.onlyAtStart(differingFrom: self.settings)
        guard !unchanged.isEmpty else { return }
        self.logger.warning(
            "variables have changed that only a restart takes over; restart the ingress when it suits",
            metadata: ["variables": "\(unchanged.joined(separator: ", "))"])
    }
}
