/// A message that a consumer has delivered.
package struct Delivery: Sendable {
    package let message: NATSMessage
    package let ack: AckSubject

    package init(message: NATSMessage, ack: AckSubject) {
        self.message = message
        self.ack = ack
    }

    /// - Returns: `nil` for what no consumer has delivered, such as the server's word on a pull request.
    init?(_ message: ReceivedMessage) {
        guard let reply = message.reply, let ack = AckSubject(reply) else { return nil }
        self.init(message: message.copied(reply: reply), ack: ack)
    }
}
