import CNATS

/// Hands messages to the client library, with their headers as they stand on the wire.
struct MessageWriter {
    /// Headers and payload of the message at hand.
    private var bytes: [UInt8] = []

    mutating func publish(_ message: OutgoingMessage, reply: String?, on connection: OpaquePointer) -> natsStatus {
        guard !message.headers.isEmpty else {
            return message.payload.withUnsafeBytes { payload in
                if let reply {
                    natsConnection_PublishRequest(
                        connection, message.subject, reply, payload.baseAddress, Int32(payload.count))
                } else {
                    natsConnection_Publish(connection, message.subject, payload.baseAddress, Int32(payload.count))
                }
            }
        }
        self.bytes.removeAll(keepingCapacity: self.bytes.capacity <= Self.keptCapacity)
        self.bytes += Self.firstLine
        for header in message.headers {
            guard !header.name.isEmpty else { return NATS_INVALID_ARG }
            self.append(header.name)
            self.bytes += Self.separator
            self.append(header.value)
            self.bytes += Self.lineEnd
        }
        self.bytes += Self.lineEnd
        let headerCount = self.bytes.count
        self.bytes += message.payload

        var pointer: OpaquePointer?
        let status = self.bytes.withUnsafeBytes { bytes in
            natsMsg_create(
                &pointer, message.subject, Int32(message.subject.utf8.count), reply, Int32(reply?.utf8.count ?? 0),
                bytes.bindMemory(to: CChar.self).baseAddress, Int32(bytes.count), Int32(headerCount))
        }
        guard status == NATS_OK else { return status }
        defer { natsMsg_Destroy(pointer) }
        return natsConnection_PublishMsg(connection, pointer)
    }

    /// Appends a part of a line; a line's end in it becomes blanks.
    private mutating func append(_ text: String) {
        let start = self.bytes.count
        self.bytes += text.utf8
        for index in start..<self.bytes.count where self.bytes[index] == 0x0D || self.bytes[index] == 0x0A {
            self.bytes[index] = 0x20
        }
    }

    private static let firstLine = Array("NATS/1.0\r\n".utf8)
    private static let separator = Array(": ".utf8)
    private static let lineEnd = Array("\r\n".utf8)
    /// A large message leaves no large array behind.
    private static let keptCapacity = 64 * 1024
}
