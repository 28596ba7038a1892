import Synchronization

/// What one subscription does with its messages; lives until it has been drained or the connection is closed.
package final class NATSSubscription: Sendable {
    package let subject: String
    package let queueGroup: String?
    /// Called on a thread of the client library, one message after another; must return quickly.
    let deliver: @Sendable (ReceivedMessage) -> Void
    /// Called on the link's thread once the server knows the subscription again after a reconnect; must return at once.
    let connectionCameBack: (@Sendable () -> Void)?
    /// Called on the link's thread each time that the server does not permit the subscription; nil: the log has it.
    let refused: (@Sendable () -> Void)?
    private let ending = Mutex<Ending>(.open([]))

    private enum Ending {
        case open([@Sendable () -> Void])
        case over
    }

    init(
        subject: String, queueGroup: String?, connectionCameBack: (@Sendable () -> Void)? = nil,
        refused: (@Sendable () -> Void)? = nil, deliver: @escaping @Sendable (ReceivedMessage) -> Void
    ) {
        self.subject = subject
        self.queueGroup = queueGroup
        self.connectionCameBack = connectionCameBack
        self.refused = refused
        self.deliver = deliver
    }

    /// Calls back once the last message has been delivered.
    func whenEnded(_ callback: @escaping @Sendable () -> Void) {
        let isOver = self.ending.withLock { ending in
            switch ending {
            case .open(let callbacks):
                ending = .open(callbacks + [callback])
                return false
            case .over:
                return true
            }
        }
        if isOver {
            callback()
        }
    }

    func ended() {
        let callbacks = self.ending.withLock { ending -> [@Sendable () -> Void] in
            guard case .open(let callbacks) = ending else { return [] }
            ending = .over
            return callbacks
        }
        for callback in callbacks {
            callback()
        }
    }
}
