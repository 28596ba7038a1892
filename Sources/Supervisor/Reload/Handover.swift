/// One group of workers on its way to another one, as a value: it says when the new ones may take over.
struct Handover {
    /// So long the newcomers may take until all of them are ready.
    static let patience = Duration.seconds(10)

    enum Verdict: Equatable {
        /// To be asked again.
        case open
        /// Every newcomer is ready: the old ones drain.
        case won
        /// The newcomers stop, the old ones stay.
        case lost(worker: String, reason: String)
    }

    /// What there is to know of a newcomer.
    enum Progress: Equatable {
        case starting(status: String?)
        case ready
        /// Its process has ended, or could not be started.
        case ended
    }

    let old: [WorkerID]
    let new: [(id: WorkerID, name: String)]
    private(set) var deadline: ContinuousClock.Instant

    init(from old: [WorkerID], to new: [(id: WorkerID, name: String)], at now: ContinuousClock.Instant) {
        self.old = old
        self.new = new
        self.deadline = now + Self.patience
    }

    /// The supervisor was paused for a while: the newcomers have all their time again.
    mutating func resume(at now: ContinuousClock.Instant) {
        self.deadline = now + Self.patience
    }

    func verdict(at now: ContinuousClock.Instant, _ progress: (WorkerID) -> Progress) -> Verdict {
        var slow: Verdict?
        for (id, name) in self.new {
            switch progress(id) {
            case .ready: break
            case .ended: return .lost(worker: name, reason: "the new worker ended before it was ready")
            case .starting(let status):
                let why = status.map { ": \($0)" } ?? ""
                slow = slow ?? .lost(worker: name, reason: "the new worker was not ready in \(Self.patience)\(why)")
            }
        }
        guard let slow else { return .won }
        return now >= self.deadline ? slow : .open
    }
}
