import JSONBytes

/// JetStream's management requests, as the gateway needs them.
package struct JetStream: Sendable {
    private let connection: NATSConnection
    /// How long one management request may take.
    private let timeout: Duration

    package init(_ connection: NATSConnection, timeout: Duration = .seconds(5)) {
        self.connection = connection
        self.timeout = timeout
    }

    /// Whether the server offers JetStream to this user.
    ///
    /// - Throws: `NATSError` where that cannot be known now (disconnected, no answer in time).
    package func isAvailable() async throws(NATSError) -> Bool {
        do {
            _ = try await self.call("INFO")
            return true
        } catch  where error.code == .noResponders || error.code == .refused {
            return false
        }
    }

    /// The stream of that name; `nil` where there is none.
    package func stream(named name: String) async throws(NATSError) -> StreamInfo? {
        do {
            return StreamInfo(try await self.call("STREAM.INFO.\(name)").root)
        } catch  where error.jetStreamCode == APIError.streamNotFound {
            return nil
        }
    }

    /// Makes the stream if there is none of its name; an existing one is left as it is.
    ///
    /// - Throws: `NATSError` with code `refused` where the server refuses, such as for subjects that another stream
    ///   covers (10065).
    package func streamMadeIfMissing(_ configuration: StreamConfiguration) async throws(NATSError) -> StreamInfo {
        if let existing = try await self.stream(named: configuration.name) { return existing }
        do {
            return try await self.create(configuration)
        } catch  where error.jetStreamCode == APIError.streamNameInUse {
            // Another process made it in between, with settings of its own.
            guard let existing = try await self.stream(named: configuration.name) else { throw error }
            return existing
        }
    }

    private func create(_ configuration: StreamConfiguration) async throws(NATSError) -> StreamInfo {
        let answer = try await self.call("STREAM.CREATE.\(configuration.name)", configuration.json)
        guard let made = StreamInfo(answer.root) else {
            throw NATSError(.refused, "the answer to STREAM.CREATE is unreadable")
        }
        return made
    }

    /// The names of the streams that store messages of a subject; wildcards are allowed in it.
    package func streams(covering subject: String) async throws(NATSError) -> [String] {
        var writer = JSONWriter()
        writer.object { $0.member("subject", string: subject) }
        let answer = try await self.call("STREAM.NAMES", writer.bytes)
        return answer.root["streams"]?.elements.compactMap(\.string) ?? []
    }

    func call(_ name: String, _ body: [UInt8] = []) async throws(NATSError) -> JSONDocument {
        let request = OutgoingMessage(subject: "$JS.API.\(name)", payload: body)
        let reply = try await self.connection.request(request, timeout: self.timeout)
        guard let document = try? JSONDocument(validating: reply.payload) else {
            throw NATSError(.refused, "the answer to \(name) is no JSON")
        }
        if let error = document.root["error"] {
            throw NATSError(jetStreamError: error)
        }
        return document
    }
}

/// `err_code`s of the JetStream API that are decided upon (nats-server, `errors.json`).
enum APIError {
    static let streamNotFound = 10059
    static let streamNameInUse = 10058
    static let wrongLastSequence = 10071
    static let consumerNotFound = 10014
    static let messageNotFound = 10037
}
