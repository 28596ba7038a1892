/// A place for one in-flight note at a time.
struct NoteSlot: Hashable, Sendable {
    let number: Int
    /// The revision of what it holds, which the next write has to name: 0 for nothing; `nil` where a write got no
    /// answer, so that it has to be looked up.
    var revision: UInt64?
}

/// Which of an account's slots are free: a value.
///
/// Slots are used again, the one free longest first, and nothing has to be deleted. None is used again before it has
/// rested: a crash of nats-server may bring back a job that was acked seconds ago, and then its note has to be there
/// still. So there are never many more than calls in flight at once and calls made in 10 s.
struct NoteSlots: Sendable {
    static let rest = SettledJobs.danger

    private struct Resting {
        let slot: NoteSlot
        var since: ContinuousClock.Instant
    }

    /// The one free longest first.
    private var free: [Resting] = []
    /// How many of `free` have been taken again; they are cut off now and then.
    private var taken = 0
    private var next = 0

    /// Counts a slot that was found; new ones get numbers above all of these.
    mutating func found(_ number: Int) {
        self.next = max(self.next, number + 1)
    }

    mutating func take(at now: ContinuousClock.Instant) -> NoteSlot {
        if self.taken < self.free.count, self.free[self.taken].since + Self.rest <= now {
            self.taken += 1
            let slot = self.free[self.taken - 1].slot
            if self.taken >= 256, self.taken * 2 > self.free.count {
                self.free.removeFirst(self.taken)
                self.taken = 0
            }
            return slot
        }
        self.next += 1
        return NoteSlot(number: self.next - 1, revision: 0)
    }

    /// Takes back a slot whose note no longer matters, unless a crash brings its job back.
    mutating func giveBack(_ slot: NoteSlot, at now: ContinuousClock.Instant) {
        self.free.append(Resting(slot: slot, since: now))
    }

    /// NATS was away: what rests begins anew, so that what came back with it can be found.
    mutating func restAnew(at now: ContinuousClock.Instant) {
        for index in self.taken..<self.free.count { self.free[index].since = now }
    }
}
