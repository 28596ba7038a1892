/// What a worker is doing, in one word: a metric's label, and what `status` shows.
enum WorkerState: String, CaseIterable, Sendable {
    case ready
    /// Its process is there, and has not been ready yet.
    case starting
    /// It has been ready, and is not now.
    case unready
    /// It has shown no progress, and is being aborted.
    case stuck
    /// Ended, and to be started again; or its successor is starting.
    case waiting
    /// Restarted too often lately, whatever it is doing; a minute of readiness ends that.
    case failing
    /// Ended because its configuration is wrong; a reload starts it again.
    case down
    /// Told to stop.
    case draining

    init(_ life: ChildLife) {
        self =
            switch life.state {
            case .draining, .killed, .gone: .draining
            case .down: .down
            case _ where life.isFailing: .failing
            case .idle: .starting
            case .running(_?): .ready
            case .running(nil): life.isProcessProven ? .unready : .starting
            case .stuck: .stuck
            case .waiting, .held: .waiting
            }
    }
}
