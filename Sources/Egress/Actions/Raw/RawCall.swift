import Addressing
import JSONBytes

/// `raw`: any Graph API call below the configured version, its body byte for byte as given.
struct RawCall {
    let call: GraphCall
    /// The recipient that a body for this number's own `/messages` names.
    let pair: RecipientPair?
    /// Whether the call goes to `<phone_number_id>/messages` of this account, named or by default, with or without a
    /// query. Another number's `/messages` is none of ours: neither its rate nor its pairs are counted here.
    let isToOwnMessages: Bool
    /// Whether the payload has a path of its own.
    let namesItsPath: Bool
    /// The bot's own, or none: what the body is, is not ours to change.
    let callback: CallbackData

    /// - Throws: a client error where `path`, `method` or `query` is not what it may be, or a POST has no `body`.
    init(_ payload: Payload, from id: PhoneNumberID) throws(ClientError) {
        let method = try Self.method(payload)
        let body = payload["body"]
        if body == nil && method == .post {
            throw ClientError("body is missing: expected a JSON value, unless method is GET or DELETE")
        }
        let given = try payload.optional("path", .string)?.string.flatMap { path throws(ClientError) in
            try GraphPath(path)
        }
        var path = given ?? GraphPath(ownMessagesOf: id)
        self.namesItsPath = given != nil
        self.isToOwnMessages = path.isMessages(of: id)
        try path.append(query: payload.optional("query", .object))
        self.call = GraphCall(method: method, path: path.text, body: body.map { Array($0.bytes) })
        self.callback = .chosen(self.isToOwnMessages ? body?["biz_opaque_callback_data"]?.string : nil)
        self.pair = self.isToOwnMessages ? RecipientPair(to: body?["to"], recipient: body?["recipient"]) : nil
    }

    private static func method(_ payload: Payload) throws(ClientError) -> GraphCall.Method {
        guard let name = try payload.optional("method", .string)?.string else { return .post }
        guard let method = GraphCall.Method(rawValue: name) else {
            throw ClientError("method is none that is known: expected POST, GET or DELETE")
        }
        return method
    }
}
