import Addressing

/// All that a webhook leads to: what is to be published, in this order, and what is to be warned of and counted.
struct WebhookEvents: Sendable {
    /// The most events of one body; Meta puts at most 1,000 updates into one.
    static let limit = 100_000

    /// What is to be published, in this order.
    var events: [InboundEvent] = []
    /// The phone number IDs that no account has, in a header value's escaping; `none` where a change has no usable one.
    var unroutedPhoneNumberIDs: Set<String> = []
    /// How many changes of each account are too large for an `in.webhook` copy.
    var omittedCopies: [AccountName: Int] = [:]
    /// The body's `object`, in a header value's escaping, where that is not WhatsApp's: nothing is published.
    var foreignObject: String?
}
