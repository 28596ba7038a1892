import JSONBytes

/// One element of `entry[].changes[]`, its members looked up once.
struct Change {
    /// What a `messages` change is taken apart into.
    enum Part {
        case messages(JSONValue)
        case statuses(JSONValue)
        case errors(JSONValue)

        fileprivate var start: Int {
            switch self {
            case .messages(let array), .statuses(let array), .errors(let array): array.range.lowerBound
            }
        }
    }

    let whole: JSONValue
    let field: JSONValue?
    let value: JSONValue?
    /// `value.metadata.phone_number_id`, whatever its kind.
    let phoneNumberID: JSONValue?
    /// `value.contacts`.
    let contacts: JSONValue?
    /// The arrays of events, in the order in which they stand in `value`.
    let parts: [Part]
    /// What every event of the change has: its phone number ID, and its entry's headers.
    let headers: [InboundEvent.Header]
    /// Whether `field` is `messages`.
    let isMessages: Bool

    /// - Parameter headers: what every event of the entry has.
    init(_ change: JSONValue, headers: [InboundEvent.Header]) {
        self.whole = change
        let members = change.members(["field", "value"])
        (self.field, self.value) = (members[0], members[1])
        self.isMessages = self.field?.isString("messages") ?? false
        let inside = self.value?.members(["metadata", "contacts", "messages", "statuses", "errors"])
        self.phoneNumberID = inside?[0]?["phone_number_id"]
        self.contacts = inside?[1]
        self.parts = [inside?[2].map(Part.messages), inside?[3].map(Part.statuses), inside?[4].map(Part.errors)]
            .compactMap(\.self).sorted { $0.start < $1.start }
        let phoneNumberID = self.phoneNumberID?.headerValue.map { (HeaderName.phoneNumberID, $0) }
        self.headers = (phoneNumberID.map { [$0] } ?? []) + headers
    }
}
