import JSONBytes

// All of these ask the stream's leader: a replica may be behind.
extension JetStream {
    /// How many messages a stream holds on each subject that matches; wildcards are allowed.
    package func subjectCounts(
        in stream: String, matching subject: String
    ) async throws(NATSError) -> [String: Int] {
        var counts: [String: Int] = [:]
        var offset = 0
        while true {
            var writer = JSONWriter()
            writer.object { object in
                object.member("subjects_filter", string: subject)
                object.member("offset", int: offset)
            }
            let answer = try await self.call("STREAM.INFO.\(stream)", writer.bytes)
            var found = 0
            if let subjects = answer.root["state"]?["subjects"] {
                for (subject, count) in subjects.members {
                    guard let subject = subject.string, let count = count.int else { continue }
                    counts[subject] = count
                    found += 1
                }
            }
            offset += found
            guard found > 0, offset < answer.root["total"]?.int ?? 0 else { return counts }
        }
    }

    /// The message with that sequence; `nil` where the stream holds none.
    package func message(in stream: String, sequence: UInt64) async throws(NATSError) -> StreamMessage? {
        try await self.message(in: stream) { $0.member("seq", raw: String(sequence).utf8) }
    }

    /// The first message with that sequence or a later one whose subject matches; `nil` where there is none.
    package func firstMessage(
        in stream: String, from sequence: UInt64, matching subject: String
    ) async throws(NATSError) -> StreamMessage? {
        try await self.message(in: stream) { object in
            object.member("seq", raw: String(max(1, sequence)).utf8)
            object.member("next_by_subj", string: subject)
        }
    }

    /// The last message whose subject matches; `nil` where there is none.
    package func lastMessage(in stream: String, on subject: String) async throws(NATSError) -> StreamMessage? {
        try await self.message(in: stream) { $0.member("last_by_subj", string: subject) }
    }

    /// Deletes a message from a stream; answers whether it was there.
    package func deleteMessage(in stream: String, sequence: UInt64) async throws(NATSError) -> Bool {
        var writer = JSONWriter()
        writer.object { object in
            object.member("seq", raw: String(sequence).utf8)
            object.member("no_erase", bool: true)
        }
        do {
            _ = try await self.call("STREAM.MSG.DELETE.\(stream)", writer.bytes)
            return true
        } catch  where error.code == .refused && error.jetStreamCode != APIError.streamNotFound {
            // One code stands for a message that is not there and for a stream that forbids it.
            guard try await self.message(in: stream, sequence: sequence) == nil else { throw error }
            return false
        }
    }

    private func message(
        in stream: String, which: (inout JSONObjectWriter) -> Void
    ) async throws(NATSError) -> StreamMessage? {
        var writer = JSONWriter()
        writer.object(which)
        let answer: JSONDocument
        do {
            answer = try await self.call("STREAM.MSG.GET.\(stream)", writer.bytes)
        } catch  where error.jetStreamCode == APIError.messageNotFound {
            return nil
        }
        guard let message = answer.root["message"].flatMap({ StreamMessage($0) }) else {
            throw NATSError(.refused, "the answer to STREAM.MSG.GET is unreadable")
        }
        return message
    }
}
