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
        self.field = change["field"]
        self.value = change["value"]
        self.isMessages = self.field?.isString("messages") ?? false
        // One walk over a value that may be long; a repeated key means its last member, as everywhere.
        var metadata, contacts, messages, statuses, errors: JSONValue?
        if let value = self.value {
            for (key, member) in value.members {
                if key.isString("metadata") {
                    metadata = member
                } else if key.isString("contacts") {
                    contacts = member
                } else if key.isString("messages") {
                    messages = member
                } else if key.isString("statuses") {
                    statuses = member
                } else if key.isString("errors") {
                    errors = member
                }
            }
        }
        self.contacts = contacts
        self.parts = [messages.map(Part.messages), statuses.map(Part.statuses), errors.map(Part.errors)]
            .compactMap(\.self).sorted { $0.start < $1.start }
        self.phoneNumberID = metadata?["phone_number_id"]
        let phoneNumberID = self.phoneNumberID?.headerValue.map { (HeaderName.phoneNumberID, $0) }
        self.headers = (phoneNumberID.map { [$0] } ?? []) + headers
    }
}
