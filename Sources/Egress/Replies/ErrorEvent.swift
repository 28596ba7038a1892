import JSONBytes

/// What `whatsapp.<name>.error` says: a request or job has failed for good, or an account's lane pauses.
struct ErrorEvent: Hashable, Sendable {
    /// The action token of the subject, as it came.
    let action: String
    let failure: Failure
    /// The body for Graph, or the payload where none was made of it; `nil` where a lane pauses.
    let request: [UInt8]?
    /// Whose job it was; `nil` on the request lane.
    let job: JobRecord?
    /// Whether nothing more will be tried; left out on the request lane, `false` where a lane pauses.
    let isFinal: Bool?

    /// A request that has failed for good, or with `job` a job.
    ///
    /// - Parameters:
    ///   - action: the last token of the subject, as it came.
    ///   - payload: the NATS payload, as it came.
    ///   - call: what became of the payload; `nil` where it was refused.
    init(action: String, payload: [UInt8], call: OutboundCall?, _ failure: Failure, job: JobRecord? = nil) {
        self.action = action
        self.failure = failure
        self.request = call?.call.body ?? payload
        self.job = job
        self.isFinal = job == nil ? nil : true
    }

    /// An account's lane that pauses; it goes on by itself, so nothing is final.
    init(pausedBy failure: Failure, action: String, job: JobRecord? = nil) {
        self.action = action
        self.failure = failure
        self.request = nil
        self.job = job
        self.isFinal = false
    }

    /// The event's JSON, without `request` and with `"truncated":true` where it would be longer than `limit` bytes.
    ///
    /// An error message that is itself too long for that is cut at 512 characters.
    func json(atMost limit: Int) -> [UInt8] {
        let event = self.json(self.failure.message, atMost: limit)
        return event.count <= limit ? event : self.json(String(self.failure.message.prefix(512)), atMost: limit)
    }

    private func json(_ message: String, atMost limit: Int) -> [UInt8] {
        EventText.write(atMost: limit, part: self.request.map { ("request", $0) }) { event in
            event.member("action", string: self.action)
            event.member("code", int: self.failure.code)
            event.member("message", string: message)
            event.member("type", string: self.failure.type)
            if let job = self.job {
                event.member("job_id", string: job.id)
                event.member("attempts", int: job.attempts)
            }
            if let isFinal = self.isFinal { event.member("final", bool: isFinal) }
        }
    }
}

/// A job as events name it.
struct JobRecord: Hashable, Sendable {
    /// Its `Nats-Msg-Id`, else `<stream>:<sequence>`.
    let id: String
    /// How often it was tried, throttling and calls that were never written not counted.
    let attempts: Int
}
