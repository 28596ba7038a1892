import Addressing
import NATSClient
import TraceContext

extension Traces {
    /// Starts the span of a request, from its receipt to its answer.
    func startRequest(_ message: NATSMessage, action: String, of account: AccountName) -> TraceSpan {
        let span = self.start(.request, continuing: TraceHeaders(message))
        span.process(action, of: account, from: RequestLane.queueGroup) { action in
            let subjects = OutboundSubjects(of: account)
            return action.map { subjects.request($0.rawValue) } ?? subjects.requests
        }
        return span
    }

    /// Starts the span of a job, from its delivery to its settlement.
    func startJob(_ job: Job, of account: AccountName) -> TraceSpan {
        let span = self.start(.job, continuing: TraceHeaders(job.message))
        span.process(job.action, of: account, from: QueueConsumer.name(of: account)) { action in
            let subjects = OutboundSubjects(of: account)
            return action.map { subjects.job($0.rawValue) } ?? subjects.jobs
        }
        return span
    }
}

extension TraceSpan {
    /// Starts the span of one try of a call.
    func startCall(_ call: GraphCall) -> TraceSpan {
        let span = self.startChild(.graphCall)
        span.set(.httpMethod, call.method.rawValue)
        return span
    }

    func endCall(_ result: CallResult) {
        if let status = result.answer?.status { self.set(.httpStatus, status) }
        self.end(error: result.failure?.summary)
    }

    func endJob(_ end: JobEnd) {
        switch end {
        case .sent: self.end()
        case .dead(let reason, _): self.end(error: reason.rawValue)
        case .withdrawn: self.end(error: "withdrawn")
        }
    }

    /// - Parameter destination: the subject; a pattern for an action that is none of ours, whose name a stranger chose.
    fileprivate func process(
        _ action: String, of account: AccountName, from group: @autoclosure () -> String,
        _ destination: (Action?) -> String
    ) {
        guard self.isRecording else { return }
        let action = Action(rawValue: action)
        self.set(.messagingSystem, "nats")
        self.set(.messagingOperationType, "process")
        self.set(.messagingOperationName, "process")
        self.set(.messagingDestination, destination(action))
        self.set(.messagingConsumerGroup, group())
        self.set(.account, account.value)
        if let action { self.set(.action, action.rawValue) }
    }
}

extension GraphCall {
    /// The call as it is written below a span; as it is where there is none.
    func traced(by span: TraceSpan?) -> GraphCall {
        guard let span else { return self }
        var call = self
        call.trace = span.headers
        return call
    }
}

extension TraceHeaders {
    /// The place in a trace that a message's headers name.
    init(_ message: NATSMessage) {
        self.init(message.headers.lazy.map { ($0.name, $0.value) })
    }
}
