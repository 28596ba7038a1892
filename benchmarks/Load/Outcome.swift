/// What became of the load: how long each success took, and how much was refused.
struct Outcome: Sendable {
    var latencies: [Duration] = []
    var refused = 0

    mutating func add(_ other: Outcome) {
        self.latencies += other.latencies
        self.refused += other.refused
    }
}
