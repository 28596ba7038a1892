import JSONBytes

extension MessageContent {
    /// `sendReaction`: `message_id` and `emoji`; an empty emoji takes the reaction away.
    static func reaction(_ payload: Payload) throws(ClientError) -> MessageContent {
        let reactedTo = try payload.required("message_id", .filledString)
        let emoji = try payload.required("emoji", .string)
        return MessageContent(type: "reaction", mayQuote: false) { content in
            content.member("message_id", raw: reactedTo.bytes)
            content.member("emoji", raw: emoji.bytes)
        }
    }
}
