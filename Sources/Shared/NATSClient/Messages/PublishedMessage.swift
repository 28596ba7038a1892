import CNATS

/// A message on its way into the client library.
enum PublishedMessage {
    static func send(_ message: OutgoingMessage, reply: String?, on connection: OpaquePointer) -> natsStatus {
        var pointer: OpaquePointer?
        let status = message.payload.withUnsafeBytes { bytes in
            natsMsg_Create(
                &pointer, message.subject, reply, bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
                Int32(bytes.count))
        }
        guard status == NATS_OK else { return status }
        defer { natsMsg_Destroy(pointer) }
        for header in message.headers {
            let status = natsMsgHeader_Add(pointer, header.name, header.value)
            guard status == NATS_OK else { return status }
        }
        return natsConnection_PublishMsg(connection, pointer)
    }
}
