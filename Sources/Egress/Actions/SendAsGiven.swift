/// `sendContact`, `sendTemplate`, `sendInteractive`: Meta changes these often, so they pass through byte for byte.
extension MessageContent {
    static func contacts(_ payload: Payload) throws(ClientError) -> MessageContent {
        MessageContent(type: "contacts", asGiven: try payload.required("contacts", .filledArray))
    }

    static func template(_ payload: Payload) throws(ClientError) -> MessageContent {
        MessageContent(type: "template", asGiven: try payload.required("template", .object))
    }

    static func interactive(_ payload: Payload) throws(ClientError) -> MessageContent {
        MessageContent(type: "interactive", asGiven: try payload.required("interactive", .object))
    }
}
