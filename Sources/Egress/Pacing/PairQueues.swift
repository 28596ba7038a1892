/// The recipient pairs of an account that something waits for, or that are remembered; each has a number for as long, by
/// which it is found at once.
struct PairQueues: Sendable {
    private var numbers: [String: Int] = [:]
    private var queues: [PairQueue] = []
    private var free: [Int] = []

    var count: Int { self.numbers.count }

    /// The number of a pair, which has a queue from now on.
    mutating func number(of key: String) -> Int {
        if let number = self.numbers[key] { return number }
        let number: Int
        if let reused = self.free.popLast() {
            number = reused
            self.queues[number] = PairQueue(key: key)
        } else {
            number = self.queues.count
            self.queues.append(PairQueue(key: key))
        }
        self.numbers[key] = number
        return number
    }

    subscript(number: Int) -> PairQueue {
        _read { yield self.queues[number] }
        _modify { yield &self.queues[number] }
    }

    /// Its number may be another's from now on.
    mutating func forget(_ number: Int) {
        self.numbers[self.queues[number].key] = nil
        self.queues[number] = PairQueue(key: "")
        self.free.append(number)
    }
}
