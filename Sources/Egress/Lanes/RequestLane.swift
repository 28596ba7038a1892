import Addressing
import Logging
import NATSClient

/// The request lane of one account: takes requests from its queue group, has them sent, and answers.
final class RequestLane: Sendable {
    /// Workers of one account share its requests through this queue group.
    static let queueGroup = "whatsapp-egress"

    private let sender: AccountSender
    private let connection: NATSConnection
    private let subjects: OutboundSubjects
    private let events: EventPublisher
    private let subscription: NATSSubscription

    /// Subscribes; requests are taken from now on.
    init(_ sender: AccountSender, connection: NATSConnection, events: EventPublisher) {
        self.sender = sender
        self.connection = connection
        self.events = events
        let subjects = OutboundSubjects(of: sender.account.name)
        self.subjects = subjects
        let intake = RequestIntake(sender: sender, connection: connection, subjects: subjects, events: events)
        self.subscription = connection.subscribe(subjects.requests, queueGroup: Self.queueGroup) { message in
            intake.receive(message)
        }
    }

    /// Takes no new requests, and returns when those that came are answered; at `deadline` the ones still waiting are
    /// answered unsent.
    func drain(by deadline: ContinuousClock.Instant) async {
        await self.connection.drain(self.subscription)
        await self.sender.drain(by: deadline)
    }
}

/// What happens to one request after another; called by the subscription, returns at once.
private struct RequestIntake: Sendable {
    let sender: AccountSender
    let connection: NATSConnection
    let subjects: OutboundSubjects
    let events: EventPublisher

    func receive(_ message: NATSMessage) {
        let received = ContinuousClock.now
        let action = self.subjects.action(ofRequest: message.subject).map(String.init) ?? ""
        do throws(ClientError) {
            let terms = try RequestTerms(message)
            var call = try OutboundCall(
                action: action, payload: message.payload, from: self.sender.account.phoneNumberID)
            call.call.traceparent = terms.traceparent
            let request = Request(message: message, action: action, call: call, traceparent: terms.traceparent)
            self.sender.submit(
                PendingSend(call: call, lane: .request, writeBy: received + terms.time) { end in
                    self.finish(request, end)
                })
        } catch {
            let request = Request(message: message, action: action, call: nil, traceparent: nil)
            self.answer(request, Reply(.invalid(error)))
        }
    }

    private struct Request: Sendable {
        let message: NATSMessage
        /// The action token of the subject, as it came.
        let action: String
        let call: OutboundCall?
        let traceparent: String?
    }

    private func finish(_ request: Request, _ end: SendEnd) {
        switch end {
        case .settled(let verdict), .outOfTime(last: let verdict?):
            self.answer(request, Reply(verdict))
        case .outOfTime(last: nil):
            self.answer(request, Reply(.unreached("its time was over before its turn came")))
        case .paused(let answer):
            self.answer(request, Reply(CallResult(.answered(answer), of: request.call?.action ?? .raw, token: self.sender.account.accessToken)))
        case .overloaded:
            self.answer(request, Reply(.overloaded(waiting: self.sender.counters.waitingRequests)))
        }
    }

    private func answer(_ request: Request, _ reply: Reply) {
        if let subject = request.message.reply {
            let reply = reply.fitting(maxPayload: self.connection.maximumPayload)
            self.connection.publish(
                OutgoingMessage(
                    subject: subject, headers: reply.headers.map { NATSHeader($0.0, $0.1) }, payload: reply.payload))
        }
        if let failure = reply.failure {
            self.events.publish(
                ErrorEvent(
                    action: request.action, payload: request.message.payload, call: request.call, failure),
                traceparent: request.traceparent)
        }
    }
}
