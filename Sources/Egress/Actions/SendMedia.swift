import JSONBytes

/// `sendImage`, `sendDocument`, `sendVideo`, `sendAudio`, `sendSticker`: a file and what goes with it.
extension MessageContent {
    static func image(_ payload: Payload) throws(ClientError) -> MessageContent {
        try Self.media("image", MediaSource(payload), ["caption": payload["caption"]])
    }

    static func document(_ payload: Payload) throws(ClientError) -> MessageContent {
        try Self.media(
            "document", MediaSource(payload), ["caption": payload["caption"], "filename": payload["filename"]])
    }

    static func video(_ payload: Payload) throws(ClientError) -> MessageContent {
        try Self.media("video", MediaSource(payload), ["caption": payload["caption"]])
    }

    static func audio(_ payload: Payload) throws(ClientError) -> MessageContent {
        try Self.media("audio", MediaSource(payload), ["voice": payload.optional("voice", .boolean)])
    }

    static func sticker(_ payload: Payload) throws(ClientError) -> MessageContent {
        try Self.media("sticker", MediaSource(payload), [:])
    }

    private static func media(
        _ type: String, _ source: MediaSource, _ extras: KeyValuePairs<String, JSONValue?>
    ) -> MessageContent {
        MessageContent(type: type) { content in
            content.member(source.member, raw: source.value.bytes)
            for (name, value) in extras { content.member(name, asGiven: value) }
        }
    }
}

/// Where Meta finds the file: an uploaded media's `id`, or a `link` that it fetches itself.
///
/// Meta takes exactly one of the two: where both are given, `media_id` wins and the link is left out.
private struct MediaSource {
    let member: String
    let value: JSONValue

    init(_ payload: Payload) throws(ClientError) {
        if let id = try payload.optional("media_id", .string), id.string != "" {
            self.member = "id"
            self.value = id
        } else if let link = try payload.optional("link", .filledString) {
            self.member = "link"
            self.value = link
        } else {
            throw ClientError("neither media_id nor link is given: expected one of them, a non-empty string")
        }
    }
}
