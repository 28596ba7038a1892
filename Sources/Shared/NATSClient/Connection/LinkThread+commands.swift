import Logging
import Synchronization

extension LinkThread {
    func obey(_ command: Link.Command) {
        switch command {
        case .publish(let message, let number):
            self.link.took(message)
            let reply = number.map { self.link.inbox.prefix + String($0) }
            if let error = self.publish(message, reply: reply), let number {
                self.link.inbox.fail(number, error)
            }
        case .forward(let message, let reply):
            self.link.took(message)
            _ = self.publish(message, reply: reply)
        case .subscribe(let subscription):
            self.registry.append(subscription)
            if let error = self.session?.subscribe(subscription) {
                self.link.logger.error(
                    "subscribing failed, and nothing comes of this subject; see to nats-server, then restart",
                    metadata: ["error": "\(error)"])
            }
        case .drain(let subscription):
            self.drain(subscription)
        case .drained(let subscription):
            self.session?.drained(subscription)
            subscription.ended()
        case .reconnected:
            self.session.map { self.link.maximumPayload.store($0.maximumPayload, ordering: .releasing) }
            self.cameBack()
        case .notPermitted(let words):
            self.tellRefusal(words)
        case .connectionClosed:
            self.session?.abandon()
            self.session = nil
        case .close:
            self.close()
        case .flushed:
            self.mayFinish = true
        }
    }

    private func publish(_ message: OutgoingMessage, reply: String?) -> NATSError? {
        // Posted behind the word that it is to be closed.
        guard !self.isClosing else { return NATSError(.closed, "the connection to NATS is closed") }
        guard let session = self.session else { return NATSError(.disconnected, "not connected to NATS") }
        return session.publish(message, reply: reply)
    }

    private func drain(_ subscription: NATSSubscription) {
        self.registry.removeAll { $0 === subscription }
        let commands = self.link.commands
        if self.session?.drain(subscription, delivered: { commands.post(.drained(subscription)) }) != true {
            subscription.ended()
        }
    }

    private func close() {
        self.isClosing = true
        let commands = self.link.commands
        if self.session?.isAttached != true || self.session?.mark({ commands.post(.flushed) }) != true {
            self.mayFinish = true
        }
    }

    /// The server knows every subscription again, or for the first time.
    func cameBack() {
        self.registry.forEach { $0.connectionCameBack?() }
        if self.link.reconnects.load(ordering: .relaxed) > 0 { self.link.returns.tell() }
    }

    /// Some subscriptions can be done without: who made them says what that means.
    private func tellRefusal(_ words: String) {
        let refused = self.registry.first { $0.refused != nil && words.contains("\"\($0.subject)\"") }
        if let tell = refused?.refused {
            tell()
        } else if self.refusals.allows(at: .now) {
            self.link.logger.error(
                "NATS does not permit what this process has to do; docs/operations.md says what its user needs",
                metadata: ["error": "\(words)"])
        }
    }
}
