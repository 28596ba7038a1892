/// Something could not be done with NATS.
package struct NATSError: Error, Hashable, CustomStringConvertible {
    /// What the caller can tell apart.
    package enum Code: Hashable, Sendable {
        /// There is no connection, or it broke before the answer came; try again once it is back.
        case disconnected
        /// No answer in time; whether the message arrived is unknown.
        case timeout
        /// Nobody is subscribed to the subject of a request: for JetStream, no stream covers it or JetStream is off.
        case noResponders
        /// The server answered, and the answer is a refusal.
        case refused
        /// More is waiting to be written than may be held.
        case overloaded
        /// The message does not fit the server's `max_payload`.
        case tooLarge
        /// The connection has been closed by this side.
        case closed
    }

    package let code: Code
    /// Words for the log; never a secret.
    package let message: String
    /// The `err_code` of a JetStream API error, such as 10077 (maximum bytes reached).
    package let jetStreamCode: Int?

    package init(_ code: Code, _ message: String, jetStreamCode: Int? = nil) {
        self.code = code
        self.message = message
        self.jetStreamCode = jetStreamCode
    }

    package var description: String { self.message }
}
