import NATSClient
import Synchronization

/// Tells when the server has taken what was published with core NATS: one round trip tells it of all the webhooks that
/// came in one go.
final class SharedRoundTrips: Sendable {
    private let connection: NATSConnection
    private let waiting = Mutex<[Waiting]>([])

    typealias Waiting = @Sendable (Result<Void, NATSError>) -> Void

    init(over connection: NATSConnection) {
        self.connection = connection
    }

    /// Calls back after the next round trip to begin; everything to be told of is published before.
    func await(_ callback: @escaping Waiting) {
        self.waiting.withLock { $0.append(callback) }
    }

    /// Begins a round trip for those that wait for one.
    func begin(timeout: Duration) {
        let waiting = self.waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        guard !waiting.isEmpty else { return }
        self.connection.roundTrip(timeout: timeout) { result in
            for callback in waiting { callback(result) }
        }
    }
}
