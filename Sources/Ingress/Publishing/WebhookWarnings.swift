import Addressing
import Logging
import NATSClient
import Synchronization

/// What an operator should know of webhooks, each thing once a minute.
final class WebhookWarnings: Sendable {
    /// More different things than this are not told apart until the minute is over.
    private static let limit = 1000

    private struct State {
        var minute = ContinuousClock.now
        var told: Set<String> = []
    }

    private let logger: Logger
    private let state = Mutex(State())

    init(_ logger: Logger) {
        self.logger = logger
    }

    func look(at events: WebhookEvents) {
        for id in events.unroutedPhoneNumberIDs where self.isNew("number \(id)") {
            self.logger.warning(
                """
                a webhook for a phone number ID that no account has, whose changes go to \(EventSubject.unrouted); \
                name it in a WA_<NAME>, or take the number out of the app
                """,
                metadata: ["phone_number_id": "\(id)"])
        }
        if let object = events.foreignObject, self.isNew("object \(object)") {
            self.logger.warning(
                "a webhook of another product is passed over; end its subscription in Meta's App Dashboard",
                metadata: ["object": "\(object)"])
        }
        for (account, count) in events.omittedCopies where self.isNew("omitted \(account)") {
            self.logger.warning(
                """
                changes too large for a NATS message have no in.webhook copy, only their events; to have it, raise \
                max_payload in the NATS server's configuration
                """,
                metadata: ["account": "\(account)", "count": "\(count)"])
        }
    }

    func notStored(_ error: NATSError) {
        guard self.isNew("store \(error.code) \(error.jetStreamCode ?? 0)") else { return }
        self.logger.warning(
            "webhooks are answered 503, since NATS does not take them; see to nats-server and the stream's limits",
            metadata: ["error": "\(error)"])
    }

    private func isNew(_ thing: String) -> Bool {
        self.state.withLock { state in
            if ContinuousClock.now - state.minute > .seconds(60) {
                state = State()
            }
            guard state.told.count < Self.limit else { return false }
            return state.told.insert(thing).inserted
        }
    }
}
