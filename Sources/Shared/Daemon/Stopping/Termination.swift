import Synchronization

/// Whether this process has been told to stop, and a way to wait for that.
package final class Termination: Sendable {
    private struct State {
        var isRequested = false
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextID = 0
    }

    private let state = Mutex(State())

    package init() {}

    /// Whether SIGTERM or SIGINT has come.
    package var isRequested: Bool { self.state.withLock { $0.isRequested } }

    /// Returns when this process has been told to stop, or when the calling task is cancelled.
    package func requested() async {
        let id = self.state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = self.state.withLock { state in
                    // Asked under the lock: a cancellation is either seen here or finds the continuation.
                    guard !state.isRequested, !Task.isCancelled else { return true }
                    state.waiting[id] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            self.state.withLock { $0.waiting.removeValue(forKey: id) }?.resume()
        }
    }

    /// Tells everyone who waits; a second time tells nobody anything.
    package func request() {
        let waiting = self.state.withLock { state in
            state.isRequested = true
            defer { state.waiting = [:] }
            return state.waiting
        }
        for continuation in waiting.values { continuation.resume() }
    }
}
