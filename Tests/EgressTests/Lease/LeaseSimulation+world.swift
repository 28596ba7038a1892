@testable import Egress

/// What the contenders live in: the store, the network, and what befalls them.
extension LeaseSimulation {
    /// A process begins in place of an earlier one.
    mutating func isBorn(_ index: Int, after delay: Duration) {
        let now = self.now
        let number = UInt64.random(in: .min ... .max, using: &self.random)
        var contender = Contender(worker: WorkerID(host: "host\(index)", number: number), stillUntil: now + delay)
        contender.life = self.contenders[index].life + 1
        contender.contest = Contest(of: contender.worker, at: now + delay, using: &self.random)
        self.contenders[index] = contender
        self.queue.set(index, now + delay)
    }

    mutating func arrives(_ request: Request) {
        if let stored, stored.endsAt <= self.now { self.stored = nil }
        var answer = Answer.found(self.stored?.found)
        if let write = request.write {
            for index in self.contenders.indices where index != request.from && !self.chance(0.1) {
                let life = self.contenders[index].life
                self.schedule(.heard(index, life: life, write.record), after: self.latency())
            }
            if write.after == self.stored?.found.revision ?? 0 {
                self.sequence += 1
                // Servers' clocks run apart by a little less than the holder's margin.
                let skew = Duration.seconds(self.isFaulty ? Double.random(in: -0.9...0.3, using: &self.random) : 0.25)
                self.stored = (
                    FoundLease(revision: self.sequence, record: write.record),
                    self.now + LeaseTerm.standard.length + skew
                )
                answer = .stored(self.sequence)
            } else {
                answer = .refused
            }
        }
        guard !self.chance(0.05) else { return }
        self.schedule(.answered(request.from, request: request.number, answer), after: self.latency())
    }

    // MARK: Mischief

    mutating func mischiefHappens() {
        let holder = self.contenders.indices.first { self.contenders[$0].holding != nil }
        let index =
            Int.random(in: 0..<4, using: &self.random) == 0
            ? Int.random(in: 0..<self.contenders.count, using: &self.random) : holder ?? 0
        let length = Duration.seconds(.random(in: 0.2...8, using: &self.random))
        switch self.mischief.randomElement(using: &self.random) ?? .die {
        case .standStill: self.contenders[index].stillUntil = max(self.contenders[index].stillUntil, self.now + length)
        case .die:
            guard let holder else { return }
            self.died = self.now
            self.isBorn(holder, after: .seconds(1))
        case .stop: self.ends(index, .stopped)
        case .handOver:
            let others = self.contenders.indices.filter { $0 != index }
            guard let other = others.randomElement(using: &self.random) else { return }
            self.ends(index, .handOver(to: self.contenders[other].worker))
        case .outage: self.outageUntil = self.now + length
        }
    }
}
