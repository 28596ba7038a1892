import NIOCore

/// Who holds how much of a bounded number of bytes, and who waits for some, as a value.
///
/// First come, first served: nobody passes one that waits, however little it asks for, so that large bodies get their
/// turn.
struct BudgetLedger {
    typealias Place = UInt64

    /// May fall below what is held: nothing is given then until enough has come back.
    var capacity: Int
    private(set) var held = 0
    private var amounts: [Place: Int] = [:]
    /// Places in order; those missing from `amounts` have left.
    private var order = CircularBuffer<Place>()
    private var nextPlace: Place = 0

    init(capacity: Int) {
        self.capacity = capacity
    }

    var isAnyoneWaiting: Bool { !self.amounts.isEmpty }

    /// Takes the bytes if they are free and nobody waits.
    mutating func reserve(_ amount: Int) -> Bool {
        guard self.amounts.isEmpty, self.fits(amount) else { return false }
        self.held += amount
        return true
    }

    /// Queues up for bytes.
    mutating func wait(for amount: Int) -> Place {
        defer { self.nextPlace += 1 }
        self.amounts[self.nextPlace] = amount
        self.order.append(self.nextPlace)
        return self.nextPlace
    }

    /// Leaves the queue; false when the bytes were granted before, and are to be released.
    mutating func leave(_ place: Place) -> Bool {
        self.amounts.removeValue(forKey: place) != nil
    }

    /// Gives bytes back.
    mutating func release(_ amount: Int) {
        precondition(amount <= self.held, "bytes that were never reserved cannot be released")
        self.held -= amount
    }

    /// The next in the queue whose bytes are free now: they are its own from here on.
    mutating func grantNext() -> Place? {
        while let place = self.order.first {
            guard let amount = self.amounts[place] else {
                self.order.removeFirst()
                continue
            }
            guard self.fits(amount) else { return nil }
            self.order.removeFirst()
            self.amounts[place] = nil
            self.held += amount
            return place
        }
        return nil
    }

    /// Whoever asks for more than there is at all gets it when nobody else holds any.
    private func fits(_ amount: Int) -> Bool {
        amount <= self.capacity - self.held || self.held == 0
    }
}
