import Synchronization

/// Waits until all messages that were published together are stored; calls back with the first refusal in their order,
/// if there is one.
final class AckCount: ReplyWaiter {
    private struct State {
        /// For each message, whether its answer has come.
        var isSettled: [Bool]
        var missing: Int
        var refusal: (index: Int, error: NATSError)?

        mutating func refuse(_ index: Int, _ error: NATSError) {
            if index < self.refusal?.index ?? .max { self.refusal = (index, error) }
        }
    }

    let count: Int
    let deadline: ContinuousClock.Instant
    private let state: Mutex<State>
    private let completion: @Sendable (NATSError?) -> Void

    init(
        count: Int, by deadline: ContinuousClock.Instant, completion: @escaping @Sendable (NATSError?) -> Void
    ) {
        self.count = count
        self.deadline = deadline
        self.state = Mutex(State(isSettled: Array(repeating: false, count: count), missing: count))
        self.completion = completion
    }

    func replied(_ index: Int, _ reply: Result<ReceivedMessage, NATSError>) -> Bool {
        let refusal = Self.refusal(in: reply)
        return self.settle { state in
            guard !state.isSettled[index] else { return }
            state.isSettled[index] = true
            state.missing -= 1
            if let refusal { state.refuse(index, refusal) }
        }
    }

    func end(_ error: NATSError) {
        _ = self.settle { state in
            if let first = state.isSettled.firstIndex(of: false) { state.refuse(first, error) }
            state.missing = 0
        }
    }

    /// Calls back where the change is the last; answers whether nothing is missing any more.
    private func settle(_ change: (inout State) -> Void) -> Bool {
        let (isOver, isLast, refusal) = self.state.withLock { state -> (Bool, Bool, NATSError?) in
            guard state.missing > 0 else { return (true, false, nil) }
            change(&state)
            return (state.missing == 0, state.missing == 0, state.refusal?.error)
        }
        if isLast { self.completion(refusal) }
        return isOver
    }

    private static func refusal(in reply: Result<ReceivedMessage, NATSError>) -> NATSError? {
        switch reply {
        case .failure(let error): return error
        case .success(let message):
            if case .failure(let error) = PubAck.read(Array(message.payload)) { return error }
            return nil
        }
    }
}
