import Synchronization

/// The answers to messages that were published together; calls back when the last has come.
final class AckBatch: Sendable {
    private struct State {
        var results: [Result<PubAck, NATSError>?]
        var missing: Int
    }

    private let state: Mutex<State>
    private let completion: @Sendable ([Result<PubAck, NATSError>]) -> Void

    init(count: Int, completion: @escaping @Sendable ([Result<PubAck, NATSError>]) -> Void) {
        self.state = Mutex(State(results: Array(repeating: nil, count: count), missing: count))
        self.completion = completion
    }

    /// Settles one message; the reply inbox sees to it that each is settled once.
    func settle(_ index: Int, _ result: Result<PubAck, NATSError>) {
        let finished = self.state.withLock { state -> [Result<PubAck, NATSError>]? in
            state.results[index] = result
            state.missing -= 1
            return state.missing == 0 ? state.results.compactMap { $0 } : nil
        }
        if let finished {
            self.completion(finished)
        }
    }
}
