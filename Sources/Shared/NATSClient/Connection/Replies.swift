import CNATS
import Daemon
import Glibc

/// Sees every message as it is read: keeps the replies, and counts the others, which their subscriptions get.
final class Replies {
    private let connection: OpaquePointer
    private let inbox: ReplyInbox
    private let prefix: [CChar]
    private var subscription: OpaquePointer?
    private var kept: [OpaquePointer] = []
    /// Messages that say that nobody answers a request of another inbox.
    private var unanswered: [OpaquePointer] = []
    private var others = 0

    /// Has the connection show its messages, until `destroy`.
    init(to inbox: ReplyInbox, on connection: OpaquePointer) {
        self.connection = connection
        self.inbox = inbox
        self.prefix = inbox.prefix.utf8.map { CChar(bitPattern: $0) }
        natsConn_setFilterWithClosure(
            connection,
            { _, message, replies in
                guard let message, let replies else { return }
                Unmanaged<Replies>.fromOpaque(replies).takeUnretainedValue().look(at: &message.pointee)
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    /// Subscribes to the replies.
    func subscribe() -> NATSError? {
        NATSError(
            natsConnection_SubscribeSync(&self.subscription, self.connection, self.inbox.prefix + "*"),
            "subscribe to replies")
    }

    /// How many messages have gone to their subscriptions since this was asked last.
    func takeOthers() -> Int {
        defer { self.others = 0 }
        return self.others
    }

    /// Delivers the replies, in the order in which they came.
    ///
    /// - Parameter owner: who subscribes to the subject of an answer to somebody else's request.
    func deliver(beating pulse: CallPulse, owner: (String) -> NATSSubscription?) {
        for message in self.kept {
            pulse.during { self.inbox.received(ReceivedMessage(pointer: message)) }
            natsMsg_Destroy(message)
        }
        self.kept.removeAll(keepingCapacity: true)
        for message in self.unanswered {
            let subject = natsMsg_GetSubject(message).map { String(cString: $0) } ?? ""
            if let owner = owner(subject) { pulse.during { owner.deliver(ReceivedMessage(pointer: message)) } }
            natsMsg_Destroy(message)
        }
        self.unanswered.removeAll()
    }

    /// Once the connection has been closed.
    func destroy() {
        if let subscription = self.subscription { natsSubscription_Destroy(subscription) }
        self.subscription = nil
    }

    /// Called by the client library in the midst of a read.
    private func look(at message: inout OpaquePointer?) {
        guard let pointer = message, let subject = natsMsg_GetSubject(pointer) else { return }
        if strncmp(subject, self.prefix, self.prefix.count) == 0 {
            self.kept.append(pointer)
            message = nil
        } else if natsMsg_IsNoResponders(pointer) {
            self.unanswered.append(pointer)
            message = nil
        } else {
            self.others += 1
        }
    }
}
