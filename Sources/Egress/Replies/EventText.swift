import JSONBytes

/// Writes an event of which one part, somebody else's bytes, may be too large for a NATS message.
enum EventText {
    /// Writes `members`, then the part: as it is where it is JSON, else as a string.
    ///
    /// - Parameters:
    ///   - limit: in bytes; where the event would be longer, `"truncated":true` stands in the part's place.
    ///   - part: its key, and the bytes as they came.
    static func write(
        atMost limit: Int, part: (key: String, bytes: [UInt8])?, _ members: (inout JSONObjectWriter) -> Void
    ) -> [UInt8] {
        var whole = JSONWriter()
        whole.object { event in
            members(&event)
            guard let part else { return }
            if let document = try? JSONDocument(validating: part.bytes) {
                event.member(part.key, raw: document.root.bytes)
            } else {
                event.member(part.key, string: String(decoding: part.bytes, as: UTF8.self))
            }
        }
        if part == nil || whole.bytes.count <= limit { return whole.bytes }

        var truncated = JSONWriter()
        truncated.object { event in
            members(&event)
            event.member("truncated", bool: true)
        }
        return truncated.bytes
    }
}
