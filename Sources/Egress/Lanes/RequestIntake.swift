import Addressing
import NATSClient
import NATSService
import TraceContext

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
    /// What service discovery tells of the requests.
    let tally: EndpointTally
    let traces: Traces

    /// Checks a request and has it sent; what is wrong with it is answered at once.
    func receive(_ message: NATSMessage) {
        let received = ReceivedRequest(message, at: .now, of: self.sender.account.name, self.traces)
        do throws(ClientError) {
            let terms = try RequestTerms(message)
            let call = try OutboundCall(
                action: received.action, payload: message.payload, from: self.sender.account.phoneNumberID)
            let request = AcceptedRequest(received: received, call: call, writeBy: received.instant + terms.time)
            guard let key = terms.idempotencyKey else {
                return self.submit(request) { end, _ in self.answer(request, self.reply(to: request, end)) }
            }
            if self.keyedCount.enter() {
                self.keyed.yield(KeyedRequest(request: request, key: key))
            } else {
                self.answer(request, Reply(.overloaded(waiting: self.keyedCount.limit)))
            }
        } catch {
            self.answer(received, call: nil, Reply(.invalid(error)))
        }
    }

    func submit(_ request: AcceptedRequest, ended: @escaping @Sendable (SendEnd, Int) -> Void) {
        self.sender.submit(
            PendingSend(
                call: request.call, lane: .request, writeBy: request.writeBy, span: request.received.span,
                ended: ended))
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
        self.answer(request.received, call: request.call, reply)
    }

    /// The request has its answer, which is counted and logged; its span ends.
    ///
    /// - Parameters:
    ///   - action: nil for a name of which there is none.
    ///   - failure: nil where there is none, or the first request with its key has told of it.
    ///   - error: as service discovery shows it; nil where there is none.
    func ended(
        _ request: ReceivedRequest, _ action: Action?, _ outcome: SendOutcome, _ failure: Failure?, error: String?
    ) {
        self.sender.metrics.ended(action, .request, outcome)
        self.sender.logger.ended(action, outcome, failure, since: request.instant)
        self.tally.record(processing: .now - request.instant, error: error)
        request.span.end(error: error)
    }

    private func answer(_ request: ReceivedRequest, call: OutboundCall?, _ reply: Reply) {
        self.send(reply, to: request.message)
        if let failure = reply.failure {
            let event = ErrorEvent(action: request.action, payload: request.message.payload, call: call, failure)
            self.events.publish(event, request.span.headers)
        }
        let action = call?.action ?? Action(rawValue: request.action)
        self.ended(request, action, reply.outcome, reply.failure, error: reply.failure?.summary)
    }

    /// Answers the requester, if it asked for an answer.
    private func send(_ reply: Reply, to message: NATSMessage) {
        guard let subject = message.reply else { return }
        let reply = reply.fitting(maxPayload: self.connection.maximumPayload)
        let headers = reply.headers.map { NATSHeader($0.0, $0.1) }
        self.connection.publish(OutgoingMessage(subject: subject, headers: headers, payload: reply.payload))
    }
}

/// A request as it came, whatever is in it.
struct ReceivedRequest: Sendable {
    let message: NATSMessage
    /// The action token of the subject, as it came.
    let action: String
    /// When it was received.
    let instant: ContinuousClock.Instant
    /// From here to the answer.
    let span: TraceSpan

    init(_ message: NATSMessage, at instant: ContinuousClock.Instant, of account: AccountName, _ traces: Traces) {
        self.message = message
        self.action = OutboundSubjects.lastToken(of: message.subject)
        self.instant = instant
        self.span = traces.startRequest(message, action: self.action, of: account)
    }
}

/// A request that is what its action needs.
struct AcceptedRequest: Sendable {
    let received: ReceivedRequest
    let call: OutboundCall
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
