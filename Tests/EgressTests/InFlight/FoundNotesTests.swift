import NATSClient
import Testing

@testable import Egress

@Suite struct FoundNotesTests {
    private static let callbacks = ["wa1:00000000000000010000000000000001", "wa1:00000000000000020000000000000002"]
        .compactMap { OwnCallback($0) }

    private static func note(
        _ job: UInt64, stored: Int = 100, attempts: Int = 0, inFlight: Bool = true, callback: OwnCallback? = nil
    ) -> InFlightNote {
        InFlightNote(
            job: job, stored: StreamTime(seconds: stored), attempts: attempts, isInFlight: inFlight, callback: callback)
    }

    private static func slot(_ number: Int) -> NoteSlot { NoteSlot(number: number, revision: UInt64(number)) }

    @Test func `A job with a note that says in flight may have been sent`() throws {
        var notes = FoundNotes([(Self.note(7, attempts: 2), Self.slot(0), StreamTime(seconds: 150))])
        let trace = try #require(notes.arrived(7, stored: StreamTime(seconds: 100)).trace)
        #expect(trace.isInFlight)
        #expect(trace.triesCounted == 3)
        #expect(trace.noted == StreamTime(seconds: 150))
        #expect(trace.slots == [Self.slot(0)])
    }

    @Test func `A job whose note was taken back was not sent, and its tries are remembered`() throws {
        var notes = FoundNotes([(Self.note(7, attempts: 2, inFlight: false), Self.slot(0), StreamTime(seconds: 150))])
        let trace = try #require(notes.arrived(7, stored: StreamTime(seconds: 100)).trace)
        #expect(!trace.isInFlight && trace.triesCounted == 2)
    }

    @Test func `That an earlier try may have sent a job is not forgotten when a later one was refused`() throws {
        var note = Self.note(7, attempts: 2, inFlight: false)
        note.wasInDoubt = true
        var notes = FoundNotes([(note, Self.slot(0), StreamTime(seconds: 150))])
        let trace = try #require(notes.arrived(7, stored: StreamTime(seconds: 100)).trace)
        #expect(trace.wasInDoubt && !trace.isInFlight)
    }

    @Test func `A job without a note was not sent`() {
        var notes = FoundNotes([(Self.note(7), Self.slot(0), StreamTime(seconds: 150))])
        #expect(notes.arrived(6, stored: StreamTime(seconds: 100)) == (nil, []))
        #expect(notes.arrived(7, stored: StreamTime(seconds: 100)).trace != nil)
        #expect(notes.arrived(8, stored: StreamTime(seconds: 100)) == (nil, []))
    }

    @Test func `Two holders' notes of one job are taken together`() throws {
        var notes = FoundNotes([
            (Self.note(7, attempts: 1, callback: Self.callbacks[0]), Self.slot(3), StreamTime(seconds: 160)),
            (
                Self.note(7, attempts: 2, inFlight: false, callback: Self.callbacks[1]), Self.slot(1),
                StreamTime(seconds: 150)
            ),
        ])
        let trace = try #require(notes.arrived(7, stored: StreamTime(seconds: 100)).trace)
        #expect(trace.isInFlight)
        #expect(trace.attempts == 2)
        #expect(Set(trace.callbacks) == Set(Self.callbacks))
        #expect(trace.noted == StreamTime(seconds: 160), "the time of the note that says in flight")
        #expect(Set(trace.slots) == [Self.slot(1), Self.slot(3)])
    }

    @Test func `Once a later job has come, the notes of earlier ones mean nothing`() {
        var notes = FoundNotes(
            (1...4).map { (Self.note(UInt64($0)), Self.slot($0), StreamTime(seconds: 150)) })
        let (trace, freed) = notes.arrived(3, stored: StreamTime(seconds: 100))
        #expect(trace?.slots == [Self.slot(3)])
        #expect(Set(freed) == [Self.slot(1), Self.slot(2)])
        #expect(notes.arrived(9, stored: StreamTime(seconds: 100)).freed == [Self.slot(4)])
    }

    @Test func `A note of a job that another stream of the name had is not this job's`() {
        var notes = FoundNotes([(Self.note(7, stored: 50), Self.slot(0), StreamTime(seconds: 60))])
        let (trace, freed) = notes.arrived(7, stored: StreamTime(seconds: 100))
        #expect(trace == nil)
        #expect(freed == [Self.slot(0)])
    }
}
