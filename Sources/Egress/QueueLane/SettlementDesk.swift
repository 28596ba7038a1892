import Addressing
import Daemon
import Logging
import NATSClient
import Synchronization

/// Settles jobs that have ended: keeps the dead letter, tells the event, acks, in this order, until each is done.
struct SettlementDesk: Sendable {
    /// How long a dead letter is still to be stored after the tenure is over.
    private static let lettersAfterTenure = Duration.seconds(3)
    /// How long a job that has ended is still acked after the tenure is over, so that nobody has to doubt it.
    private static let acksAfterTenure = Duration.seconds(10)

    private let account: AccountName
    private let tenure: Tenure
    private let services: QueueServices
    private let metrics: AccountMetrics

    init(of account: AccountName, tenure: Tenure, services: QueueServices, metrics: AccountMetrics) {
        self.account = account
        self.tenure = tenure
        self.services = services
        self.metrics = metrics
    }

    /// Returns when the job is settled, or when that can no longer be this worker's affair.
    ///
    /// - Parameter ack: where it is acked: asked each time, since another delivery changes it.
    /// - Returns: whether it is certainly acked.
    func settle(_ settlement: Settlement, ack: () -> AckSubject) async -> Bool {
        if let letter = settlement.deadLetter(of: self.account) {
            guard await self.keep(letter) else {
                if letter.reason != .unknownOutcome { await settlement.escort?.unsent(attempts: settlement.attempts) }
                return false
            }
        }
        self.tell(settlement)
        guard await self.acknowledge(ack) else { return false }
        // Not before: a job that is not acked comes again, and is settled again.
        self.metrics.settled(settlement)
        settlement.escort?.freeSlots()
        self.services.logger.ended(settlement)
        return true
    }

    /// Acks a job that was settled before and has come again; one that is not acked comes once more.
    func settleAgain(_ job: Job) async {
        do throws(NATSError) {
            try await self.services.connection.acknowledge(job.delivery.ack, timeout: .seconds(2))
        } catch {
            self.services.complaints.note(error)
        }
    }

    private func tell(_ settlement: Settlement) {
        let headers = settlement.headers
        if let event = settlement.sentEvent { self.services.events.publish(event, headers: headers) }
        if let event = settlement.errorEvent { self.services.events.publish(event, headers: headers) }
    }

    /// Stores a dead letter; answers false where the tenure ends before it is stored.
    private func keep(_ letter: DeadLetter) async -> Bool {
        let connection = self.services.connection
        return await self.untilDone(within: Self.lettersAfterTenure) { () throws(NATSError) in
            let message = letter.message(atMost: connection.maximumPayload)
            _ = try await connection.store([message], timeout: .seconds(2))[0].get()
        }
    }

    private func acknowledge(_ ack: () -> AckSubject) async -> Bool {
        let connection = self.services.connection
        return await self.untilDone(within: Self.acksAfterTenure) { () throws(NATSError) in
            try await connection.acknowledge(ack(), timeout: .seconds(2))
        }
    }

    /// Does something with NATS until it works; gives up once the tenure has been over for some time.
    private func untilDone(
        within time: Duration, _ work: () async throws(NATSError) -> Void
    ) async -> Bool {
        var backoff = Backoff(first: .milliseconds(100), longest: .seconds(5))
        var random = SystemRandomNumberGenerator()
        var over: ContinuousClock.Instant?
        while true {
            do throws(NATSError) {
                try await work()
                return true
            } catch {
                self.services.complaints.note(error)
            }
            if self.tenure.isOver {
                let since = over ?? .now
                over = since
                if since + time < .now { return false }
            }
            try? await Task.sleep(for: backoff.next(using: &random))
        }
    }
}
