import Testing

@testable import Egress

@Suite struct NoteSlotsTests {
    @Test func `New slots are numbered from 0, above those that were found`() {
        var slots = NoteSlots()
        #expect([slots.take(), slots.take()].map(\.number) == [0, 1])
        slots.found(7)
        #expect(slots.take() == NoteSlot(number: 8, revision: 0))
    }

    @Test func `The slot that has been free longest is used again first, with its revision`() {
        var slots = NoteSlots()
        let taken = (0..<3).map { _ in slots.take() }
        for slot in taken.reversed() {
            slots.giveBack(NoteSlot(number: slot.number, revision: UInt64(slot.number) + 9))
        }
        #expect(slots.take() == NoteSlot(number: 2, revision: 11))
        #expect(slots.take() == NoteSlot(number: 1, revision: 10))
    }

    @Test func `There are never more slots than were in use at once`() {
        var slots = NoteSlots()
        for round in 1...10_000 {
            let taken = (0..<(1 + round % 5)).map { _ in slots.take() }
            #expect(taken.allSatisfy { $0.number < 5 })
            for slot in taken { slots.giveBack(slot) }
        }
    }
}
