extension NATSConnection {
    private static let acknowledgement = Array("+ACK".utf8)[...]
    private static let progress = Array("+WPI".utf8)[...]

    /// Tells the consumer that a delivery is settled, and calls back once when the server has confirmed it.
    ///
    /// The callback comes from any thread and must return at once. The confirmation says that the server has the ack,
    /// not that the delivery was still waiting for it. Fails with `noResponders` where the consumer is gone, else as
    /// `request` does: the message then may come again.
    package func acknowledge(
        _ ack: AckSubject, timeout: Duration, completion: @escaping @Sendable (Result<Void, NATSError>) -> Void
    ) {
        let handler: ReplyInbox.Handler = { reply in completion(reply.map { _ in () }) }
        guard let number = self.expect([handler], timeout: timeout) else {
            return completion(.failure(NATSError(.closed, "the connection to NATS is closed")))
        }
        self.link.write(OutgoingMessage(subject: ack.text, payload: Self.acknowledgement), number: number)
    }

    /// Tells the consumer that a delivery is settled, and waits until the server has confirmed it.
    ///
    /// - Throws: `NATSError` with code `noResponders` where the consumer is gone, else as `request` does: the message
    ///   then may come again.
    package func acknowledge(_ ack: AckSubject, timeout: Duration) async throws(NATSError) {
        let result = await withCheckedContinuation { continuation in
            self.acknowledge(ack, timeout: timeout) { continuation.resume(returning: $0) }
        }
        try result.get()
    }

    /// Tells the consumer that deliveries are still being worked on: each one's `ackWait` begins again.
    ///
    /// There is no answer, and no word if that is lost on the way.
    package func extend(_ acks: [AckSubject]) {
        self.link.write(acks.map { OutgoingMessage(subject: $0.text, payload: Self.progress) })
    }

    /// Tells the consumer that a delivery is still being worked on.
    package func extend(_ ack: AckSubject) {
        self.extend([ack])
    }
}
