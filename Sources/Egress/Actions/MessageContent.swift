import JSONBytes

/// What a message says: its `type`, and the JSON of the member that bears the type's name.
struct MessageContent {
    let type: String
    let json: [UInt8]
    /// Whether the message may quote another by `reply_to` or `context`; reactions take neither at Meta.
    var mayQuote = true

    /// A content that the gateway writes itself.
    init(type: String, mayQuote: Bool = true, _ members: (inout JSONObjectWriter) -> Void) {
        var writer = JSONWriter()
        writer.object(members)
        self.type = type
        self.json = writer.bytes
        self.mayQuote = mayQuote
    }

    /// A content that is passed on byte for byte.
    init(type: String, asGiven value: JSONValue) {
        self.type = type
        self.json = Array(value.bytes)
    }
}
