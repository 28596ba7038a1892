/// Sends requests and takes their replies, from one thread: as many are under way as are wanted, until all are answered.
struct RequestExchange {
    private let connection: PlainNATS
    private var outcome = Outcome()
    private var asked: [Int: ContinuousClock.Instant] = [:]

    init(over connection: PlainNATS) {
        self.connection = connection
    }

    /// Returns when every request has a reply, or no reply has come for 90 s.
    mutating func send(_ requests: SendRequests, count: Int, atOnce limit: Int) -> Outcome {
        var next = 0
        while next < count || !self.asked.isEmpty {
            var bytes: [UInt8] = []
            let now = ContinuousClock.now
            while next < count, self.asked.count < limit {
                requests.append(next, to: &bytes)
                self.asked[next] = now
                next += 1
            }
            guard bytes.isEmpty || self.connection.write(bytes), let replies = self.connection.read() else {
                self.outcome.refused += self.asked.count + count - next
                break
            }
            for reply in replies { self.note(reply) }
        }
        return self.outcome
    }

    private mutating func note(_ reply: PlainNATS.Reply) {
        guard let asked = self.asked.removeValue(forKey: reply.number) else { return }
        if reply.isError {
            self.outcome.refused += 1
        } else {
            self.outcome.latencies.append(ContinuousClock.now - asked)
        }
    }
}
