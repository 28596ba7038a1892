import Addressing
import NATSClient

/// What happens to one request after another; called by the subscription, returns at once.
struct RequestIntake: Sendable {
    let sender: AccountSender
    let connection: NATSConnection
    let events: EventPublisher
    let idempotency: IdempotencyStore
    /// How long a call may take once its writing has begun.
    let callTime: Duration
    /// Requests with an idempotency key, which need more than one step.
    let keyed: AsyncStream<KeyedRequest>.Continuation
    /// How many of those are under way, from receipt to answer.
    let keyedCount: BoundedCount

    /// Checks a request and has it sent; what is wrong with it is answered at once.
    func receive(_ message: NATSMessage) {
        let received = ContinuousClock.now
        let action = OutboundSubjects.lastToken(of: message.subject)
        do throws(ClientError) {
            let terms = try RequestTerms(message)
            var call = try OutboundCall(
                action: action, payload: message.payload, from: self.sender.account.phoneNumberID)
            call.call.traceparent = terms.traceparent
            let request = AcceptedRequest(
                message: message, action: action, call: call, traceparent: terms.traceparent,
                received: received, writeBy: received + terms.time)
            guard let key = terms.idempotencyKey else {
                return self.submit(request) { end, _ in self.answer(request, self.reply(to: request, end)) }
            }
            if self.keyedCount.enter() {
                self.keyed.yield(KeyedRequest(request: request, key: key))
            } else {
                self.answer(request, Reply(.overloaded(waiting: self.keyedCount.limit)))
            }
        } catch {
            let reply = Reply(.invalid(error))
            self.sender.logger.ended(action, reply, since: received)
            self.send(reply, to: message)
            self.tellFailure(of: message, action: action, call: nil, reply, traceparent: nil)
        }
    }

    func submit(_ request: AcceptedRequest, ended: @escaping @Sendable (SendEnd, Int) -> Void) {
        self.sender.submit(
            PendingSend(call: request.call, lane: .request, writeBy: request.writeBy, ended: ended))
    }

    /// The reply that the end of a call makes.
    func reply(to request: AcceptedRequest, _ end: SendEnd) -> Reply {
        switch end {
        case .settled(let result), .outOfTime(last: let result?), .outOfAttempts(let result?),
            .withdrawn(last: let result?):
            Reply(result)
        case .outOfTime(last: nil), .outOfAttempts(nil), .withdrawn(last: nil):
            Reply(.unreached("its time was over before its turn came"))
        case .paused(let answer):
            Reply(CallResult(.answered(answer), of: request.call.action, token: self.sender.account.accessToken))
        case .overloaded:
            Reply(.overloaded(waiting: self.sender.counters.waitingRequests))
        }
    }

    /// Answers the requester, and tells the account's readers of a failure; that a reply did not fit is none.
    func answer(_ request: AcceptedRequest, _ reply: Reply) {
        self.sender.logger.ended(request.action, reply, since: request.received)
        self.send(reply, to: request.message)
        self.tellFailure(
            of: request.message, action: request.action, call: request.call, reply, traceparent: request.traceparent)
    }

    /// Answers the requester, if it asked for an answer.
    func send(_ reply: Reply, to message: NATSMessage) {
        guard let subject = message.reply else { return }
        let reply = reply.fitting(maxPayload: self.connection.maximumPayload)
        let headers = reply.headers.map { NATSHeader($0.0, $0.1) }
        self.connection.publish(OutgoingMessage(subject: subject, headers: headers, payload: reply.payload))
    }

    private func tellFailure(
        of message: NATSMessage, action: String, call: OutboundCall?, _ reply: Reply, traceparent: String?
    ) {
        guard let failure = reply.failure else { return }
        let event = ErrorEvent(action: action, payload: message.payload, call: call, failure)
        self.events.publish(event, traceparent: traceparent)
    }
}

/// A request that is what its action needs.
struct AcceptedRequest: Sendable {
    let message: NATSMessage
    /// The action token of the subject, as it came.
    let action: String
    let call: OutboundCall
    let traceparent: String?
    let received: ContinuousClock.Instant
    /// The end of the requester's time.
    let writeBy: ContinuousClock.Instant
}

/// A request that is to be sent once, however often it comes.
struct KeyedRequest: Sendable {
    let request: AcceptedRequest
    let key: String
}

extension OutboundSubjects {
    /// The action token of a subject that a lane of the account received.
    static func lastToken(of subject: String) -> String {
        subject.split(separator: ".", omittingEmptySubsequences: false).last.map(String.init) ?? ""
    }
}
