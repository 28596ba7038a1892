import JSONBytes

/// Who chose what the status webhooks of a message name it by (`biz_opaque_callback_data`).
enum CallbackData: Hashable, Sendable {
    /// Nobody: a job's message gets a value of the gateway's own.
    case open
    /// The bot; `nil` where its value is no string, or the body has none to give.
    case chosen(String?)

    /// Reads what a message's body, or the payload it is made from, says of it; `null` is as good as nothing.
    init(_ value: JSONValue?) {
        if let value, !value.isNull {
            self = .chosen(value.string)
        } else {
            self = .open
        }
    }
}

extension GraphCall {
    /// The call with a callback value put at the end of its body, which is a JSON object of the gateway's own making
    /// without one.
    func carrying(_ callback: OwnCallback) -> GraphCall {
        guard var body = self.body, body.last == UInt8(ascii: "}") else { return self }
        body.removeLast()
        body += #","biz_opaque_callback_data":""#.utf8
        body += callback.text.utf8
        body += #""}"#.utf8
        return GraphCall(method: self.method, path: self.path, body: body, trace: self.trace)
    }
}
