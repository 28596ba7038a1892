import Logging
import Synchronization

/// What all connections of a listener share.
final class ListenerResources: Sendable {
    let configuration: ListenerConfiguration
    let requestAnswered: @Sendable (RequestOutcome) -> Void
    let logger: Logger

    let inFlight = InFlightLimit()
    let bodies: ByteBudget
    /// Open connections of all event loops.
    let connections = Atomic(0)
    let refusedSignatures: RefusalLog
    let refusedVerifications: RefusalLog

    init(
        configuration: ListenerConfiguration, maxBodyBytes: Int, logger: Logger,
        requestAnswered: @escaping @Sendable (RequestOutcome) -> Void
    ) {
        self.configuration = configuration
        self.requestAnswered = requestAnswered
        self.logger = logger
        self.bodies = ByteBudget(capacity: max(configuration.maxHeldBytes, maxBodyBytes))
        self.refusedSignatures = RefusalLog(
            "webhooks refused: signature missing, malformed or wrong; if they are Meta's, set APP_SECRET to the app's",
            logger: logger)
        self.refusedVerifications = RefusalLog(
            "verifications refused: not our verify token; if they are Meta's, enter WEBHOOK_VERIFY_TOKEN there",
            logger: logger)
    }
}
