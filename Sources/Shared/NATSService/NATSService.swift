package import Logging
package import NATSClient
import Synchronization

/// One instance of a service that NATS' service discovery finds (ADR-32): `nats micro ls`, `nats micro stats`.
package struct NATSService: Sendable {
    private let identity: ServiceIdentity
    private let answers: ServiceAnswers
    private let connection: NATSConnection
    private let logger: Logger

    /// - Parameters:
    ///   - name: the kind of service, which all its instances share: `[A-Za-z0-9_-]`.
    ///   - version: as semver.org has it.
    package init(
        name: String, version: String, description: String, endpoints: [ServiceEndpoint],
        metadata: [String: String] = [:], connection: NATSConnection, logger: Logger
    ) {
        self.identity = ServiceIdentity(name: name, version: version, description: description, metadata: metadata)
        self.answers = ServiceAnswers(self.identity, endpoints)
        self.connection = connection
        self.logger = logger
    }

    /// 32 hexadecimal digits, other for each instance.
    package var id: String { self.identity.id }

    /// Answers whoever asks, until the task is cancelled: from that moment on nobody is answered, and the subscriptions
    /// go away by themselves.
    package func run() async {
        let desk = AnswerDesk(self.answers, connection: self.connection, logger: self.logger)
        let subscriptions = ServiceVerb.allCases.flatMap { verb in
            verb.subjects(of: self.identity).map { subject in
                self.connection.subscribe(subject, refused: { desk.refused() }) { desk.answer(verb, to: $0) }
            }
        }
        await withTaskCancellationHandler {
            while !Task.isCancelled { try? await Task.sleep(for: .seconds(3600)) }
        } onCancel: {
            desk.close()
        }
        for subscription in subscriptions {
            // Nobody waits for the last question, which is not answered.
            await self.connection.drain(subscription, by: .now)
        }
    }
}

/// Answers questions within bounds, from the moment it is there until it is closed.
private final class AnswerDesk: Sendable {
    private struct State {
        var allowance = AnswerAllowance(at: .now)
        var isClosed = false
        var hasToldOfSize = false
        var hasToldOfRefusal = false
    }

    private let answers: ServiceAnswers
    private let connection: NATSConnection
    private let logger: Logger
    private let state = Mutex(State())

    init(_ answers: ServiceAnswers, connection: NATSConnection, logger: Logger) {
        self.answers = answers
        self.connection = connection
        self.logger = logger
    }

    func answer(_ verb: ServiceVerb, to reply: String) {
        guard self.state.withLock({ !$0.isClosed && $0.allowance.allows(at: .now) }) else { return }
        let answer = self.answers.answer(to: verb)
        self.state.withLock { $0.allowance.spend(answer.count) }
        guard answer.count <= self.connection.maximumPayload else { return self.tooLarge(answer.count) }
        self.connection.publish(OutgoingMessage(subject: reply, payload: answer))
    }

    func close() {
        self.state.withLock { $0.isClosed = true }
    }

    /// Called for each of the subjects, after each connect.
    func refused() {
        let isNews = self.state.withLock { state in
            defer { state.hasToldOfRefusal = true }
            return !state.hasToldOfRefusal
        }
        guard isNews else { return }
        self.logger.warning(
            "NATS does not permit service discovery; `nats micro` will not show this process: permit its user to subscribe to \"$SRV.>\""
        )
    }

    private func tooLarge(_ size: Int) {
        let isNews = self.state.withLock { state in
            defer { state.hasToldOfSize = true }
            return !state.hasToldOfSize
        }
        guard isNews else { return }
        self.logger.warning(
            """
            service discovery is not answered, since the answer is too large; raise max_payload in the NATS server's \
            configuration, or serve fewer accounts with one process
            """,
            metadata: ["needed": "\(size)", "max_payload": "\(self.connection.maximumPayload)"])
    }
}
