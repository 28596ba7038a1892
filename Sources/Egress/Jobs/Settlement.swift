import Addressing
import NATSClient
import TraceContext

/// A job that has ended, and how: what is told and kept of it.
struct Settlement: Sendable {
    let job: Job
    let span: TraceSpan
    let end: JobEnd
    /// Tries that counted.
    let attempts: Int
    /// `nil` where the job never was what its action needs.
    let escort: JobEscort?

    /// What its events carry on: the job's own headers, and its span's in the trace's place.
    var headers: [NATSHeader] {
        let trace = self.span.headers
        guard let traceparent = trace.traceparent else { return self.job.ownHeaders }
        return self.job.ownHeaders.replacing("traceparent", by: traceparent)
            .replacing("tracestate", by: trace.tracestate)
    }

    private var record: JobRecord { JobRecord(id: self.job.id, attempts: self.attempts) }

    /// What `whatsapp.<name>.sent` says; `nil` where it was not sent.
    var sentEvent: SentEvent? {
        guard case .sent(let answer) = self.end, let escort = self.escort else { return nil }
        return SentEvent(
            action: escort.accepted.call.action, job: self.record, callback: escort.callback,
            response: answer?.body)
    }

    /// What `whatsapp.<name>.error` says; `nil` where nothing failed.
    var errorEvent: ErrorEvent? {
        guard case .dead(_, let failure) = self.end else { return nil }
        return ErrorEvent(
            action: self.job.action, payload: self.job.message.payload, call: self.escort?.accepted.call, failure,
            job: self.record)
    }

    /// What `WHATSAPP_DEAD` keeps; `nil` where the job was sent.
    func deadLetter(of account: AccountName) -> DeadLetter? {
        guard case .dead(let reason, let failure) = self.end else { return nil }
        return DeadLetter(
            account: account, action: self.job.action, payload: self.job.message.payload,
            headers: self.job.message.headers, hasUnreadableHeaders: self.job.message.hasUnreadableHeaders,
            jobID: self.job.id, reason: reason, error: failure.message, code: failure.code, attempts: self.attempts,
            streamSequence: self.job.sequence, storedAt: self.job.delivery.ack.storedAt)
    }
}

extension [NATSHeader] {
    /// The same headers with another value in place of the first of a name, at the end where there was none; nothing is
    /// touched where there is no value.
    fileprivate func replacing(_ name: String, by value: String?) -> [NATSHeader] {
        guard let value else { return self }
        var headers = self
        if let index = headers.firstIndex(where: { $0.name == name }) {
            headers[index] = NATSHeader(name, value)
        } else {
            headers.append(NATSHeader(name, value))
        }
        return headers
    }
}
