import NATSClient
import Synchronization

/// Lets a few in at once, in the order of their coming; the others wait.
final class Turnstile: Sendable {
    private struct State {
        var free: Int
        var lastNumber = 0
        /// In the order of their coming.
        var waiting: [(number: Int, continuation: CheckedContinuation<Bool, Never>)] = []
    }

    private let state: Mutex<State>

    /// - Parameter width: how many are let in at once.
    init(width: Int) {
        self.state = Mutex(State(free: width))
    }

    /// Does what the closure says when its turn comes.
    ///
    /// - Returns: `nil`, with nothing done, where the task is cancelled before its turn.
    func pass<Answer: Sendable>(
        _ body: () async throws(NATSError) -> Answer
    ) async throws(NATSError) -> Answer? {
        guard await self.enter() else { return nil }
        defer { self.leave() }
        return try await body()
    }

    private func enter() async -> Bool {
        let number = self.state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isIn = self.state.withLock { state -> Bool? in
                    if Task.isCancelled { return false }
                    guard state.free == 0 else {
                        state.free -= 1
                        return true
                    }
                    state.waiting.append((number, continuation))
                    return nil
                }
                if let isIn { continuation.resume(returning: isIn) }
            }
        } onCancel: {
            let continuation = self.state.withLock { state in
                state.waiting.firstIndex { $0.number == number }.map { state.waiting.remove(at: $0).continuation }
            }
            continuation?.resume(returning: false)
        }
    }

    private func leave() {
        let next = self.state.withLock { state in
            guard state.waiting.isEmpty else { return Optional(state.waiting.removeFirst().continuation) }
            state.free += 1
            return nil
        }
        next?.resume(returning: true)
    }
}
