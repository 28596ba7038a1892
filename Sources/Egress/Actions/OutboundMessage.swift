import JSONBytes

/// The Graph body that every `send…` becomes: to whom, what, and the members that all of them share.
struct OutboundMessage {
    let body: [UInt8]
    let pair: RecipientPair?
    let callback: CallbackData

    /// - Throws: a client error where neither `to` nor `recipient` is given, or one of them is no non-empty string.
    init(_ payload: Payload, content: MessageContent) throws(ClientError) {
        let to = try payload.optional("to", .filledString)
        let recipient = try payload.optional("recipient", .filledString)
        if to == nil && recipient == nil {
            throw ClientError("to is missing: expected a non-empty string, or recipient in its place")
        }
        self.pair = RecipientPair(to: to, recipient: recipient)
        let callback = payload["biz_opaque_callback_data"]
        self.callback = CallbackData(callback)

        var writer = JSONWriter()
        writer.object { message in
            message.member("messaging_product", string: "whatsapp")
            message.member("recipient_type", asGiven: payload["recipient_type"])
            message.member("to", asGiven: to)
            message.member("recipient", asGiven: recipient)
            message.member("type", string: content.type)
            message.member(content.type, raw: content.json)
            if content.mayQuote { message.quote(payload) }
            message.member("recipient_identity_key_hash", asGiven: payload["recipient_identity_key_hash"])
            message.member("biz_opaque_callback_data", asGiven: callback)
        }
        self.body = writer.bytes
    }
}

extension JSONObjectWriter {
    /// Writes a member byte for byte as the requester wrote it, or nothing where it is `nil`.
    mutating func member(_ key: String, asGiven value: JSONValue?) {
        guard let value else { return }
        self.member(key, raw: value.bytes)
    }

    /// Writes `context`: the payload's own, else one made of `reply_to`, else none.
    fileprivate mutating func quote(_ payload: Payload) {
        if let context = payload["context"] {
            self.member("context", raw: context.bytes)
        } else if let quoted = payload["reply_to"], quoted.string != "" {
            self.member("context") { $0.member("message_id", raw: quoted.bytes) }
        }
    }
}
