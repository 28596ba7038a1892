import CNATS
import Daemon
import Synchronization

/// One connection of the client library, from connect to close; touched by the link's thread alone.
final class LinkSession {
    /// One subscription on one connection: what the client library calls back with.
    final class Seat: Sendable {
        let subscription: NATSSubscription
        let isDraining = Atomic<Bool>(false)
        private let link: Link

        init(_ subscription: NATSSubscription, _ link: Link) {
            self.subscription = subscription
            self.link = link
        }

        var deliveries: CallPulse { self.link.deliveries }

        func completed() {
            self.link.mailbox.post(.subscriptionEnded(self))
        }
    }

    private let link: Link
    private let connection: OpaquePointer
    private var seats: [(seat: Seat, pointer: OpaquePointer)] = []

    private init(_ link: Link, _ connection: OpaquePointer) {
        self.link = link
        self.connection = connection
    }

    /// Connects and subscribes; answers once the server has taken the connection, or an error within a few seconds.
    static func open(_ link: Link, subscriptions: [NATSSubscription]) -> Result<LinkSession, NATSError> {
        var options: OpaquePointer?
        if let error = NATSError(natsOptions_Create(&options), "NATS options") { return .failure(error) }
        defer { natsOptions_Destroy(options) }
        guard let options else { return .failure(NATSError(.disconnected, "NATS options")) }
        if let error = link.options.apply(to: options, of: link) { return .failure(error) }

        var connection: OpaquePointer?
        if let error = NATSError(natsConnection_Connect(&connection, options), "connect") { return .failure(error) }
        guard let connection else { return .failure(NATSError(.disconnected, "connect")) }
        let session = LinkSession(link, connection)
        link.maximumPayload.store(session.maximumPayload, ordering: .releasing)

        let inbox = NATSSubscription(subject: link.inbox.prefix + "*", queueGroup: nil) { [inbox = link.inbox] in
            inbox.received($0)
        }
        for subscription in [inbox] + subscriptions {
            if let error = session.subscribe(subscription) {
                session.close()
                return .failure(error)
            }
        }
        return .success(session)
    }

    var isConnected: Bool { natsConnection_Status(self.connection) == NATS_CONN_STATUS_CONNECTED }

    var maximumPayload: Int { Int(natsConnection_GetMaxPayload(self.connection)) }

    func publish(_ message: OutgoingMessage, reply: String?) -> NATSError? {
        var pointer: OpaquePointer?
        let status = message.payload.withUnsafeBytes { bytes in
            natsMsg_Create(
                &pointer, message.subject, reply, bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
                Int32(bytes.count))
        }
        if let error = NATSError(status, "message to \(message.subject)") { return error }
        defer { natsMsg_Destroy(pointer) }
        for header in message.headers {
            if let error = NATSError(natsMsgHeader_Add(pointer, header.name, header.value), "header \(header.name)") {
                return error
            }
        }
        return NATSError(natsConnection_PublishMsg(self.connection, pointer), "publish to \(message.subject)")
    }

    func subscribe(_ subscription: NATSSubscription) -> NATSError? {
        let seat = Seat(subscription, self.link)
        let context = Unmanaged.passRetained(seat)
        let handler: natsMsgHandler = { _, _, message, context in
            guard let message, let context else { return }
            let seat = Unmanaged<Seat>.fromOpaque(context).takeUnretainedValue()
            seat.deliveries.during { seat.subscription.deliver(ReceivedMessage(pointer: message)) }
            natsMsg_Destroy(message)
        }
        var pointer: OpaquePointer?
        let status =
            if let queueGroup = subscription.queueGroup {
                natsConnection_QueueSubscribe(
                    &pointer, self.connection, subscription.subject, queueGroup, handler, context.toOpaque())
            } else {
                natsConnection_Subscribe(&pointer, self.connection, subscription.subject, handler, context.toOpaque())
            }
        guard let pointer, status == NATS_OK else {
            context.release()
            return NATSError(status, "subscribe to \(subscription.subject)")
        }
        // What is delivered is bounded where it is worked on; a message dropped here would be dropped in silence.
        natsSubscription_SetPendingLimits(pointer, 1_000_000, 256 * 1024 * 1024)
        natsSubscription_SetOnCompleteCB(
            pointer,
            { context in
                guard let context else { return }
                Unmanaged<Seat>.fromOpaque(context).takeRetainedValue().completed()
            }, context.toOpaque())
        self.seats.append((seat, pointer))
        return nil
    }

    /// Starts the drain of a subscription; answers false where there is nothing to wait for.
    func drain(_ subscription: NATSSubscription) -> Bool {
        guard let (seat, pointer) = self.seats.first(where: { $0.seat.subscription === subscription }) else {
            return false
        }
        seat.isDraining.store(true, ordering: .releasing)
        return natsSubscription_Drain(pointer) == NATS_OK
    }

    /// The client library is done with a subscription: only now may it be destroyed (before, 3.4.1 crashes).
    func ended(_ seat: Seat) {
        guard let index = self.seats.firstIndex(where: { $0.seat === seat }) else { return }
        natsSubscription_Destroy(self.seats.remove(at: index).pointer)
        if seat.isDraining.load(ordering: .acquiring) {
            seat.subscription.ended()
        }
    }

    /// The client library has given the connection up (two refused log-ins in a row do that): let go of it.
    func abandon() {
        self.settleSubscriptions()
        natsConnection_Destroy(self.connection)
    }

    /// Writes what is buffered and waits until the server has it, within a limit.
    func flush(milliseconds: Int) {
        _ = natsConnection_FlushTimeout(self.connection, Int64(max(1, milliseconds)))
    }

    /// Closes, and returns when the client library has let go of everything.
    func close() {
        natsConnection_Close(self.connection)
        self.settleSubscriptions(awaitingClose: true)
        natsConnection_Destroy(self.connection)
    }

    /// Waits until the client library has let go of every subscription, and of the connection if it is being closed.
    private func settleSubscriptions(awaitingClose: Bool = false) {
        let deadline = ContinuousClock.now + .seconds(5)
        var awaitsClose = awaitingClose
        var later: [Link.Command] = []
        while !self.seats.isEmpty || awaitsClose, ContinuousClock.now < deadline {
            for command in self.link.mailbox.take(waitingAtMost: .milliseconds(100)) {
                switch command {
                case .subscriptionEnded(let seat): self.ended(seat)
                case .connectionClosed: awaitsClose = false
                default: later.append(command)
                }
            }
        }
        self.link.mailbox.putBack(later)
    }
}
