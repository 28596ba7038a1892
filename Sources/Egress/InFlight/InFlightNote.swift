import JSONBytes
import NATSClient

/// What is written down of a job before it is written to Graph, for whoever holds the lane next.
///
/// `{"job":41,"stored":1763830000000000000,"attempts":0,"in_flight":true,"callback":"wa1:…"}`
struct InFlightNote: Hashable, Sendable {
    /// The job's place in `WHATSAPP_OUT`.
    let job: UInt64
    /// When the job was stored: a stream that is made anew counts from 1 again.
    let stored: StreamTime
    /// Tries that counted before this one.
    var attempts: Int
    /// Whether the job may have been sent: it may have been written to Graph, and no answer says that it was refused.
    var isInFlight: Bool
    /// By which a status webhook may tell that it was sent.
    let callback: OwnCallback?
    /// Whether an earlier try may have sent the job, and it was tried again all the same.
    var wasInDoubt = false

    init(
        job: UInt64, stored: StreamTime, attempts: Int, isInFlight: Bool, callback: OwnCallback?,
        wasInDoubt: Bool = false
    ) {
        self.job = job
        self.stored = stored
        self.attempts = attempts
        self.isInFlight = isInFlight
        self.callback = callback
        self.wasInDoubt = wasInDoubt
    }

    /// Reads what a slot holds; `nil` for what this gateway has not written.
    init?(_ bytes: [UInt8]) {
        guard let note = try? JSONDocument(validating: bytes).root, let job = note["job"]?.int, job > 0,
            let stored = note["stored"]?.int, let attempts = note["attempts"]?.int, attempts >= 0,
            let isInFlight = note["in_flight"]?.bool
        else { return nil }
        self.init(
            job: UInt64(job), stored: StreamTime(nanoseconds: stored), attempts: attempts, isInFlight: isInFlight,
            callback: note["callback"]?.string.flatMap { OwnCallback($0) },
            wasInDoubt: note["was_in_doubt"]?.bool ?? false)
    }

    var json: [UInt8] {
        var writer = JSONWriter()
        writer.object { note in
            note.member("job", int: Int(self.job))
            note.member("stored", int: self.stored.nanoseconds)
            note.member("attempts", int: self.attempts)
            note.member("in_flight", bool: self.isInFlight)
            if self.wasInDoubt { note.member("was_in_doubt", bool: true) }
            if let callback = self.callback { note.member("callback", string: callback.text) }
        }
        return writer.bytes
    }
}
