import Glibc
import Synchronization

/// Replies this process waits for: one wildcard subscription, a number for each.
final class ReplyInbox: Sendable {
    typealias Handler = @Sendable (Result<ReceivedMessage, NATSError>) -> Void

    private struct State {
        /// By the upper bits of their numbers.
        var pending: [UInt64: any ReplyWaiter] = [:]
        var last: UInt64 = 0
        var isClosed = false
        /// Until when the sweeper sleeps; nil: until it is woken.
        var sweepTime: ContinuousClock.Instant?
    }

    /// A number's lower bits tell which reply of a waiter's it is: more than a webhook has events.
    private static let indexBits: UInt64 = 17

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

    /// Registers a waiter; answers the number of its first reply, which those of the others follow, and whether the
    /// sweeper must be woken, lest it sleep past the deadline: no more than once for all that are as late.
    ///
    /// - Returns: `nil` where the inbox is closed.
    func expect(_ waiter: some ReplyWaiter) -> (first: UInt64, wakesSweeper: Bool)? {
        precondition(waiter.count <= 1 << Self.indexBits, "so many replies cannot be told apart")
        return self.state.withLock { state in
            guard !state.isClosed else { return nil }
            state.last += 1
            state.pending[state.last] = waiter
            var wakesSweeper = true
            if let time = state.sweepTime, time <= waiter.deadline { wakesSweeper = false }
            if wakesSweeper { state.sweepTime = waiter.deadline }
            return (state.last << Self.indexBits, wakesSweeper)
        }
    }

    /// Called with each message that arrives on the inbox.
    func received(_ message: ReceivedMessage) {
        guard let number = message.lastSubjectNumber else { return }
        if message.isNoResponders {
            self.fail(number, NATSError(.noResponders, "nobody answers: no stream or no subscriber on the subject"))
        } else {
            self.settle(number, .success(message))
        }
    }

    /// Ends the wait for one reply early, such as when its request could not be written.
    func fail(_ number: UInt64, _ error: NATSError) {
        self.settle(number, .failure(error))
    }

    private func settle(_ number: UInt64, _ reply: Result<ReceivedMessage, NATSError>) {
        let key = number >> Self.indexBits
        let index = Int(number & (1 << Self.indexBits - 1))
        let waiter = self.state.withLock { state -> (any ReplyWaiter)? in
            guard let waiter = state.pending[key], index < waiter.count else { return nil }
            if waiter.count == 1 { state.pending[key] = nil }
            return waiter
        }
        guard let waiter, waiter.replied(index, reply), waiter.count > 1 else { return }
        self.state.withLock { _ = $0.pending.removeValue(forKey: key) }
    }

    /// Ends every wait, such as when the connection broke: what was written may or may not have arrived.
    func failAll(_ error: NATSError, closing: Bool = false) {
        let waiters = self.state.withLock { state in
            state.isClosed = state.isClosed || closing
            defer { state.pending.removeAll(keepingCapacity: true) }
            return Array(state.pending.values)
        }
        for waiter in waiters {
            waiter.end(error)
        }
    }

    /// Ends the waits whose time is over; answers when to come again: at the next deadline, but not before `pause` is
    /// over. `nil`: when it is woken.
    func sweep(at now: ContinuousClock.Instant, pause: Duration) -> ContinuousClock.Instant? {
        let (over, next) = self.state.withLock { state in
            let over = state.pending.filter { $0.value.deadline <= now }
            for number in over.keys {
                state.pending[number] = nil
            }
            if let next = state.pending.values.lazy.map(\.deadline).min() {
                state.sweepTime = max(next, now + pause)
            } else if let time = state.sweepTime, time <= now {
                // Else the time it was woken for: most answers come at once, and whoever waits next need not wake it.
                state.sweepTime = nil
            }
            return (over.values, state.sweepTime)
        }
        for waiter in over {
            waiter.end(NATSError(.timeout, "no answer from NATS in time"))
        }
        return next
    }
}
