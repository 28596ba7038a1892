import JSONBytes

extension JetStream {
    /// The consumer of that name; `nil` where the stream has none.
    package func consumer(named name: String, of stream: String) async throws(NATSError) -> ConsumerInfo? {
        do {
            return try self.read(try await self.call("CONSUMER.INFO.\(stream).\(name)"), of: "CONSUMER.INFO")
        } catch  where error.jetStreamCode == APIError.consumerNotFound {
            return nil
        }
    }

    /// Makes a consumer; one of the same name is left as it is, or changed to the new settings where the server can.
    ///
    /// - Throws: `NATSError` with code `refused` where the server refuses, such as a second consumer over one subject of
    ///   a work queue (10100).
    package func makeConsumer(
        _ configuration: ConsumerConfiguration, on stream: String
    ) async throws(NATSError) -> ConsumerInfo {
        let name = configuration.durableName.map { "CONSUMER.DURABLE.CREATE.\(stream).\($0)" }
        let answer = try await self.call(name ?? "CONSUMER.CREATE.\(stream)", configuration.json(stream: stream))
        return try self.read(answer, of: "CONSUMER.CREATE")
    }

    /// Deletes a consumer; answers whether there was one of that name.
    package func deleteConsumer(named name: String, of stream: String) async throws(NATSError) -> Bool {
        do {
            _ = try await self.call("CONSUMER.DELETE.\(stream).\(name)")
            return true
        } catch  where error.jetStreamCode == APIError.consumerNotFound {
            return false
        }
    }

    /// The names of all consumers of a stream.
    package func consumerNames(of stream: String) async throws(NATSError) -> Set<String> {
        var names: Set<String> = []
        var offset = 0
        while true {
            var writer = JSONWriter()
            writer.object { $0.member("offset", int: offset) }
            let answer = try await self.call("CONSUMER.NAMES.\(stream)", writer.bytes)
            let page = answer.root["consumers"]?.elements.compactMap(\.string) ?? []
            names.formUnion(page)
            offset += page.count
            guard !page.isEmpty, offset < answer.root["total"]?.int ?? 0 else { return names }
        }
    }

    private func read(_ answer: JSONDocument, of request: String) throws(NATSError) -> ConsumerInfo {
        guard let info = ConsumerInfo(answer.root) else {
            throw NATSError(.refused, "the answer to \(request) is unreadable")
        }
        return info
    }
}
