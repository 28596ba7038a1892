import Testing

@testable import Egress

@Suite struct NoteSlotsTests {
    private let start = ContinuousClock.now

    @Test func `New slots are numbered from 0, above those that were found`() {
        var slots = NoteSlots()
        #expect([slots.take(at: self.start), slots.take(at: self.start)].map(\.number) == [0, 1])
        slots.found(7)
        #expect(slots.take(at: self.start) == NoteSlot(number: 8, revision: 0))
    }

    @Test func `The slot that has been free longest is used again first, with its revision`() {
        var slots = NoteSlots()
        let taken = (0..<3).map { _ in slots.take(at: self.start) }
        for slot in taken.reversed() {
            slots.giveBack(NoteSlot(number: slot.number, revision: UInt64(slot.number) + 9), at: self.start)
        }
        let rested = self.start + NoteSlots.rest
        #expect(slots.take(at: rested) == NoteSlot(number: 2, revision: 11))
        #expect(slots.take(at: rested) == NoteSlot(number: 1, revision: 10))
    }

    @Test func `A slot rests before it is used again, and anew when NATS was away`() {
        var slots = NoteSlots()
        let slot = slots.take(at: self.start)
        slots.giveBack(slot, at: self.start)
        #expect(slots.take(at: self.start + NoteSlots.rest - .milliseconds(1)).number == 1)
        slots.restAnew(at: self.start + .seconds(8))
        #expect(slots.take(at: self.start + NoteSlots.rest).number == 2)
        #expect(slots.take(at: self.start + .seconds(8) + NoteSlots.rest).number == slot.number)
    }

    @Test func `There are never more slots than were in use or at rest at once`() {
        var slots = NoteSlots()
        for round in 1...10_000 {
            let now = self.start + NoteSlots.rest * round / 10
            let taken = (0..<(1 + round % 5)).map { _ in slots.take(at: now) }
            #expect(taken.allSatisfy { $0.number < 35 })
            for slot in taken { slots.giveBack(slot, at: now) }
        }
    }
}
