/// The server's word that a pull request is over.
enum PullStatus: Hashable {
    /// The request's time is over, or there is no message for it (408, 404).
    case expired
    /// The consumer is gone, or cannot be pulled from.
    case consumerGone(String)
    /// The consumer allows smaller batches only; `nil` where the server does not say how large.
    case batchTooLarge(limit: Int?)
    /// A limit of the consumer was met that time alone can lift, such as its number of waiting requests.
    case limitMet(String)
    /// Nobody answers for the consumer: it is gone, or its leader is.
    case noResponders
    /// The request has ended for a reason that does not concern the next one, such as a new leader.
    case interrupted

    /// Reads the headers `Status` and `Description` of a message without payload.
    init(code: String, description: String) {
        let words = description.lowercased()
        self =
            switch code {
            case "404", "408":
                .expired
            case "503":
                .noResponders
            case "409" where words.contains("consumer deleted") || words.contains("push based"):
                .consumerGone(description)
            case "409" where words.contains("maxrequestbatch"):
                .batchTooLarge(limit: words.split(separator: " ").last.flatMap { Int($0) })
            case "409" where words.hasPrefix("exceeded"):
                .limitMet(description)
            default:
                .interrupted
            }
    }
}
