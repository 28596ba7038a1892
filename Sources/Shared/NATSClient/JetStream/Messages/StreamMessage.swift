import JSONBytes

/// A message as a stream holds it.
package struct StreamMessage: Hashable, Sendable {
    package let sequence: UInt64
    package let subject: String
    package let headers: [NATSHeader]
    /// Whether there were headers that are no `name: value` lines: `headers` then is empty.
    package let hasUnreadableHeaders: Bool
    package let payload: [UInt8]
    package let storedAt: StreamTime

    package init(
        sequence: UInt64, subject: String, headers: [NATSHeader] = [], hasUnreadableHeaders: Bool = false,
        payload: [UInt8], storedAt: StreamTime
    ) {
        self.sequence = sequence
        self.subject = subject
        self.headers = headers
        self.hasUnreadableHeaders = hasUnreadableHeaders
        self.payload = payload
        self.storedAt = storedAt
    }

    /// The first value of a header; the name is compared as it is written, as NATS does.
    package func header(_ name: String) -> String? {
        self.headers.first { $0.name == name }?.value
    }

    /// Reads the `message` of an answer to `$JS.API.STREAM.MSG.GET`.
    init?(_ message: JSONValue) {
        let members = message.members(["subject", "seq", "hdrs", "data", "time"])
        guard
            let subject = members[0]?.string,
            let sequence = members[1]?.int.flatMap(UInt64.init(exactly:)),
            let storedAt = members[4]?.string.flatMap({ StreamTime(rfc3339: $0) }),
            let payload = members[3].map(Self.bytes) ?? []
        else { return nil }
        let headers = members[2].map { Self.bytes($0).flatMap(HeaderBlock.read) } ?? []
        self.init(
            sequence: sequence, subject: subject, headers: headers ?? [], hasUnreadableHeaders: headers == nil,
            payload: payload, storedAt: storedAt)
    }

    private static func bytes(_ base64: JSONValue) -> [UInt8]? {
        guard base64.kind == .string else { return base64.isNull ? [] : nil }
        let text = base64.bytes.dropFirst().dropLast()
        // Base64 needs no escapes, but a server may write some of it with them.
        guard !text.contains(UInt8(ascii: "\\")) else {
            return base64.string.flatMap { Base64.decode(Array($0.utf8)[...]) }
        }
        return Base64.decode(text)
    }
}
