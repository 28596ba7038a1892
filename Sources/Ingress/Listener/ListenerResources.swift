import Logging
import Synchronization

/// What all connections of a listener share.
final class ListenerResources: Sendable {
    let configuration: ListenerConfiguration
    let signature: SignatureCheck
    let challenge: VerificationChallenge
    let receiver: any WebhookReceiver
    let requestAnswered: @Sendable (RequestOutcome) -> Void

    let inFlight: InFlightLimit
    let bodies: ByteBudget
    /// Open connections of all event loops.
    let connections = Atomic(0)
    let refusedSignatures: RefusalLog
    let refusedVerifications: RefusalLog

    init(
        configuration: ListenerConfiguration, signature: SignatureCheck, challenge: VerificationChallenge,
        receiver: any WebhookReceiver, logger: Logger, requestAnswered: @escaping @Sendable (RequestOutcome) -> Void
    ) {
        self.configuration = configuration
        self.signature = signature
        self.challenge = challenge
        self.receiver = receiver
        self.requestAnswered = requestAnswered
        self.inFlight = InFlightLimit(configuration.maxInFlight)
        self.bodies = ByteBudget(capacity: max(configuration.maxHeldBytes, configuration.maxBodyBytes))
        self.refusedSignatures = RefusalLog("webhooks refused: signature missing, malformed or wrong", logger: logger)
        self.refusedVerifications = RefusalLog("verifications refused: not our verify token", logger: logger)
    }
}
