import NATSClient

/// The jobs that the holder of a lane has pulled and not settled: a value.
///
/// They are in lots by their place in the stream; each tick extends the acks of one lot, and a round of all lots takes
/// 10 s, a third of what an ack has.
struct HeldJobs: Sendable {
    /// How often to ask for the acks to be extended.
    static let tick = Duration.milliseconds(500)
    /// How many bytes of jobs may be held.
    static let maximumBytes = 64 << 20
    private static let lotCount = 20

    private struct Entry: Sendable {
        var ack: AckSubject
        let size: Int
    }

    private let limit: Int
    private var lots = Array(repeating: [UInt64: Entry](), count: Self.lotCount)
    private var nextLot = 0
    private(set) var count = 0
    private(set) var bytes = 0

    /// - Parameter limit: how many jobs may be held (`EGRESS_MAX_HELD`).
    init(limit: Int) {
        self.limit = limit
    }

    /// Whether nothing more may be pulled, or not much.
    func isFull(largest: Int) -> Bool { self.room(largest: largest) == 0 }

    /// How many more may be pulled.
    ///
    /// - Parameter largest: the largest that a job can be, in bytes: all that are pulled may be as large.
    func room(largest: Int) -> Int {
        max(0, min(self.limit - self.count, (Self.maximumBytes - self.bytes) / max(1, largest)))
    }

    /// Takes a job in; one that is held already gets its new ack subject.
    ///
    /// - Returns: whether it is new.
    mutating func hold(_ job: Job) -> Bool {
        let lot = Self.lot(of: job.sequence)
        guard self.lots[lot][job.sequence] == nil else {
            self.lots[lot][job.sequence]?.ack = job.delivery.ack
            return false
        }
        self.lots[lot][job.sequence] = Entry(ack: job.delivery.ack, size: job.size)
        self.count += 1
        self.bytes += job.size
        return true
    }

    /// The subject on which a job is acked: that of its latest delivery. `nil` where it is not held.
    func ack(of sequence: UInt64) -> AckSubject? {
        self.lots[Self.lot(of: sequence)][sequence]?.ack
    }

    /// The places of all that are held.
    var sequences: Set<UInt64> { self.lots.reduce(into: []) { $0.formUnion($1.keys) } }

    /// Lets a job go.
    mutating func release(_ sequence: UInt64) {
        guard let entry = self.lots[Self.lot(of: sequence)].removeValue(forKey: sequence) else { return }
        self.count -= 1
        self.bytes -= entry.size
    }

    /// A tick: the acks to be extended now.
    mutating func takeDue() -> [AckSubject] {
        defer { self.nextLot = (self.nextLot + 1) % Self.lotCount }
        return self.lots[self.nextLot].values.map(\.ack)
    }

    private static func lot(of sequence: UInt64) -> Int { Int(sequence % UInt64(Self.lotCount)) }
}
