import JSONBytes
import NATSClient

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
    let headers: [NATSHeader]
    /// Whether `field` is `messages`.
    let isMessages: Bool

    /// - Parameter headers: what every event of the entry has.
    init(_ change: JSONValue, headers: [NATSHeader]) {
        self.whole = change
        let members = change.members(["field", "value"])
        (self.field, self.value) = (members[0], members[1])
        self.isMessages = self.field?.isString("messages") ?? false
        let inside = self.value?.members(["metadata", "contacts", "messages", "statuses", "errors"])
        self.phoneNumberID = inside?[0]?["phone_number_id"]
        self.contacts = inside?[1]
        var parts: [Part] = []
        if let messages = inside?[2] { parts.append(.messages(messages)) }
        if let statuses = inside?[3] { parts.append(.statuses(statuses)) }
        if let errors = inside?[4] { parts.append(.errors(errors)) }
        if parts.count > 1 { parts.sort { $0.start < $1.start } }
        self.parts = parts
        let phoneNumberID = self.phoneNumberID?.headerValue.map { NATSHeader(HeaderName.phoneNumberID, $0) }
        self.headers = phoneNumberID.map { [$0] + headers } ?? headers
    }
}
