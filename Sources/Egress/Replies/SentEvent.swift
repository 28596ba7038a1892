import JSONBytes

/// What `whatsapp.<name>.sent` says: a job was accepted by Meta.
struct SentEvent: Hashable, Sendable {
    let action: Action
    let job: JobRecord
    /// The `biz_opaque_callback_data` by which its status webhooks are known; `nil` (`null` in the event) without one.
    let callback: String?
    /// Graph's answer; `nil` (`null` in the event) where it was lost, and a status webhook told that it was sent.
    let response: [UInt8]?

    /// The event's JSON, without `response` and with `"truncated":true` where it would be longer than `limit` bytes.
    func json(atMost limit: Int) -> [UInt8] {
        EventText.write(atMost: limit, part: ("response", self.response ?? Array("null".utf8))) { event in
            event.member("action", string: self.action.rawValue)
            event.member("job_id", string: self.job.id)
            event.member("attempts", int: self.job.attempts)
            if let callback = self.callback {
                event.member("callback", string: callback)
            } else {
                event.member("callback", raw: "null".utf8)
            }
        }
    }
}
