import Addressing
import NATSClient
import Settings
import Synchronization

/// The in-flight notes of one account, in the bucket `WHATSAPP_INFLIGHT`: no job is written to Graph before its note is
/// acknowledged, so whoever holds the lane next knows which jobs may have been sent.
///
/// Each write names the revision it replaces: the late note of a holder that has lost the lane fails, or makes the
/// successor's next write to that slot fail, which then takes another.
final class NoteBook: Sendable {
    static let bucketName = "WHATSAPP_INFLIGHT"

    private struct State {
        var slots = NoteSlots()
        /// How often NATS had come back when a slot was last taken.
        var reconnects = 0
    }

    private let account: AccountName
    private let connection: NATSConnection
    private let bucket: KeyValueBucket
    private let state = Mutex(State())

    init(of account: AccountName, connection: NATSConnection) {
        self.account = account
        self.connection = connection
        self.bucket = KeyValueBucket(Self.bucketName, connection: connection)
    }

    /// Makes the bucket that all accounts share, if it is missing.
    static func makeBucket(on connection: NATSConnection, _ streams: StreamSettings) async throws(NATSError) {
        try await KeyValueBucket(self.bucketName, connection: connection).makeIfMissing(
            maximumAge: nil, storage: streams.storage == .memory ? .memory : .file, replicas: streams.replicas)
    }

    /// Reads what earlier holders have left; for the beginning of a tenure, while no slot is in use here.
    func open() async throws(NATSError) -> FoundNotes {
        let keys = try await self.bucket.keys(matching: "\(self.account.value).*")
        let numbers = keys.compactMap { key in key.split(separator: ".").last.flatMap { Int($0) } }
        var slots = NoteSlots()
        for number in numbers { slots.found(number) }
        var notes: [(note: InFlightNote, slot: NoteSlot, noted: StreamTime)] = []
        for (number, entry) in try await self.entries(of: numbers) {
            let slot = NoteSlot(number: number, revision: entry.revision)
            if let note = InFlightNote(entry.value) {
                notes.append((note, slot, entry.storedAt))
            } else {
                slots.giveBack(slot, at: .now)
            }
        }
        self.state.withLock { [slots] in $0.slots = slots }
        return FoundNotes(notes)
    }

    private func entries(of numbers: [Int]) async throws(NATSError) -> [(Int, KeyValueBucket.Entry)] {
        try await askEach(numbers, atOnce: 256) { number async throws(NATSError) in
            try await self.bucket.value(of: self.key(number)).map { (number, $0) }
        }.compactMap { $0 }
    }

    func take() -> NoteSlot {
        let reconnects = self.connection.reconnects
        return self.state.withLock { state in
            if state.reconnects != reconnects {
                state.reconnects = reconnects
                state.slots.restAnew(at: .now)
            }
            return state.slots.take(at: .now)
        }
    }

    /// Takes back a slot whose note no longer matters.
    func giveBack(_ slot: NoteSlot) {
        self.state.withLock { $0.slots.giveBack(slot, at: .now) }
    }

    /// Writes a note into a slot; returns when it is acknowledged.
    ///
    /// - Parameter slot: its revision becomes the note's, or `nil` where no answer came. Where another has written to
    ///   the slot, it becomes a fresh one: the other's note stays.
    /// - Throws: `NATSError` where the note is not, or not certainly, stored.
    func write(_ note: InFlightNote, in slot: inout NoteSlot) async throws(NATSError) {
        let revision: UInt64
        if let known = slot.revision {
            revision = known
        } else {
            revision = try await self.bucket.value(of: self.key(slot.number))?.revision ?? 0
        }
        slot.revision = nil
        switch try await self.bucket.update(self.key(slot.number), value: note.json, after: revision) {
        case .made(let made): slot.revision = made
        case .conflict:
            slot = self.take()
            throw NATSError(.refused, "another worker has written to slot \(slot.number) of \(Self.bucketName)")
        }
    }

    /// Whether a note in one of the slots still says that a job is in flight, or that cannot be told.
    ///
    /// An earlier holder that has not ended, but was stopped before it wrote the job, takes its note back when it comes
    /// to itself.
    func saysInFlight(_ job: UInt64, in slots: [NoteSlot]) async -> Bool {
        for slot in slots {
            do throws(NATSError) {
                let note = try await self.bucket.value(of: self.key(slot.number)).flatMap { InFlightNote($0.value) }
                if let note, note.job == job, note.isInFlight { return true }
            } catch {
                return true
            }
        }
        return false
    }

    /// When the note in a slot was stored, by the server's clock; `nil` where that cannot be told.
    func noted(in slot: NoteSlot) async -> StreamTime? {
        try? await self.bucket.value(of: self.key(slot.number))?.storedAt
    }

    private func key(_ slot: Int) -> String { "\(self.account.value).\(slot)" }
}
