import JSONBytes

extension MessageContent {
    /// `sendLocation`: `latitude` and `longitude` to the last digit as written, `name` and `address` where given.
    static func location(_ payload: Payload) throws(ClientError) -> MessageContent {
        let latitude = try payload.required("latitude", .number)
        let longitude = try payload.required("longitude", .number)
        return MessageContent(type: "location") { content in
            content.member("latitude", raw: latitude.bytes)
            content.member("longitude", raw: longitude.bytes)
            content.member("name", asGiven: payload["name"])
            content.member("address", asGiven: payload["address"])
        }
    }
}
