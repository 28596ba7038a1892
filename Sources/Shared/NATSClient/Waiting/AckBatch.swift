import Synchronization

/// The answers to messages that were published together; calls back when the last has come.
final class AckBatch: ReplyWaiter {
    private struct State {
        var results: [Result<PubAck, NATSError>?]
        var missing: Int
    }

    let count: Int
    let deadline: ContinuousClock.Instant
    private let state: Mutex<State>
    private let completion: @Sendable ([Result<PubAck, NATSError>]) -> Void

    init(
        count: Int, by deadline: ContinuousClock.Instant,
        completion: @escaping @Sendable ([Result<PubAck, NATSError>]) -> Void
    ) {
        self.count = count
        self.deadline = deadline
        self.state = Mutex(State(results: Array(repeating: nil, count: count), missing: count))
        self.completion = completion
    }

    func replied(_ index: Int, _ reply: Result<ReceivedMessage, NATSError>) -> Bool {
        let result = reply.flatMap { message in PubAck.read(Array(message.payload)) }
        return self.settle { state in
            guard state.results[index] == nil else { return }
            state.results[index] = result
            state.missing -= 1
        }
    }

    func end(_ error: NATSError) {
        _ = self.settle { state in
            for index in state.results.indices where state.results[index] == nil {
                state.results[index] = .failure(error)
            }
            state.missing = 0
        }
    }

    /// Calls back where the change is the last; answers whether nothing is missing any more.
    private func settle(_ change: (inout State) -> Void) -> Bool {
        let (isOver, finished) = self.state.withLock { state -> (Bool, [Result<PubAck, NATSError>]?) in
            guard state.missing > 0 else { return (true, nil) }
            change(&state)
            return state.missing == 0 ? (true, state.results.compactMap { $0 }) : (false, nil)
        }
        if let finished { self.completion(finished) }
        return isOver
    }
}
