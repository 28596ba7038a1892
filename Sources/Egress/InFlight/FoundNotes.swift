import NATSClient

/// What earlier holders of a lane left in its notes, to be matched with the jobs that come again: a value.
///
/// The jobs come in the order of the stream. Once a later one has come, an earlier one that has not is settled, and its
/// notes mean nothing any more.
struct FoundNotes: Sendable {
    /// What is known of one job.
    struct Trace: Hashable, Sendable {
        /// Whether the job may have been sent.
        var isInFlight = false
        /// Whether it was tried again after a try that may have sent it.
        var wasInDoubt = false
        /// Tries that counted before the one the note is about, as far as they are known.
        var attempts = 0
        /// What was put into the job's messages.
        var callbacks: [OwnCallback] = []
        /// When the earliest note that says 'in flight' was stored, by the server's clock.
        var noted: StreamTime?
        /// Where that is written: not to be overwritten before the job is settled.
        var slots: [NoteSlot] = []

        /// Tries that counted, or may have.
        var triesCounted: Int { self.attempts + (self.isInFlight ? 1 : 0) }
    }

    private struct Entry: Sendable {
        let stored: StreamTime
        var trace: Trace
    }

    private var entries: [UInt64: Entry] = [:]
    /// The jobs of `entries`, latest first.
    private var order: [UInt64] = []

    init() {}

    /// - Parameter notes: each with its slot, and when it was stored there.
    init(_ notes: [(note: InFlightNote, slot: NoteSlot, noted: StreamTime)]) {
        for (note, slot, noted) in notes {
            var entry = self.entries[note.job] ?? Entry(stored: note.stored, trace: Trace())
            entry.trace.slots.append(slot)
            entry.trace.attempts = max(entry.trace.attempts, note.attempts)
            if note.wasInDoubt { entry.trace.wasInDoubt = true }
            if note.isInFlight {
                entry.trace.isInFlight = true
                entry.trace.noted = min(entry.trace.noted ?? noted, noted)
            }
            if let callback = note.callback { entry.trace.callbacks.append(callback) }
            self.entries[note.job] = entry
        }
        self.order = self.entries.keys.sorted(by: >)
    }

    /// A job has come.
    ///
    /// - Returns: what is known of it, and the slots whose notes mean nothing any more.
    mutating func arrived(_ job: UInt64, stored: StreamTime) -> (trace: Trace?, freed: [NoteSlot]) {
        var freed: [NoteSlot] = []
        while let earliest = self.order.last, earliest < job {
            self.order.removeLast()
            freed += self.entries.removeValue(forKey: earliest)?.trace.slots ?? []
        }
        guard self.order.last == job, let entry = self.entries.removeValue(forKey: job) else { return (nil, freed) }
        self.order.removeLast()
        // The stream was made anew meanwhile, and its numbers with it.
        guard entry.stored == stored else { return (nil, freed + entry.trace.slots) }
        return (entry.trace, freed)
    }
}
