/// A webhook as the test posts it, with all that must be in the stream once it has been answered 200.
struct PostedWebhook: Sendable {
    /// One message that the ingress is to store.
    struct Event: Hashable, Sendable {
        /// Its `Nats-Msg-Id`.
        let messageID: String
        let subject: String
        /// Where its payload lies in the body.
        let payload: Range<Int>
    }

    /// Whether it is posted again although it was answered 200.
    enum Repetition: Hashable, Sendable {
        case none
        /// At the same moment, over another connection.
        case atOnce
        /// So long after the first 200.
        case after(Duration)
    }

    let number: Int
    let body: [UInt8]
    /// In the order in which they are to be published.
    let events: [Event]
    let repetition: Repetition
}
