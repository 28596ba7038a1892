import Admin
import Daemon
import Logging
import NATSClient
import Settings

/// Puts the ingress together: a listener for Meta, a publisher behind it, one connection to NATS.
struct IngressAssembly {
    private let settings: IngressSettings
    /// A listening socket that was open before this process was.
    private let passedSocket: Int32?
    private let logger: Logger

    init(_ settings: IngressSettings, passedSocket: Int32?, logger: Logger) {
        self.settings = settings
        self.passedSocket = passedSocket
        self.logger = logger
    }

    /// Serves until told to stop, then drains.
    ///
    /// - Throws: `ProcessFailure` (69) when the address cannot be listened on.
    func run(until termination: Termination) async throws -> ExitStatus {
        if self.settings.acceptsUnsigned {
            self.logger.warning("INGRESS_ALLOW_UNSIGNED=true: webhooks are taken from anyone")
        }
        let notifier = Notifier()
        let connection = NATSConnection(
            // A webhook is refused while NATS is away, so nothing of it may be kept for later.
            NATSOptions(
                self.settings.nats, clientName: "whatsapp-ingress", writesAtOnce: false, reconnectBufferBytes: 1),
            logger: self.logger)
        let gate = StreamGate(
            connection: connection, delivery: self.settings.delivery, streams: self.settings.streams,
            logger: self.logger)
        if self.passedSocket != nil { await self.awaitOpening(of: gate, connection) }
        let listener = try await self.listener(connection, gate)
        self.logger.notice(
            self.passedSocket == nil ? "listening" : "listening on a socket that was passed on",
            metadata: ["host": "\(self.settings.host)", "port": "\(listener.port ?? 0)"])
        if self.passedSocket != nil, let port = listener.port, port != self.settings.port {
            self.logger.warning(
                "PORT differs from the passed socket's, which is used",
                metadata: ["PORT": "\(self.settings.port)", "socket": "\(port)"])
        }
        let readiness = ReadinessLoop(notifier: notifier) {
            let listening = ReadinessCheck("listener", listener.isListening ? .holds : .fails("it accepts no more"))
            return ReadinessReport([listening] + (await gate.check()), service: "taking webhooks")
        }
        let admin = await AdminServer.start(
            at: self.settings.admin, setting: Variables.ingressAdmin.name,
            showing: AdminPages(readiness: { readiness.report }), logger: self.logger)
        await withDiscardingTaskGroup { group in
            group.addTask { await readiness.run() }
            await termination.requested()
            readiness.beginDrain()
            // A check may be waiting for NATS: nothing waits for it, and the end of the connection ends it.
            group.cancelAll()
            notifier.stopping("draining")
            await listener.drain(within: self.settings.drain - .seconds(1))
            await connection.close()
        }
        await admin?.close()
        notifier.flush(within: .seconds(1))
        return .success
    }

    /// Gives NATS a second to take the connection: until then what waits at a passed socket would be answered 503, and a
    /// restart would be seen.
    private func awaitOpening(of gate: StreamGate, _ connection: NATSConnection) async {
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
            defer { group.cancelAll() }
            return await group.next() ?? false
        }
        if isConnected { _ = await gate.check() }
    }

    private func listener(_ connection: NATSConnection, _ gate: StreamGate) async throws -> Listener {
        let publisher = WebhookPublisher(
            connection: connection, accounts: self.settings.accounts, gate: gate, delivery: self.settings.delivery,
            ackTimeout: self.settings.ackTimeout, logger: self.logger)
        let address = self.passedSocket.map { ListenerConfiguration.Address.descriptor($0) }
        var configuration = ListenerConfiguration(
            address: address ?? .hostAndPort(self.settings.host, self.settings.port))
        configuration.maxBodyBytes = self.settings.maxBodyBytes
        configuration.maxInFlight = self.settings.maxInFlight
        do {
            return try await Listener.start(
                configuration,
                signature: self.settings.acceptsUnsigned
                    ? .unsigned : SignatureCheck(secrets: self.settings.appSecrets),
                challenge: VerificationChallenge(verifyToken: self.settings.verifyToken), receiver: publisher,
                logger: self.logger)
        } catch {
            throw ProcessFailure(.unavailable, "\(error)")
        }
    }
}
