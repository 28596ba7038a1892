import CNATS
import Daemon

/// The subscriptions of one connection, which are asked for their messages after each read; the link's thread's alone.
final class Subscriptions {
    private let connection: OpaquePointer
    private let replies: Replies
    private let pulse: CallPulse
    /// Where messages came last is at the front, where they are looked for first.
    private var seats: [Seat] = []
    /// Drained, but the client library is not done with them.
    private var leaving: [Seat] = []

    /// - Parameter pulse: is told of each message's handler.
    init(_ connection: OpaquePointer, inbox: ReplyInbox, pulse: CallPulse) {
        self.connection = connection
        self.replies = Replies(to: inbox, on: connection)
        self.pulse = pulse
    }

    /// Subscribes to the replies, and to all that is subscribed to.
    func begin(with subscriptions: [NATSSubscription]) -> NATSError? {
        if let error = self.replies.subscribe() { return error }
        for subscription in subscriptions {
            if let error = self.add(subscription) { return error }
        }
        return nil
    }

    func add(_ subscription: NATSSubscription) -> NATSError? {
        var pointer: OpaquePointer?
        let status =
            if let queueGroup = subscription.queueGroup {
                natsConnection_QueueSubscribeSync(&pointer, self.connection, subscription.subject, queueGroup)
            } else {
                natsConnection_SubscribeSync(&pointer, self.connection, subscription.subject)
            }
        guard let pointer, status == NATS_OK else { return NATSError(status, "subscribe to \(subscription.subject)") }
        // One read brings less than this; a message dropped here would be dropped in silence.
        natsSubscription_SetPendingLimits(pointer, 1_000_000, 256 * 1024 * 1024)
        self.seats.append(Seat(subscription: subscription, pointer: pointer))
        return nil
    }

    /// Delivers what a read has brought, replies last: what else came before a reply is delivered before it.
    func deliver() {
        var missing = self.replies.takeOthers()
        var index = 0
        while missing > 0, index < self.seats.count {
            let delivered = self.seats[index].deliver(beating: self.pulse)
            if delivered > 0, index > 0 { self.seats.swapAt(index, 0) }
            missing -= delivered
            index += 1
        }
        self.replies.deliver(beating: self.pulse) { subject in
            self.seats.first { $0.receives(subject) }?.subscription
        }
    }

    // MARK: The end of one

    /// Tells the server that a subscription ends; answers false where there is none.
    func drain(_ subscription: NATSSubscription) -> Bool {
        self.sweep()
        guard let seat = self.seats.first(where: { $0.subscription === subscription }) else { return false }
        return natsSubscription_Drain(seat.pointer) == NATS_OK
    }

    /// All of it has been delivered.
    func drained(_ subscription: NATSSubscription) {
        guard let index = self.seats.firstIndex(where: { $0.subscription === subscription }) else { return }
        self.leaving.append(self.seats.remove(at: index))
        self.sweep()
    }

    /// Forgets those that the client library is done with.
    private func sweep() {
        self.leaving.removeAll { $0.left() }
    }

    /// Forgets all, once the connection has been closed.
    func destroy() {
        for seat in self.seats + self.leaving {
            natsSubscription_Destroy(seat.pointer)
        }
        self.seats = []
        self.leaving = []
        self.replies.destroy()
    }
}

/// One subscription on one connection.
private struct Seat {
    let subscription: NATSSubscription
    let pointer: OpaquePointer

    /// Delivers what waits; answers how many messages that were.
    func deliver(beating pulse: CallPulse) -> Int {
        var pending: Int32 = 0
        guard natsSubscription_GetPending(self.pointer, &pending, nil) == NATS_OK else { return 0 }
        for _ in 0..<pending {
            var message: OpaquePointer?
            let status = natsSubscription_NextMsg(&message, self.pointer, 0)
            guard let message, status == NATS_OK else { break }
            pulse.during { self.subscription.deliver(ReceivedMessage(pointer: message)) }
            natsMsg_Destroy(message)
        }
        return Int(pending)
    }

    /// Whether a subject is `prefix.*` of this one: those of answers are.
    func receives(_ subject: String) -> Bool {
        self.subscription.subject.hasSuffix(".*") && subject.hasPrefix(self.subscription.subject.dropLast())
    }

    /// Whether the client library is done with it, and it is gone; before, the library would lose it.
    func left() -> Bool {
        // Where nothing is left this takes the drained subscription from the connection.
        var message: OpaquePointer?
        natsSubscription_NextMsg(&message, self.pointer, 1)
        natsMsg_Destroy(message)
        guard !natsSubscription_IsValid(self.pointer) else { return false }
        natsSubscription_Destroy(self.pointer)
        return true
    }
}
