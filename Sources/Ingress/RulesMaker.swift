import Logging
import NATSClient
import Settings

/// Makes the listener's rules from settings, at the start and on each reload; what they rest on stays the same.
struct RulesMaker: Sendable {
    private let connection: NATSConnection
    private let gate: StreamGate
    private let delivery: IngressDelivery
    private let warnings: WebhookWarnings
    private let logger: Logger

    init(connection: NATSConnection, gate: StreamGate, delivery: IngressDelivery, logger: Logger) {
        self.connection = connection
        self.gate = gate
        self.delivery = delivery
        self.warnings = WebhookWarnings(logger)
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
                ackTimeout: settings.ackTimeout, warnings: self.warnings, logger: self.logger),
            maxBodyBytes: settings.maxBodyBytes, maxInFlight: settings.maxInFlight)
    }
}
