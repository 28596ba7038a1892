/// A JetStream key-value bucket (NATS ADR-8): one value a key, changed by compare-and-set on its revision.
///
/// Keys must match `[-/_=.A-Za-z0-9]+`: what comes from outside is hashed first.
package struct KeyValueBucket: Sendable {
    /// What a key holds.
    package struct Entry: Sendable {
        /// The stream sequence of the value; the next change names it.
        package let revision: UInt64
        package let headers: [NATSHeader]
        package let value: [UInt8]
        /// When the server stored the value.
        package let storedAt: StreamTime

        /// The first value of a header; the name is compared as it is written, as NATS does.
        package func header(_ name: String) -> String? {
            self.headers.first { $0.name == name }?.value
        }

        /// Whether this is the mark of a deleted key.
        fileprivate var isDeleted: Bool { self.header(operationHeader) != nil }
    }

    /// What came of a compare-and-set.
    package enum Change: Hashable, Sendable {
        case made(revision: UInt64)
        /// The key's revision is another one.
        case conflict
    }

    private let name: String
    private let connection: NATSConnection
    private let timeout: Duration

    package init(_ name: String, connection: NATSConnection, timeout: Duration = .seconds(2)) {
        self.name = name
        self.connection = connection
        self.timeout = timeout
    }

    /// Makes the bucket if there is none of its name; an existing one is left as it is.
    ///
    /// - Parameter maximumAge: how long a value is kept; `nil` for ever.
    package func makeIfMissing(
        maximumAge: Duration?, storage: StreamConfiguration.Storage, replicas: Int
    ) async throws(NATSError) {
        var configuration = StreamConfiguration(
            name: self.stream, subjects: [self.subject(of: ">")], retention: .limits, storage: storage,
            replicas: replicas, maximumAge: maximumAge,
            dedupeWindow: min(.seconds(120), maximumAge ?? .seconds(120)))
        configuration.isKeyValue = true
        _ = try await self.jetStream.streamMadeIfMissing(configuration)
    }

    /// Sets a key that holds nothing, or that has been deleted.
    package func create(
        _ key: String, headers: [NATSHeader] = [], value: [UInt8]
    ) async throws(NATSError) -> Change {
        let first = try await self.set(key, headers: headers, value: value, after: 0)
        guard first == .conflict else { return first }
        guard let mark = try await self.latest(key), mark.isDeleted else { return .conflict }
        return try await self.set(key, headers: headers, value: value, after: mark.revision)
    }

    /// Sets a key whose revision is known.
    package func update(
        _ key: String, headers: [NATSHeader] = [], value: [UInt8], after revision: UInt64
    ) async throws(NATSError) -> Change {
        try await self.set(key, headers: headers, value: value, after: revision)
    }

    /// Deletes a key whose revision is known.
    package func delete(_ key: String, after revision: UInt64) async throws(NATSError) -> Change {
        try await self.set(key, headers: [NATSHeader(operationHeader, "DEL")], value: [], after: revision)
    }

    /// What a key holds; `nil` where that is nothing.
    package func value(of key: String) async throws(NATSError) -> Entry? {
        guard let entry = try await self.latest(key), !entry.isDeleted else { return nil }
        return entry
    }

    /// The keys that match a filter such as `acme.*`, deleted ones included, in no order.
    package func keys(matching filter: String) async throws(NATSError) -> [String] {
        let prefix = self.subject(of: "")
        let counts = try await self.jetStream.subjectCounts(in: self.stream, matching: prefix + filter)
        return counts.keys.map { String($0.dropFirst(prefix.count)) }
    }

    /// How long the bucket keeps a value; `nil` for ever.
    ///
    /// - Throws: `NATSError` with code `refused` where there is no such bucket.
    package func configuredAge() async throws(NATSError) -> Duration? {
        guard let info = try await self.jetStream.stream(named: self.stream) else {
            throw NATSError(.refused, "there is no bucket \(self.name)", jetStreamCode: APIError.streamNotFound)
        }
        return info.maximumAge
    }

    private func set(
        _ key: String, headers: [NATSHeader], value: [UInt8], after revision: UInt64
    ) async throws(NATSError) -> Change {
        let expectation = NATSHeader("Nats-Expected-Last-Subject-Sequence", String(revision))
        let message = OutgoingMessage(
            subject: self.subject(of: key), headers: headers + [expectation], payload: value)
        let results = await self.connection.store([message], timeout: self.timeout)
        do {
            return .made(revision: try results[0].get().sequence)
        } catch  where error.jetStreamCode == APIError.wrongLastSequence {
            return .conflict
        }
    }

    /// The stream's leader is asked: a replica that is behind would not have the latest.
    private func latest(_ key: String) async throws(NATSError) -> Entry? {
        let message = try await self.jetStream.lastMessage(in: self.stream, on: self.subject(of: key))
        return message.map {
            Entry(revision: $0.sequence, headers: $0.headers, value: $0.payload, storedAt: $0.storedAt)
        }
    }

    private var jetStream: JetStream { JetStream(self.connection, timeout: self.timeout) }

    private var stream: String { "KV_\(self.name)" }

    private func subject(of key: String) -> String { "$KV.\(self.name).\(key)" }
}

/// Marks a deleted key.
private let operationHeader = "KV-Operation"
