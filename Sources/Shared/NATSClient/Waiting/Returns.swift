import Synchronization

/// Tells many tasks that something has come back.
final class Returns: Sendable {
    private struct State {
        var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
        var last = 0
    }

    private let state = Mutex(State())

    /// An element for each return from now on; one for all that have not been taken.
    func stream() -> AsyncStream<Void> {
        let (stream, feed) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let number = self.state.withLock { state in
            state.last += 1
            state.listeners[state.last] = feed
            return state.last
        }
        feed.onTermination = { [weak self] _ in
            _ = self?.state.withLock { $0.listeners.removeValue(forKey: number) }
        }
        return stream
    }

    /// It has come back.
    func tell() {
        for feed in self.state.withLock({ $0.listeners }).values { feed.yield() }
    }
}
