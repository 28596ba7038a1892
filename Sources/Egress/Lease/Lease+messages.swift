import NATSClient
import Synchronization

/// What workers tell each other in passing; nothing depends on its arrival.
extension Lease {
    /// What a worker adds to its name when it stands by no longer.
    private static let leaving = " leaves"

    /// Hears of the lease's records and of the other workers, until drained.
    func subscribe() -> [NATSSubscription] {
        [
            self.connection.subscribe(self.bucket.subject) { self.received($0) },
            self.connection.subscribe(self.presenceSubject) { self.receivedPresence($0) },
        ]
    }

    /// Makes this worker known, or says that it stands by no longer.
    func announce(leaving: Bool = false) {
        // A sign of life that waits for a server to come back is none.
        guard self.connection.isConnected else { return }
        let text = self.worker.description + (leaving ? Self.leaving : "")
        self.connection.publish(OutgoingMessage(subject: self.presenceSubject, payload: Array(text.utf8)))
    }

    private func received(_ message: NATSMessage) {
        guard self.state.withLock({ $0.contest != nil }), let record = LeaseRecord(parsing: message.payload) else {
            return
        }
        let isNews = self.state.withLock { state in
            let now = self.clock.now()
            // A holder does not stand by.
            if record.state == .held { state.workers.left(record.worker) }
            state.contest?.isPreferred = state.workers.isOwnFirst(at: now)
            return state.contest?.heard(record, at: now) ?? false
        }
        if isNews { self.bell.ring() }
    }

    private func receivedPresence(_ message: NATSMessage) {
        guard message.payload.count <= 512 else { return }
        let text = String(decoding: message.payload, as: UTF8.self)
        let isLeaving = text.hasSuffix(Self.leaving)
        guard let worker = WorkerID(parsing: String(text.dropLast(isLeaving ? Self.leaving.count : 0))) else { return }
        self.state.withLock { state in
            let now = self.clock.now()
            if isLeaving {
                state.workers.left(worker)
            } else {
                state.workers.heard(worker, at: now)
            }
            state.contest?.isPreferred = state.workers.isOwnFirst(at: now)
        }
    }
}
