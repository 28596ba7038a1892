extension Link {
    /// What is asked of the link's thread, or told to it.
    enum Command: Sendable {
        /// `number` is what the reply inbox knows the message by; the reply subject is made from it.
        case publish(OutgoingMessage, number: UInt64?)
        /// A message whose reply, if any, goes to a subject of the caller's.
        case forward(OutgoingMessage, reply: String)
        case subscribe(NATSSubscription)
        case drain(NATSSubscription)
        case subscriptionEnded(LinkSession.Seat)
        case reconnected
        /// The server has refused a subscription or a publish, in its words.
        case notPermitted(String)
        case connectionClosed
        case close(flushMilliseconds: Int)
        /// Nothing is to be done but to come round.
        case poke
    }
}
