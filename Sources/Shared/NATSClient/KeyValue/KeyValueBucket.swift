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
            name: "KV_\(self.name)", subjects: ["$KV.\(self.name).>"], retention: .limits, storage: storage,
            replicas: replicas, maximumAge: maximumAge,
            dedupeWindow: min(.seconds(120), maximumAge ?? .seconds(120)))
        configuration.isKeyValue = true
        _ = try await JetStream(self.connection, timeout: self.timeout).streamMadeIfMissing(configuration)
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

    private func set(
        _ key: String, headers: [NATSHeader], value: [UInt8], after revision: UInt64
    ) async throws(NATSError) -> Change {
        let expectation = NATSHeader("Nats-Expected-Last-Subject-Sequence", String(revision))
        let message = OutgoingMessage(
            subject: "$KV.\(self.name).\(key)", headers: headers + [expectation], payload: value)
        let results = await self.connection.store([message], timeout: self.timeout)
        do {
            return .made(revision: try results[0].get().sequence)
        } catch  where error.jetStreamCode == APIError.wrongLastSequence {
            return .conflict
        }
    }

    private func latest(_ key: String) async throws(NATSError) -> Entry? {
        let request = OutgoingMessage(
            subject: "$JS.API.DIRECT.GET.KV_\(self.name).$KV.\(self.name).\(key)", payload: [])
        let reply = try await self.connection.request(request, timeout: self.timeout)
        if let status = reply.header("Status") {
            guard status == "404" else {
                throw NATSError(.refused, "bucket \(self.name): \(reply.header("Description") ?? status)")
            }
            return nil
        }
        guard let revision = reply.header("Nats-Sequence").flatMap({ UInt64($0) }) else {
            throw NATSError(.refused, "bucket \(self.name): an answer without a revision")
        }
        return Entry(revision: revision, headers: reply.headers, value: reply.payload)
    }
}

/// Marks a deleted key.
private let operationHeader = "KV-Operation"
