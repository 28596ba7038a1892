import JSONBytes

/// `markRead` and `typing`: tells the sender of a message that it was read, and perhaps that an answer is on its way.
struct ReadReceipt {
    let body: [UInt8]

    /// - Throws: a client error where `message_id` is no non-empty string.
    init(_ payload: Payload, typing: Bool) throws(ClientError) {
        let read = try payload.required("message_id", .filledString)
        var writer = JSONWriter()
        writer.object { receipt in
            receipt.member("messaging_product", string: "whatsapp")
            receipt.member("status", string: "read")
            receipt.member("message_id", raw: read.bytes)
            if typing { receipt.member("typing_indicator") { $0.member("type", string: "text") } }
        }
        self.body = writer.bytes
    }
}
