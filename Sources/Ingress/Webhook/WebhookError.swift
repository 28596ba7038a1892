/// Why nothing of a webhook's body can be published.
struct WebhookError: Error, Hashable {
    enum Code: Hashable {
        /// Not JSON, not UTF-8, nested too deep, or no object with an `entry` array: HTTP status 400.
        case malformed
        /// One event needs a `max_payload` of so many bytes, its headers included: HTTP status 413.
        case tooLarge(needed: Int)
        /// More than `WebhookEvents.limit` events, which no webhook of Meta's comes near: HTTP status 413.
        case tooManyEvents
    }

    let code: Code
    /// What is wrong, for the log; it holds nothing of the body.
    let message: String
}
