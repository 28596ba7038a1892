import Glibc
import Synchronization

/// Replies this process waits for: one wildcard subscription, a number for each.
final class ReplyInbox: Sendable {
    typealias Handler = @Sendable (Result<ReceivedMessage, NATSError>) -> Void

    private struct Pending {
        let deadline: ContinuousClock.Instant
        let handler: Handler
    }

    private struct State {
        var pending: [UInt64: Pending] = [:]
        var last: UInt64 = 0
        var isClosed = false
        /// Until when the sweeper sleeps; nil: until it is woken.
        var sweepTime: ContinuousClock.Instant?
    }

    /// What every reply subject of this inbox begins with, the dot included.
    let prefix: String
    private let state = Mutex(State())

    init() {
        self.prefix = Self.newPrefix()
    }

    /// The beginning of subjects that nobody else listens to, the dot included.
    static func newPrefix() -> String {
        let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
        return "_INBOX." + String((0..<22).map { _ in alphabet[Int.random(in: 0..<alphabet.count)] }) + "."
    }

    /// Registers as many waiters as there are handlers; answers the number of the first, the others follow it.
    func expect(_ handlers: [Handler], by deadline: ContinuousClock.Instant) -> UInt64? {
        self.state.withLock { state in
            guard !state.isClosed else { return nil }
            let first = state.last + 1
            for handler in handlers {
                state.last += 1
                state.pending[state.last] = Pending(deadline: deadline, handler: handler)
            }
            return first
        }
    }

    /// Called with each message that arrives on the inbox.
    func received(_ message: ReceivedMessage) {
        guard let number = message.lastSubjectNumber, let handler = self.take(number) else { return }
        if message.isNoResponders {
            handler(.failure(NATSError(.noResponders, "nobody answers: no stream or no subscriber on the subject")))
        } else {
            handler(.success(message))
        }
    }

    /// Ends one wait early, such as when its request could not be written.
    func fail(_ number: UInt64, _ error: NATSError) {
        self.take(number)?(.failure(error))
    }

    /// Ends every wait, such as when the connection broke: what was written may or may not have arrived.
    func failAll(_ error: NATSError, closing: Bool = false) {
        let handlers = self.state.withLock { state in
            state.isClosed = state.isClosed || closing
            defer { state.pending.removeAll(keepingCapacity: true) }
            return state.pending.values.map(\.handler)
        }
        for handler in handlers {
            handler(.failure(error))
        }
    }

    /// Whether the sweeper must be woken, lest it sleep past this deadline; no more than once for all that are as late.
    func needsSweep(by deadline: ContinuousClock.Instant) -> Bool {
        self.state.withLock { state in
            if let time = state.sweepTime, time <= deadline { return false }
            state.sweepTime = deadline
            return true
        }
    }

    /// Ends the waits whose time is over; answers when to come again: at the next deadline, but not before `pause` is
    /// over. `nil`: when it is woken.
    func sweep(at now: ContinuousClock.Instant, pause: Duration) -> ContinuousClock.Instant? {
        let (handlers, next) = self.state.withLock { state in
            let over = state.pending.filter { $0.value.deadline <= now }
            for number in over.keys {
                state.pending[number] = nil
            }
            if let next = state.pending.values.map(\.deadline).min() {
                state.sweepTime = max(next, now + pause)
            } else if let time = state.sweepTime, time <= now {
                // Else the time it was woken for: most answers come at once, and whoever waits next need not wake it.
                state.sweepTime = nil
            }
            return (over.values.map(\.handler), state.sweepTime)
        }
        for handler in handlers {
            handler(.failure(NATSError(.timeout, "no answer from NATS in time")))
        }
        return next
    }

    private func take(_ number: UInt64) -> Handler? {
        self.state.withLock { $0.pending.removeValue(forKey: number)?.handler }
    }
}
