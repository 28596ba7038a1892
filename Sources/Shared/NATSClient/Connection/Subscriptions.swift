import CNATS
import Daemon

/// The subscriptions of one connection, which are asked for their messages after each read.
struct Subscriptions {
    private struct Seat {
        let subscription: NATSSubscription
        let pointer: OpaquePointer

        /// How many messages wait.
        var pending: Int {
            var count: Int32 = 0
            return natsSubscription_GetPending(self.pointer, &count, nil) == NATS_OK ? Int(count) : 0
        }

        func deliver(_ count: Int, beating pulse: CallPulse) {
            for _ in 0..<count {
                var message: OpaquePointer?
                let status = natsSubscription_NextMsg(&message, self.pointer, 0)
                guard let message, status == NATS_OK else { return }
                pulse.during { self.subscription.deliver(ReceivedMessage(pointer: message)) }
                natsMsg_Destroy(message)
            }
        }
    }

    private let connection: OpaquePointer
    /// Those of replies: what else came before a reply is delivered before it.
    private var replies: Seat?
    /// Where messages came last is at the front, where they are looked for first.
    private var seats: [Seat] = []
    /// Drained, but the client library is not done with them.
    private var leaving: [Seat] = []
    /// How many messages the connection had received when it was last looked.
    private var received: UInt64 = 0

    init(_ connection: OpaquePointer) {
        self.connection = connection
    }

    /// Subscribes; the first is that of replies.
    mutating func add(_ subscription: NATSSubscription) -> NATSError? {
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
        let seat = Seat(subscription: subscription, pointer: pointer)
        if self.replies == nil {
            self.replies = seat
        } else {
            self.seats.append(seat)
        }
        return nil
    }

    /// Delivers what has come, replies last.
    ///
    /// - Parameter received: how many messages the connection has received in all.
    mutating func deliver(upTo received: UInt64, beating pulse: CallPulse) {
        let replies = self.replies?.pending ?? 0
        var missing = Int(received &- self.received) - replies
        self.received = received
        var index = 0
        while missing > 0, index < self.seats.count {
            let seat = self.seats[index]
            let pending = seat.pending
            if pending > 0 {
                seat.deliver(pending, beating: pulse)
                missing -= pending
                if index > 0 { self.seats.swapAt(index, 0) }
            }
            index += 1
        }
        self.replies?.deliver(replies, beating: pulse)
    }

    // MARK: The end of one

    /// Tells the server that a subscription ends; answers false where there is none.
    mutating func drain(_ subscription: NATSSubscription) -> Bool {
        guard let seat = self.seats.first(where: { $0.subscription === subscription }) else { return false }
        self.sweep()
        return natsSubscription_Drain(seat.pointer) == NATS_OK
    }

    /// All of it has been delivered.
    mutating func drained(_ subscription: NATSSubscription) {
        guard let index = self.seats.firstIndex(where: { $0.subscription === subscription }) else { return }
        self.leaving.append(self.seats.remove(at: index))
        self.sweep()
    }

    /// What drained need not be waited for: the next connection does not know it.
    mutating func connectionBroke() {
        self.sweep()
    }

    /// Forgets those that the client library is done with: before, it must not lose them.
    private mutating func sweep() {
        self.leaving.removeAll { seat in
            var message: OpaquePointer?
            natsSubscription_NextMsg(&message, seat.pointer, 1)
            guard !natsSubscription_IsValid(seat.pointer) else { return false }
            natsSubscription_Destroy(seat.pointer)
            return true
        }
    }

    /// Forgets all, once the connection has been closed.
    mutating func destroy() {
        for seat in [self.replies].compactMap(\.self) + self.seats + self.leaving {
            natsSubscription_Destroy(seat.pointer)
        }
        self.replies = nil
        self.seats = []
        self.leaving = []
    }
}
