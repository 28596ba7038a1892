/// Which workers have a deadline, and who is next, as a value: a heap in which a deadline that moves later stays where
/// it is until its first time has come.
///
/// A sign of life moves a deadline later, thousands of them a minute; none of them costs anything here.
struct DeadlineQueue {
    private struct Entry {
        let time: ContinuousClock.Instant
        let id: WorkerID
    }

    /// A binary heap: no entry is later than those at twice its index and one or two more.
    private var heap: [Entry] = []
    /// The earliest entry of each.
    private var earliest: [WorkerID: ContinuousClock.Instant] = [:]

    /// The time of the next look; nil when nothing is waited for.
    var next: ContinuousClock.Instant? { self.heap.first?.time }

    /// Sees to it that the worker is returned by `taken` at this time or earlier.
    mutating func note(_ time: ContinuousClock.Instant, of id: WorkerID) {
        if let known = self.earliest[id], known <= time { return }
        self.earliest[id] = time
        self.heap.append(Entry(time: time, id: id))
        self.moveUp(self.heap.count - 1)
    }

    /// Takes out the next worker whose time may have come; nil when there is none. To be noted again where it has not.
    mutating func take(at now: ContinuousClock.Instant) -> WorkerID? {
        while let first = self.heap.first, first.time <= now {
            self.removeFirst()
            // Another, earlier one has been taken before.
            guard self.earliest[first.id] == first.time else { continue }
            self.earliest[first.id] = nil
            return first.id
        }
        return nil
    }

    private mutating func removeFirst() {
        let last = self.heap.removeLast()
        guard !self.heap.isEmpty else { return }
        self.heap[0] = last
        self.moveDown()
    }

    private mutating func moveUp(_ start: Int) {
        var index = start
        while index > 0, self.heap[index].time < self.heap[(index - 1) / 2].time {
            self.heap.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    private mutating func moveDown() {
        var index = 0
        while true {
            let children = (2 * index + 1...2 * index + 2).filter { $0 < self.heap.count }
            guard let child = children.min(by: { self.heap[$0].time < self.heap[$1].time }),
                self.heap[child].time < self.heap[index].time
            else { return }
            self.heap.swapAt(index, child)
            index = child
        }
    }
}
