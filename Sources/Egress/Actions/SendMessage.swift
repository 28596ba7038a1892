import JSONBytes

extension MessageContent {
    /// `sendMessage`: `text`, and `preview_url` (false unless given).
    static func text(_ payload: Payload) throws(ClientError) -> MessageContent {
        let text = try payload.required("text", .filledString)
        let preview = try payload.optional("preview_url", .boolean)
        return MessageContent(type: "text") { content in
            content.member("body", raw: text.bytes)
            content.member("preview_url", bool: preview?.bool ?? false)
        }
    }
}
