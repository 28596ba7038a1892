import Addressing
import CoreMetrics
import Logging
import NATSClient
import Settings
import TraceContext

/// Makes the listener's rules from settings, at the start and on each reload; what they rest on stays the same.
struct RulesMaker: Sendable {
    private let connection: NATSConnection
    private let gate: StreamGate
    private let delivery: IngressDelivery
    private let warnings: WebhookWarnings
    private let metrics: any MetricsFactory
    private let traces = Traces.ofProcess
    private let logger: Logger

    init(
        connection: NATSConnection, gate: StreamGate, delivery: IngressDelivery, metrics: any MetricsFactory,
        logger: Logger
    ) {
        self.connection = connection
        self.gate = gate
        self.delivery = delivery
        self.warnings = WebhookWarnings(logger)
        self.metrics = metrics
        self.logger = logger
    }

    func rules(by settings: IngressSettings) -> WebhookRules {
        if settings.acceptsUnsigned {
            self.logger.warning(
                "INGRESS_ALLOW_UNSIGNED=true: webhooks are taken from anyone; set APP_SECRET in its place")
        }
        return WebhookRules(
            signature: settings.acceptsUnsigned ? .unsigned : SignatureCheck(secrets: settings.appSecrets),
            challenge: VerificationChallenge(verifyToken: settings.verifyToken),
            receiver: WebhookPublisher(
                connection: self.connection, accounts: settings.accounts, gate: self.gate, delivery: self.delivery,
                ackTimeout: settings.ackTimeout, warnings: self.warnings,
                metrics: EventMetrics(settings.accounts.map(\.name), in: self.metrics), traces: self.traces,
                logger: self.logger),
            maxBodyBytes: settings.maxBodyBytes, maxInFlight: settings.maxInFlight)
    }
}
