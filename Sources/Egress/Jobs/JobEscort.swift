import NATSClient
import Synchronization
import TraceContext

/// Goes with one job through its tries: notes each before it is written, and takes the note back when Meta has
/// certainly not accepted it.
final class JobEscort: SendEscort {
    private struct State {
        /// Where the note is, from the first try to the end of the job.
        var slot: NoteSlot?
        var callback: OwnCallback?
        /// Whether a note may say 'in flight'.
        var isNoted: Bool
        /// Tries so far, the one that is under way included.
        var attempts: Int
        /// Whether it may be that: leave to write was granted, and nothing says that Meta has not accepted it.
        var isGranted: Bool
        /// Whether an earlier try may have sent it.
        var wasInDoubt: Bool
    }

    let accepted: AcceptedJob
    /// From its delivery to its settlement.
    let span: TraceSpan
    /// When it is too late to write it; `nil`: never.
    let expires: ContinuousClock.Instant?
    /// What an earlier holder knew of it.
    let trace: FoundNotes.Trace?
    private let tenure: Tenure
    private let notes: NoteBook
    private let inDoubt: @Sendable (JobEscort, SendTicket, CallResult?) -> Void
    private let state: Mutex<State>

    /// - Parameter inDoubt: called when the job is in doubt, from any thread; returns at once.
    init(
        _ accepted: AcceptedJob, span: TraceSpan, expires: ContinuousClock.Instant?, trace: FoundNotes.Trace?,
        tenure: Tenure,
        notes: NoteBook, inDoubt: @escaping @Sendable (JobEscort, SendTicket, CallResult?) -> Void
    ) {
        self.accepted = accepted
        self.span = span
        self.expires = expires
        self.trace = trace
        self.tenure = tenure
        self.notes = notes
        self.inDoubt = inDoubt
        self.state = Mutex(
            State(
                slot: trace?.slots.first, callback: trace?.callbacks.first, isNoted: trace?.isInFlight ?? false,
                attempts: trace?.triesCounted ?? 0, isGranted: trace?.isInFlight ?? false,
                wasInDoubt: trace?.wasInDoubt ?? false))
    }

    /// What the job's events name its message by: the bot's value, or the gateway's own.
    var callback: String? {
        if case .chosen(let value) = self.accepted.call.callback { return value }
        return self.state.withLock { $0.callback?.text }
    }

    /// By which a status webhook may tell that the job was sent.
    var ownCallbacks: [OwnCallback] {
        let own = self.state.withLock { $0.callback }
        return (self.trace?.callbacks ?? []) + (own.map { [$0] } ?? [])
    }

    /// It may have been sent, and is tried again all the same.
    func triedAgainInDoubt() {
        self.state.withLock { $0.wasInDoubt = true }
    }

    /// What a dead letter gives as reason: whoever replays it has to know that it may have been sent.
    func reason(_ reason: DeadReason) -> DeadReason {
        self.state.withLock { $0.wasInDoubt } ? .unknownOutcome : reason
    }

    /// Tries so far that counted, or may have.
    var attempts: Int { self.state.withLock { $0.attempts } }

    func leave(toWrite call: GraphCall, attempt: Int) async -> WriteLeave {
        let prepared = self.prepare(attempt)
        var slot = prepared.slot
        let callback = prepared.callback
        guard !self.tenure.isOver else { return .denied(reason: "the lease of the queue lane is over") }
        let job = self.accepted.job
        let note = InFlightNote(
            job: job.sequence, stored: job.delivery.ack.storedAt, attempts: attempt - 1, isInFlight: true,
            callback: callback, wasInDoubt: prepared.wasInDoubt)
        do throws(NATSError) {
            try await self.notes.write(note, in: &slot)
            self.keep(slot, isGranted: true)
        } catch {
            self.keep(slot, isGranted: false)
            return .denied(reason: "no in-flight note: \(error)")
        }
        let writeBy = self.expires.map { min($0, self.tenure.writeBy) } ?? self.tenure.writeBy
        return .granted(callback.map { call.carrying($0) } ?? call, writeBy: writeBy)
    }

    func unsent(attempts: Int) async {
        guard var slot = self.state.withLock({ $0.isNoted ? $0.slot : nil }) else { return }
        let job = self.accepted.job
        let note = InFlightNote(
            job: job.sequence, stored: job.delivery.ack.storedAt, attempts: attempts, isInFlight: false,
            callback: self.state.withLock { $0.callback }, wasInDoubt: self.state.withLock { $0.wasInDoubt })
        do throws(NATSError) {
            try await self.notes.write(note, in: &slot)
            self.notes.giveBack(slot)
            self.state.withLock { state in
                state.slot = nil
                state.isNoted = false
                state.isGranted = false
            }
        } catch {
            self.keep(slot, isGranted: false)
        }
    }

    /// The job goes back to the stream: a note that says 'in flight' stays where that may be so, and is taken back
    /// where it is not.
    func withdrawn() async {
        if self.state.withLock({ $0.isNoted && !$0.isGranted }) { await self.unsent(attempts: 0) }
    }

    func doubted(_ ticket: SendTicket, last: CallResult?) {
        self.inDoubt(self, ticket, last)
    }

    /// The server's time at which the earliest note that matters was stored.
    func noted() async -> StreamTime {
        if let noted = self.trace?.noted { return noted }
        // A job is never sent before it is stored.
        let stored = self.accepted.job.delivery.ack.storedAt
        guard let slot = self.state.withLock({ $0.slot }) else { return stored }
        return await self.notes.noted(in: slot) ?? stored
    }

    /// The job is settled, or never was in flight: its notes mean nothing any more.
    func freeSlots() {
        let slot = self.state.withLock { state in
            defer { state.slot = nil }
            return state.slot
        }
        if let slot { self.notes.giveBack(slot) }
        for slot in self.trace?.slots.dropFirst() ?? [] { self.notes.giveBack(slot) }
    }

    private func prepare(_ attempt: Int) -> (slot: NoteSlot, callback: OwnCallback?, wasInDoubt: Bool) {
        let slot = self.state.withLock { $0.slot } ?? self.notes.take()
        return self.state.withLock { state in
            state.slot = slot
            state.attempts = attempt
            if state.callback == nil, self.accepted.call.callback == .open {
                var random = SystemRandomNumberGenerator()
                state.callback = .random(using: &random)
            }
            return (slot, state.callback, state.wasInDoubt)
        }
    }

    private func keep(_ slot: NoteSlot, isGranted: Bool) {
        self.state.withLock { state in
            state.slot = slot
            state.isNoted = true
            state.isGranted = isGranted
        }
    }
}
