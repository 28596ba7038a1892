import JSONBytes
import NATSClient
import TestSupport

/// Keeps every message of a subject, from the moment it exists.
final class NATSTap: Sendable {
    private let connection: NATSConnection
    private let received: Watched<[NATSMessage]>

    /// Subscribes; returns when the server knows of it.
    ///
    /// - Parameter subject: may hold wildcards.
    init(on connection: NATSConnection, _ subject: String = "whatsapp.>") async throws {
        let received = Watched<[NATSMessage]>([])
        self.connection = connection
        self.received = received
        _ = connection.subscribe(subject) { message in received.update { $0.append(message) } }
        try await connection.roundTrip(timeout: .seconds(10))
    }

    /// All that the server had taken before this was called, in the order of its arrival.
    func everything() async throws -> [NATSMessage] {
        try await self.connection.roundTrip(timeout: .seconds(10))
        return self.received.current
    }

    /// All that came since the last `take()`.
    func take() async throws -> [NATSMessage] {
        try await self.connection.roundTrip(timeout: .seconds(10))
        return self.received.update { messages in
            defer { messages = [] }
            return messages
        }
    }

    /// Waits until so many messages have come, and returns all.
    func all(_ count: Int, within limit: Duration = .seconds(10)) async throws -> [NATSMessage] {
        let received = self.received
        return try await received.first(
            within: limit, what: "\(count) messages, not \(received.read { $0.count })"
        ) { $0.count >= count ? $0 : nil }
    }

    /// Waits for a message that matches, those already there included.
    @discardableResult
    func first(
        _ what: String, within limit: Duration = .seconds(10), where matches: @escaping @Sendable (NATSMessage) -> Bool
    ) async throws -> NATSMessage {
        let received = self.received
        return try await received.first(
            within: limit, what: "\(what); received was: \(received.current.map(\.subject))"
        ) { $0.first(where: matches) }
    }
}
