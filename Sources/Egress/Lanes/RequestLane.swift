import Addressing
import NATSClient
import NATSService
import TraceContext

/// The request lane of one account: takes requests from its queue group, has them sent, and answers.
final class RequestLane: Sendable {
    /// Workers of one account share its requests through this queue group.
    static let queueGroup = "whatsapp-egress"

    private let connection: NATSConnection
    private let intake: RequestIntake
    private let keyed: AsyncStream<KeyedRequest>
    private let subscription: NATSSubscription

    /// Subscribes; requests are taken from now on.
    ///
    /// - Parameters:
    ///   - callTime: how long a call may take once its writing has begun.
    ///   - maximumKeyed: how many requests with an idempotency key may be under way.
    init(
        _ sender: AccountSender, connection: NATSConnection, events: EventPublisher, idempotency: IdempotencyStore,
        callTime: Duration, maximumKeyed: Int, tally: EndpointTally, traces: Traces
    ) {
        self.connection = connection
        let (keyed, feed) = AsyncStream.makeStream(of: KeyedRequest.self)
        self.keyed = keyed
        let intake = RequestIntake(
            sender: sender, connection: connection, events: events, idempotency: idempotency, callTime: callTime,
            keyed: feed, keyedCount: BoundedCount(limit: maximumKeyed), tally: tally, traces: traces)
        self.intake = intake
        let subject = OutboundSubjects(of: sender.account.name).requests
        self.subscription = connection.subscribe(subject, queueGroup: Self.queueGroup) { intake.receive($0) }
    }

    /// Attends to requests with an idempotency key until none is taken any more and the last has been answered; those
    /// without are attended to by themselves.
    func run() async {
        await withDiscardingTaskGroup { group in
            for await request in self.keyed {
                group.addTask { await self.intake.attend(request) }
            }
        }
    }

    /// Takes no new requests, and returns when those that have come are taken, at `deadline` the latest.
    func stop(by deadline: ContinuousClock.Instant) async {
        await self.connection.drain(self.subscription, by: deadline)
        self.intake.keyed.finish()
    }
}
