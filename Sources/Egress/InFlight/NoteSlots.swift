/// A place for one in-flight note at a time.
struct NoteSlot: Hashable, Sendable {
    let number: Int
    /// The revision of what it holds, which the next write has to name: 0 for nothing; `nil` where a write got no
    /// answer, so that it has to be looked up.
    var revision: UInt64?
}

/// Which of an account's slots are free: a value.
///
/// Slots are used again, the one free longest first, so there are never many more than calls in flight at once, and
/// nothing has to be deleted.
struct NoteSlots: Sendable {
    private var free: [NoteSlot] = []
    /// How many of `free` have been taken again; they are cut off now and then.
    private var taken = 0
    private var next = 0

    /// Counts a slot that was found; new ones get numbers above all of these.
    mutating func found(_ number: Int) {
        self.next = max(self.next, number + 1)
    }

    mutating func take() -> NoteSlot {
        if self.taken < self.free.count {
            self.taken += 1
            let slot = self.free[self.taken - 1]
            if self.taken >= 256, self.taken * 2 > self.free.count {
                self.free.removeFirst(self.taken)
                self.taken = 0
            }
            return slot
        }
        self.next += 1
        return NoteSlot(number: self.next - 1, revision: 0)
    }

    /// Takes back a slot whose note no longer matters.
    mutating func giveBack(_ slot: NoteSlot) {
        self.free.append(slot)
    }
}
